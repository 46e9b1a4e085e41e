import { existsSync } from 'node:fs';

const ANNOUNCED = 'APOLLO_E2E_RUNNING';
const LATER = 'APOLLO_LATER_RELEASE';

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

/**
 * Whether this process is one of the later release: a file says so, which is there or not when the process begins,
 * since a platform starts a process anew with the environment it had.
 */
export function isOfLaterRelease(): boolean {
  const file = process.env[LATER];
  return file !== undefined && existsSync(file);
}

/**
 * The environment of a program that is of the later release while a file is there. @param module URL of what makes it
 * so
 */
export function releaseEnvironment(module: string, file: string): Record<string, string> {
  return { NODE_OPTIONS: `--import=${module}`, [LATER]: file };
}
