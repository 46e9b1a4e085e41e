import { setTimeout as delay } from 'node:timers/promises';
import { eventsUnderWay } from './event.arrivals.js';
import { sickReport } from './sick.report.js';
import type { SoakJournal } from './soak.journal.js';
import type { SoakOrg } from './soak.orgs.js';
import type { SoakPlatform } from './soak.platform.js';

/** How long is waited beyond that, to tell what is late from what never comes. */
const AND_THEN_MS = 30_000;
/** One read of each service that a person may ask, through the gateway. */
const PATHS = ['', '/leads?limit=1', '/personas?limit=1', '/billing/balance'];

/** What was healed when, and how long the platform may take to be well. */
export interface Healing {
  /** Milliseconds since the epoch. */
  readonly healed: number;
  readonly withinMs: number;
  readonly after: string;
}

/**
 * Waits until every service says that it is ready, each answers a person, and all that was written before `healed` has
 * arrived everywhere. Later than `withinMs` is a broken promise.
 *
 * @returns the milliseconds it took
 */
export async function converge(
  platform: SoakPlatform,
  org: SoakOrg,
  journal: SoakJournal,
  { healed, withinMs, after }: Healing,
): Promise<number> {
  let reason = 'nothing was looked at';
  let told = false;
  for (;;) {
    const missing = await ailments(platform, org, new Date(healed)).catch((error: unknown) => [String(error)]);
    const took = Date.now() - healed;
    if (missing.length === 0) {
      if (took > withinMs)
        journal.breaks(
          'all is well in time after healing',
          `${after}: ${(took / 1000).toFixed(1)} s, last for ${reason}`,
        );
      return took;
    }
    reason = missing.join('; ');
    if (took > withinMs && !told) {
      told = true;
      journal.line(`not well after ${(took / 1000).toFixed(1)} s: ${reason}; ${await sickReport(platform)}`);
    }
    if (took > withinMs + AND_THEN_MS || (took > withinMs && journal.broken.length > 0)) {
      journal.breaks('all is well in time after healing', `${after}: never, for ${reason}`);
      return took;
    }
    await delay(100);
  }
}

async function ailments(platform: SoakPlatform, org: SoakOrg, before: Date): Promise<string[]> {
  const unready = await platform.unready();
  if (unready.length > 0) return [`${unready.join(', ')} not ready`];
  const answers = await Promise.all(
    PATHS.map(async (path) => [path, await org.owner.ask('GET', `/v1/orgs/${org.slug}${path}`)] as const),
  );
  const silent = answers
    .filter(([, { end }]) => end !== 'kept')
    .map(([path, outcome]) => `${path || 'the organization'} → ${JSON.stringify(outcome)}`);
  return silent.length > 0 ? silent : eventsUnderWay(platform.admin, before);
}
