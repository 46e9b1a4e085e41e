const ANNOUNCED = 'APOLLO_TEST_SERVERS';

/** A superuser URL of a server of one's own, to run the integration specs against. */
export function externalDatabase(): string | undefined {
  return process.env['DATABASE_URL'] || undefined;
}

/** Path of the description of this run's servers, set by the global set-up. */
export function serversFile(): string {
  const path = process.env[ANNOUNCED];
  if (!path) throw new Error('No servers were started for this spec: build (npx tsc -b), and name it .int.spec.ts.');
  return path;
}

/** Which of Jest's workers this process is, counted from 1. */
export function workerNumber(): number {
  return Number(process.env['JEST_WORKER_ID'] ?? 1);
}

/** Hands the path to the workers that run the specs; they inherit the environment. */
export function announceServersFile(path: string): void {
  process.env[ANNOUNCED] = path;
}

/**
 * How many statements the two worlds of each service are asked, by which seed, and how long that may take: a bounded
 * form with the other specs, and as many as `npm run worlds` says.
 */
export function worldStatements(): { seed: number; count: number; patienceMs: number } {
  const count = Number(process.env['APOLLO_WORLDS_STATEMENTS'] ?? 900);
  const seed = Number(process.env['APOLLO_WORLDS_SEED'] ?? 1);
  return { seed, count, patienceMs: 120_000 + count * 60 };
}

/**
 * How many pairs of times each condition gets in the two worlds: none with the other specs, which share the machine and
 * must not depend on it, and as many as `npm run worlds` says.
 */
export function worldTimes(): { seed: number; pairs: number; patienceMs: number } {
  const pairs = Number(process.env['APOLLO_WORLDS_PAIRS'] ?? 0);
  return { seed: worldStatements().seed, pairs, patienceMs: 120_000 + pairs * 4_000 };
}
