import { arch, availableParallelism, platform, totalmem } from 'node:os';
import type { BenchReport } from '../report/bench.report.js';

/** What the figures were taken on, in general terms. */
export function machineOf(postgres: string): BenchReport['machine'] {
  return {
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}-${arch()}`,
    node: process.versions.node,
    postgres,
  };
}
