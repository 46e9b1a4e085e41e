const ANNOUNCED = 'APOLLO_E2E_RUNNING';

/** Path of the running platform's description, set by the global set-up. */
export function runningFile(): string {
  const path = process.env[ANNOUNCED];
  if (!path) throw new Error('No platform runs for this spec: build (npx tsc -b), and name it .e2e.spec.ts.');
  return path;
}

/** Hands the path to the workers that run the specs. */
export function announceRunningFile(path: string): void {
  process.env[ANNOUNCED] = path;
}

/** The environment in which an operator's command finds this run's platform. */
export function operatorEnvironment(dir: string): NodeJS.ProcessEnv {
  return { ...process.env, APOLLO_DIR: dir };
}
