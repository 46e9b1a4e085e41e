import { connectAdmin } from '../dataset/bench.person.js';
import { beginEvenly, keepBusy } from '../load/busy.callers.js';
import { EventWriter, orgsToTellOf, type NextEvent } from '../load/event.writer.js';
import { interleaveRates, middleRate } from '../load/interleaved.rates.js';
import { startRawPublisher } from '../load/raw.publisher.js';
import { type Effects, EventEffects } from '../measure/event.effects.js';
import { cpuMs } from '../measure/process.usage.js';
import type { EventsReport } from '../report/bench.report.js';
import type { OurPlatform } from '../servers/our.platform.js';
import { EVENT_NAMES } from '../servers/server.names.js';

/** Messages the raw publisher has under way: as many as a relay of ours has. */
const IN_FLIGHT = 200;
/** Events of all organizations, so many times, before anything is measured. */
const WARMING_BURSTS = 4;
/** Changes that are made at once. */
const WRITERS = 32;

/** How many organizations, and how long. */
export interface EventsSize {
  readonly eventOrgs: number;
  readonly sliceSeconds: number;
  readonly rounds: number;
}

/**
 * Events from commit to effect: changes of organizations are written down by a process of the orgs service, published
 * by its relay, and followed by billing-stars in each wallet; until the last effect is committed. Once with all changes
 * committed at one instant, so that nothing else is measured, and once while they are being made as fast as can be.
 */
export async function measureEvents(
  ours: OurPlatform,
  { eventOrgs, sliceSeconds, rounds }: EventsSize,
  report: (line: string) => void,
): Promise<EventsReport> {
  const admin = await connectAdmin(ours.platform.running.postgres.admin);
  const writer = await EventWriter.start(ours);
  const orgs = await orgsToTellOf(admin, eventOrgs);
  const raw = await startRawPublisher(ours, orgs, IN_FLIGHT);
  try {
    const effects = new EventEffects(admin, orgs);
    // In their order: an organization's events follow each other, those of many do not.
    let told = 0;
    const next = (): NextEvent => {
      const n = told++;
      return { orgId: orgs[n % orgs.length] as string, version: 1 + Math.floor(n / orgs.length) };
    };
    const toTheEnd = async (work: () => Promise<unknown>): Promise<Effects> => {
      const begun = await effects.now();
      await work();
      await effects.until(told);
      if (writer.failures.length > 0) throw writer.failures[0];
      return effects.since(begun);
    };
    const perSecond = async (work: () => Promise<unknown>): Promise<number> => {
      const { events, spanMs } = await toTheEnd(work);
      return events / (spanMs / 1_000);
    };
    // Wallets are opened by the events themselves; then every process has compiled what it does often.
    for (let burst = 0; burst <= WARMING_BURSTS; burst++) await toTheEnd(() => writer.tellAtOnce(orgs.map(next)));
    const measured = await interleaveRates(
      [
        { name: EVENT_NAMES.raw, run: () => raw.publish(sliceSeconds) },
        { name: EVENT_NAMES.ours, run: () => perSecond(() => writer.tellAtOnce(orgs.map(next))) },
        {
          name: EVENT_NAMES.live,
          run: () => perSecond(() => keepBusy(WRITERS, sliceSeconds, () => writer.tell(next()))),
        },
      ],
      rounds,
      'events',
      () => cpuMs([process.pid]),
      report,
    );
    const half = middleRate(measured.rates, EVENT_NAMES.ours) / 2;
    const calm: Effects[] = [];
    for (let round = 1; round <= rounds; round++) {
      // At most one event of each organization, so that each delay is known.
      const effect = await toTheEnd(() =>
        beginEvenly(Math.min(orgs.length, Math.round(half * sliceSeconds)), half, () => writer.tell(next())),
      );
      report(
        `half that load, ${half.toFixed(0)} events/s, ${round}/${rounds}: p50 ${effect.p50Ms.toFixed(0)} ms, p99 ${effect.p99Ms.toFixed(0)} ms`,
      );
      calm.push(effect);
    }
    const delays = { p50Ms: calm.map(({ p50Ms }) => p50Ms), p99Ms: calm.map(({ p99Ms }) => p99Ms) };
    return {
      orgs: orgs.length,
      inFlight: IN_FLIGHT,
      messageBytes: raw.bytes,
      sliceSeconds,
      ...measured,
      half: { perSecond: half, events: calm[0]?.events ?? 0, ...delays },
    };
  } finally {
    await raw.close();
    await writer.stop();
    await admin.end();
  }
}
