import { middleRate } from '../load/interleaved.rates.js';
import type { BenchReport, ComparisonReport } from '../report/bench.report.js';
import { EVENT_NAMES, NAMES, RESERVE_NAMES } from '../servers/server.names.js';

/** What one run says of ours, by the name it is shown under. */
export interface OwnFigures {
  /** Done per second: more is better. */
  readonly perSecond: Readonly<Record<string, number>>;
  /** CPU milliseconds for each: less is better. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** The figures of ours alone that two checkouts are compared by. */
export function ownFigures({ list, create, events, reservations }: BenchReport): OwnFigures {
  const perSecond: Record<string, number> = {};
  const cpuMs: Record<string, number> = {};
  const compared = (scenario: string, report: ComparisonReport | undefined): void => {
    const ours = report?.servers.find(({ name }) => name === NAMES.ours);
    if (!ours) return;
    perSecond[scenario] = ours.requestsPerSecond;
    cpuMs[scenario] = ours.cpuMsPerRequest;
  };
  compared('list', list);
  compared('create', create);
  if (events) perSecond['events, commit to effect'] = middleRate(events.rates, EVENT_NAMES.ours);
  if (reservations) {
    const { eight, many, most, thousand } = RESERVE_NAMES;
    for (const name of [eight, many, most, thousand])
      perSecond[`reserve, ${name.replace(/^.*?, /, '')}`] = middleRate(reservations.rates, name);
  }
  return { perSecond, cpuMs };
}
