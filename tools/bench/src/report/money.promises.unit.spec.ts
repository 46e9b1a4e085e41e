import { EVENT_NAMES, RESERVE_NAMES } from '../servers/server.names.js';
import type { BenchReport, EventsReport, RaceReport, ReservationsReport } from './bench.report.js';
import { benchmarksPage } from './benchmarks.page.js';
import { promisesOf } from './promises.js';
import { reportTable } from './report.table.js';

const events = (ours: number, p99Ms: number): EventsReport => ({
  orgs: 5_000,
  inFlight: 200,
  messageBytes: 950,
  sliceSeconds: 10,
  rates: { [EVENT_NAMES.raw]: [2_000, 1_000], [EVENT_NAMES.ours]: [2 * ours, ours], [EVENT_NAMES.live]: [300, 200] },
  costs: { [EVENT_NAMES.raw]: [0.5], [EVENT_NAMES.ours]: [3.25], [EVENT_NAMES.live]: [4] },
  half: { perSecond: 500, events: 5_000, p50Ms: [12, 12, 12], p99Ms: [9_000, p99Ms, 1] },
});
const reservations = (batches: number, many: number, most: number): ReservationsReport => ({
  reference: 'pgbench (PostgreSQL) 18.4',
  wallets: 1_000,
  sliceSeconds: 10,
  rates: {
    [RESERVE_NAMES.reference]: [1_000, 500],
    [RESERVE_NAMES.single]: [900, 450],
    [RESERVE_NAMES.batches]: [2 * batches, batches],
    [RESERVE_NAMES.lone]: [400, 200],
    [RESERVE_NAMES.eight]: [800, 400],
    [RESERVE_NAMES.many]: [2 * many, many],
    [RESERVE_NAMES.most]: [2 * most, most],
    [RESERVE_NAMES.thousand]: [2_000, 1_000],
    [RESERVE_NAMES.thousandAlone]: [3_000, 1_500],
  },
  costs: Object.fromEntries(Object.values(RESERVE_NAMES).map((name) => [name, [2.5]])),
});
const race = (overspent: number, drift: number, findings: number): RaceReport => ({
  reservations: 1_000_000,
  connections: 32,
  orgs: 200,
  seconds: 800,
  perSecond: 1_250,
  outcomes: { reserved: 400_000, 'refused by agent_day': 600_000 },
  looks: 1_500,
  findings,
  overspent,
  drift,
});
const report = (measured: Pick<BenchReport, 'events' | 'reservations' | 'race'>): BenchReport => {
  const all = {
    takenAt: '2026-01-02T03:04:05Z',
    quick: false,
    machine: { cores: 2, memoryGb: 8, platform: 'linux-x64', node: '24.0.0', postgres: '18.4' },
    ...measured,
  };
  return { ...all, promises: promisesOf(all) };
};
const told = (measured: Parameters<typeof report>[0]): unknown[] =>
  promisesOf(report(measured)).map(({ figure, kept }) => [figure, kept]);

describe('promises about messages and money', () => {
  it('compare events with what JetStream does by itself, in the same round', () => {
    expect(told({ events: events(500, 249) })).toEqual([
      ['0.50×', true],
      ['249 ms', true],
    ]);
    expect(told({ events: events(490, 251) })).toEqual([
      ['0.49×', false],
      ['251 ms', false],
    ]);
  });

  it('compare batches and callers with the function for one, and many callers with few', () => {
    expect(told({ reservations: reservations(2_250, 900, 400) })).toEqual([
      ['5.00×', true],
      ['2.00×', true],
      ['0 %', true],
    ]);
    expect(told({ reservations: reservations(2_241, 891, 396) })).toEqual([
      ['4.98×', false],
      ['1.98×', false],
      ['1 %', false],
    ]);
  });

  it('allow no Star to be overspent, and no equation to break', () => {
    expect(told({ race: race(0, 0, 0) })).toEqual([
      ['0', true],
      ['0', true],
    ]);
    expect(told({ race: race(1, 0, 0) })).toEqual([
      ['1', false],
      ['0', true],
    ]);
    expect(told({ race: race(0, 2, 1) })).toEqual([
      ['0', true],
      ['3', false],
    ]);
  });

  it('are told at the terminal and on the page with what they come from', () => {
    const all = report({ events: events(600, 90), reservations: reservations(2_500, 1_200, 400), race: race(0, 0, 0) });
    expect(reportTable(all)).toMatch(/raw JetStream, publish and ack +1500 +0.50\n/);
    expect(reportTable(all)).toContain(
      '1,000,000 raced reservations in 800 s, 1250/s; equations checked 1500 times meanwhile',
    );
    const page = benchmarksPage(all);
    expect(page).toContain('| raw JetStream, publish and ack | 1500 | 1000 | 2000 | 0.50 |');
    expect(page).toContain('p50 12 ms, p99 90 ms');
    expect(page).toContain('called by pgbench (PostgreSQL) 18.4');
    expect(page).toContain('| refused by agent_day | 600,000 |');
    expect(page).toContain('Every promise was kept in this run.');
  });
});
