import { setTimeout as delay } from 'node:timers/promises';
import { eventsUnderWay } from './event.arrivals.js';
import type { SoakJournal } from './soak.journal.js';
import type { SoakOrg } from './soak.orgs.js';
import type { SoakPlatform } from './soak.platform.js';

/** Milliseconds within which everything works again after a fault is healed. */
export const WELL_WITHIN_MS = 10_000;
/** How long is waited beyond that, to tell what is late from what never comes. */
const AND_THEN_MS = 30_000;
/** One read of each service that a person may ask, through the gateway. */
const PATHS = ['', '/leads?limit=1', '/billing/balance'];

/**
 * Waits until every service says that it is ready, each answers a person, and all that was written before `healed` has
 * arrived everywhere. Later than `WELL_WITHIN_MS` is a broken promise.
 *
 * @returns the milliseconds it took
 */
export async function converge(platform: SoakPlatform, org: SoakOrg, journal: SoakJournal, healed: number, after: string): Promise<number> {
  let reason = 'nothing was looked at';
  for (;;) {
    const missing = await ailments(platform, org, new Date(healed)).catch((error: unknown) => [String(error)]);
    const took = Date.now() - healed;
    if (missing.length === 0) {
      if (took > WELL_WITHIN_MS) journal.breaks('all is well within 10 s of healing', `${after}: ${(took / 1000).toFixed(1)} s, last for ${reason}`);
      return took;
    }
    reason = missing.join('; ');
    if (took > WELL_WITHIN_MS + AND_THEN_MS) {
      journal.breaks('all is well within 10 s of healing', `${after}: never, for ${reason}`);
      return took;
    }
    await delay(100);
  }
}

async function ailments(platform: SoakPlatform, org: SoakOrg, before: Date): Promise<string[]> {
  const unready = await platform.unready();
  if (unready.length > 0) return [`${unready.join(', ')} not ready`];
  const answers = await Promise.all(PATHS.map(async (path) => [path, await org.owner.ask('GET', `/v1/orgs/${org.slug}${path}`)] as const));
  const silent = answers.filter(([, { end }]) => end !== 'kept').map(([path, outcome]) => `${path || 'the organization'} → ${JSON.stringify(outcome)}`);
  return silent.length > 0 ? silent : eventsUnderWay(platform.admin, before);
}
