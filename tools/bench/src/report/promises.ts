import { rateRatio } from '../load/interleaved.rates.js';
import { ratio } from '../load/interleaved.rounds.js';
import { median } from '../measure/statistics.js';
import { EVENT_NAMES, NAMES, RESERVE_NAMES } from '../servers/server.names.js';
import type { BenchReport, PromiseReport } from './bench.report.js';

function atMost(text: string, figure: number, limit: number, unit: string, digits = 2): PromiseReport {
  return { text, limit: `≤ ${limit}${unit}`, figure: `${figure.toFixed(digits)}${unit}`, kept: figure <= limit };
}

function atLeast(text: string, figure: number, limit: number, unit: string, digits = 2): PromiseReport {
  return {
    text,
    limit: `≥ ${limit.toLocaleString('en')}${unit}`,
    figure: `${figure.toFixed(digits)}${unit}`,
    kept: figure >= limit,
  };
}

/** Every promise about speed that the run measured. */
export function promisesOf(report: Omit<BenchReport, 'promises'>): PromiseReport[] {
  const promises: PromiseReport[] = [];
  if (report.list) {
    const { rounds } = report.list;
    promises.push(
      atMost(
        'list: CPU of ours to bare Fastify + pg',
        ratio(rounds, 'cpuMsPerRequest', NAMES.ours, NAMES.barePg),
        2,
        '×',
      ),
      atMost(
        'list: CPU of ours to the floor of our shape',
        ratio(rounds, 'cpuMsPerRequest', NAMES.ours, NAMES.floor),
        1.3,
        '×',
      ),
      atLeast(
        'list: throughput of ours to stock Nest',
        ratio(rounds, 'requestsPerSecond', NAMES.ours, NAMES.stockNest),
        2,
        '×',
      ),
    );
  }
  if (report.create) {
    promises.push(
      atMost(
        'create: CPU of ours to bare Fastify + pg doing the same writes',
        ratio(report.create.rounds, 'cpuMsPerRequest', NAMES.ours, NAMES.barePg),
        2.5,
        '×',
      ),
    );
  }
  if (report.growth) {
    const { small, large } = report.growth;
    const size = `${small.orgs.toLocaleString('en')} orgs, ${small.leads.toLocaleString('en')} leads to ${large.orgs.toLocaleString('en')} orgs, ${large.leads.toLocaleString('en')} leads`;
    promises.push(atMost(`list time from ${size}`, large.handlerMs / small.handlerMs, 1.3, '×'));
  }
  if (report.import) {
    promises.push(
      atLeast('import', report.import.rowsPerSecond, 5_000, ' rows/s', 0),
      ...Object.entries(report.import.peakMb).map(([name, mb]) =>
        atMost(`import: peak memory of ${name}`, mb, 250, ' MB', 0),
      ),
    );
  }
  const [few, many] = report.documents ?? [];
  if (few && many)
    promises.push(
      atMost(`documents: ten best of ${few.passages} passages, in the service`, few.handlerMs, 2, ' ms'),
      atMost(
        `documents: ten best of ${many.passages.toLocaleString('en')} passages, in the service`,
        many.handlerMs,
        10,
        ' ms',
      ),
    );
  if (report.turns) {
    const { parallel, calls, p50Ms, p99Ms } = report.turns;
    const what = `a turn with ${calls} calls of tools beyond its model, ${parallel} at once`;
    promises.push(
      atMost(`chats: p50 of ${what}`, p50Ms, 60, ' ms', 0),
      atMost(`chats: p99 of ${what}`, p99Ms, 150, ' ms', 0),
    );
  }
  promises.push(...messagePromises(report), ...moneyPromises(report));
  for (const [name, mb] of Object.entries(report.idleMb ?? {}))
    promises.push(atMost(`idle memory of ${name}`, mb, 130, ' MB', 0));
  if (report.start) promises.push(atMost('warm npm start until ready', report.start.warmSeconds, 15, ' s', 1));
  return promises;
}

function messagePromises({ events }: Omit<BenchReport, 'promises'>): PromiseReport[] {
  if (!events) return [];
  return [
    atLeast(
      'events: commit to effect, to raw JetStream publish and ack',
      rateRatio(events.rates, EVENT_NAMES.ours, EVENT_NAMES.raw),
      0.5,
      '×',
    ),
    atMost('events: p99 from commit to effect at half that load', median(events.half.p99Ms), 250, ' ms', 0),
  ];
}

function moneyPromises({ reservations, race }: Omit<BenchReport, 'promises'>): PromiseReport[] {
  const promises: PromiseReport[] = [];
  if (reservations) {
    const { rates } = reservations;
    const loss = 100 * (1 - rateRatio(rates, RESERVE_NAMES.most, RESERVE_NAMES.eight));
    promises.push(
      atLeast(
        'reserve: batches of 16, to the function for one',
        rateRatio(rates, RESERVE_NAMES.batches, RESERVE_NAMES.single),
        5,
        '×',
      ),
      atLeast(
        'reserve: 32 callers on one wallet, to the function for one',
        rateRatio(rates, RESERVE_NAMES.many, RESERVE_NAMES.single),
        2,
        '×',
      ),
      atMost('reserve: loss from 8 to 256 callers on one wallet', loss, 0, ' %', 0),
    );
  }
  if (race) {
    const count = race.reservations.toLocaleString('en');
    promises.push(
      atMost(`${count} raced reservations: Stars overspent`, race.overspent, 0, '', 0),
      atMost(
        `${count} raced reservations: drift, and equations that did not hold`,
        race.drift + race.findings,
        0,
        '',
        0,
      ),
    );
  }
  return promises;
}
