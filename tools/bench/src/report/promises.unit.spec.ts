import type { Rounds } from '../load/interleaved.rounds.js';
import { NAMES } from '../servers/server.names.js';
import type { BenchReport, ComparisonReport } from './bench.report.js';
import { benchmarksChart } from './benchmarks.chart.js';
import { benchmarksPage } from './benchmarks.page.js';
import { promisesOf } from './promises.js';
import { reportTable } from './report.table.js';

const slice = (requestsPerSecond: number, cpuMsPerRequest: number) => ({
  requestsPerSecond,
  cpuMsPerRequest,
  p50Ms: 1,
  p99Ms: 2,
});

/**
 * Ours uses `ours` CPU-ms per request where the bare server uses 1, in a quiet round and in one that is half as fast.
 */
function comparison(ours: number): ComparisonReport {
  const rounds: Rounds = {
    [NAMES.barePg]: [slice(2_000, 1), slice(1_000, 2)],
    [NAMES.stockNest]: [slice(400, 4), slice(200, 8)],
    [NAMES.floor]: [slice(1_300, 1.5), slice(650, 3)],
    [NAMES.ours]: [slice(1_000, ours), slice(500, 2 * ours)],
  };
  const servers = Object.entries(rounds).map(([name, [first]]) => ({ name, ...(first as ReturnType<typeof slice>) }));
  return { orgs: 1_000, leads: 100_000, connections: 16, sliceSeconds: 5, servers, rounds };
}

function report(ours: number): BenchReport {
  const measured = {
    takenAt: '2026-01-02T03:04:05Z',
    quick: false,
    machine: { cores: 2, memoryGb: 8, platform: 'linux-x64', node: '24.0.0', postgres: '18.4' },
    list: comparison(ours),
    idleMb: { gateway: 131 },
  };
  return { ...measured, promises: promisesOf(measured) };
}

describe('promises of speed', () => {
  it('compare servers within a round, so that a slow round weighs on both', () => {
    expect(promisesOf(report(1.8)).map(({ figure, kept }) => [figure, kept])).toEqual([
      ['1.80×', true],
      ['1.20×', true],
      ['2.50×', true],
      ['131 MB', false],
    ]);
  });

  it('are not kept by a figure beyond the limit', () => {
    expect(
      promisesOf(report(2.1))
        .slice(0, 2)
        .map(({ kept }) => kept),
    ).toEqual([false, false]);
  });

  it('are about what was measured only', () => {
    const { list: _list, idleMb: _idle, ...nothing } = report(1);
    expect(promisesOf(nothing)).toEqual([]);
  });

  it('are told where they are not kept, at the terminal and on the page', () => {
    expect(reportTable(report(2.1))).toMatch(/bare Fastify \+ pg +≤ 2× +2\.10× +NOT KEPT/);
    expect(benchmarksPage(report(2.1))).toContain(
      '**Not kept:** list: CPU of ours to bare Fastify + pg: promised ≤ 2×, measured 2.10×.',
    );
    expect(benchmarksPage(report(1.8))).toContain('**Not kept:** idle memory of gateway');
  });

  it('are drawn as a picture that is well-formed and has a bar for each server', () => {
    const chart = benchmarksChart(report(1.8));
    expect(chart.match(/<rect x=/g)).toHaveLength(4);
    expect(chart).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });
});
