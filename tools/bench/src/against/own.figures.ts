import { middleRate } from '../load/interleaved.rates.js';
import type { BenchReport } from '../report/bench.report.js';
import { EVENT_NAMES, RESERVE_NAMES } from '../servers/server.names.js';

/** What one run says of ours, by the name it is shown under. */
export interface OwnFigures {
  /** Done per second: more is better. */
  readonly perSecond: Readonly<Record<string, number>>;
}

/** The figures of ours alone that two checkouts are compared by. */
export function ownFigures({ events, reservations }: BenchReport): OwnFigures {
  const perSecond: Record<string, number> = {};
  if (events) perSecond['events, commit to effect'] = middleRate(events.rates, EVENT_NAMES.ours);
  if (reservations) {
    const { lone, eight, many, most, thousand } = RESERVE_NAMES;
    for (const name of [lone, eight, many, most, thousand])
      perSecond[`reserve, ${name.replace(/^.*?, /, '')}`] = middleRate(reservations.rates, name);
  }
  return { perSecond };
}
