import { type Measured, middleRate, type Rates } from '../load/interleaved.rates.js';
import { median } from '../measure/statistics.js';
import { EVENT_NAMES, RESERVE_NAMES } from '../servers/server.names.js';
import type { BenchReport, EventsReport, RaceReport, ReservationsReport } from './bench.report.js';
import { table } from './markdown.table.js';

function speeds(what: string, { rates, costs }: Measured): string {
  return table(
    [what, 'per second, median', 'lowest', 'highest', 'CPU-ms each'],
    Object.entries(rates).map(([name, all]) => [
      name,
      middleRate(rates, name).toFixed(0),
      Math.min(...all).toFixed(0),
      Math.max(...all).toFixed(0),
      middleRate(costs, name).toFixed(2),
    ]),
  );
}

function roundsOf(rates: Rates): number {
  return Object.values(rates)[0]?.length ?? 0;
}

function eventsSection({ orgs, inFlight, messageBytes, sliceSeconds, half, ...measured }: EventsReport): string {
  return `## Events, from commit to effect

A process of the orgs service writes down changes of ${orgs.toLocaleString('en')} organizations and publishes them by its relay; billing-stars verifies each and follows it in that organization's wallet, inbox and effect in one transaction. From the first change's commit to the last effect's, as PostgreSQL itself remembers both. "${EVENT_NAMES.ours}": all changes are committed at one instant, and nothing is written after that. "${EVENT_NAMES.live}": each change is committed in a transaction of its own, as fast as can be while those before it are on their way; what that costs is in the figure. Beside them, a hand-written publisher that keeps ${inFlight} messages of the same ${messageBytes} bytes under way on the same server, in a stream that is set up alike (file storage, \`sync_interval: always\`), and does nothing else. All on the same cores; ${roundsOf(measured.rates)} interleaved slices of ${sliceSeconds} s.

${speeds('events', measured)}

At ${half.perSecond.toFixed(0)} events per second, half of what ours did (${half.events.toLocaleString('en')} events a round, each of another organization): p50 ${median(half.p50Ms).toFixed(0)} ms, p99 ${median(half.p99Ms).toFixed(0)} ms; the rounds' p99 were ${half.p99Ms.map((ms) => ms.toFixed(0)).join(', ')} ms.`;
}

function reservationsSection({ reference, wallets, sliceSeconds, ...measured }: ReservationsReport): string {
  return `## Reservations

Over the bus, as the service that speaks for agents: signed request, validation, a call of the function for one, or of the one for many with those that arrived meanwhile, answer; the callers wait for each answer. "${RESERVE_NAMES.reference}": the same function of the same wallet in the same PostgreSQL under the same signed tag, called by ${reference}; "${RESERVE_NAMES.batches}": the function that decides many, by the same, counted in reservations. One hot wallet unless ${wallets.toLocaleString('en')} are named; ${roundsOf(measured.rates)} interleaved slices of ${sliceSeconds} s.

${speeds('reservations', measured)}

CPU is that of every process that takes part, callers, PostgreSQL and NATS included. What meets at one wallet shares a lock and a commit, and the more meet, the less each costs; reservations of many wallets share none, and are as fast as the cores allow, which is a second's CPU of all cores divided by what each costs.`;
}

function raceSection({
  reservations,
  connections,
  orgs,
  seconds,
  perSecond,
  outcomes,
  looks,
  findings,
  overspent,
  drift,
}: RaceReport): string {
  return `## Raced reservations

${reservations.toLocaleString('en')} reservations of one to three Stars by ${connections} connections, direct calls of the functions, eight at a time for the same wallet, four of them in batches of 16, and far more than it or its caps allow, in ${orgs} organizations one after the other; four of ten granted are charged, three released, three stay held. ${seconds.toFixed(0)} s, ${perSecond.toFixed(0)} per second.

${table(
  ['outcome', 'reservations'],
  Object.entries(outcomes).map(([outcome, count]) => [outcome, count.toLocaleString('en')]),
)}

The ledger's equations were checked ${looks.toLocaleString('en')} times while it went on and once over everything at the end: ${findings} did not hold. By the callers' own count, ${overspent} Stars were used above a cap, and the ledger differs from that count by ${drift}.`;
}

/** What was measured about messages and money, a section each. */
export function moneySections({ events, reservations, race }: BenchReport): string[] {
  return [
    ...(events ? [eventsSection(events)] : []),
    ...(reservations ? [reservationsSection(reservations)] : []),
    ...(race ? [raceSection(race)] : []),
  ];
}
