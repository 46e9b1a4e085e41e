import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.js';

const run = promisify(execFile);

/**
 * The oldest server that is safe here: older ones ignore `sync_interval: always`, let a stream be purged
 * across accounts (CVE-2025-30215) or silently drop a consumer's subject filter.
 */
export const OLDEST_NATS = '2.12.0';

/** The version a `nats-server` program says it has, e.g. "2.15.1"; undefined when it does not run here. */
export async function natsVersion(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], { env: childEnvironment(), timeout: 10_000 });
    return /(?<!\d)(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a version is at least `OLDEST_NATS`. */
export function isRecentNats(version: string): boolean {
  return compareVersions(version, OLDEST_NATS) >= 0;
}

/** Orders two versions of three numbers: negative, zero or positive. */
export function compareVersions(left: string, right: string): number {
  const parts = (version: string) => version.split('.').map(Number);
  const [a, b] = [parts(left), parts(right)];
  return [0, 1, 2].map((i) => (a[i] ?? 0) - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
