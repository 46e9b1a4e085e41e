import { LedgerChecker } from '@apollo/operate';
import { billingDatabase, openWallets } from '../dataset/wallets.dataset.js';
import { newOrgs } from '../load/event.writer.js';
import { StarRace } from '../load/star.race.js';
import { LedgerLook } from '../measure/ledger.look.js';
import type { RaceReport } from '../report/bench.report.js';
import type { OurPlatform } from '../servers/our.platform.js';

/** Organizations raced for at once, and callers of each: the ones share a wallet, the others the disk. */
const RACES = 4;
const CALLERS = 8;
const PER_ORG = 5_000;
/**
 * Far less than is wanted. Every other organization has fewer Stars than its month's cap allows, so that each layer has
 * something to refuse.
 */
const CAPS = { org_month: 2_000, agent_day: 400, user_agent_month: 100 };
const STARS = [1_000, 9_000];

/**
 * Races reservations against wallets and all layers of caps, by direct calls of the functions on many connections. The
 * equations are checked while it goes on and at the end; what the callers were granted is counted beside the ledger.
 */
export async function raceReservations(
  ours: OurPlatform,
  reservations: number,
  report: (line: string) => void,
): Promise<RaceReport> {
  const orgs = newOrgs(Math.ceil(reservations / PER_ORG));
  const connections = RACES * CALLERS;
  const database = billingDatabase(ours, connections);
  // Its own connections: what is looked at is not what it is looked at by.
  const watching = billingDatabase(ours, 1);
  const { checker } = ours.platform.running.postgres['billing-stars'] as { checker: string };
  try {
    for (const [place, stars] of STARS.entries())
      await openWallets(
        database,
        orgs.filter((_, n) => n % STARS.length === place),
        { stars, caps: CAPS },
      );
    const ledger = new LedgerLook(watching);
    const outcomes = new Map<string, number>();
    const races = orgs.map((org) => new StarRace(database, org, outcomes));
    const running = new Set<string>();
    let made = 0;
    const begun = performance.now();
    const racer = async (): Promise<void> => {
      for (let race = races[made++]; race; race = races[made++]) {
        running.add(race.orgId);
        await race.run(PER_ORG, CALLERS);
        running.delete(race.orgId);
        if (made % Math.ceil(orgs.length / 10) === 0)
          report(
            `${sum(outcomes)} reservations, ${(sum(outcomes) / ((performance.now() - begun) / 1_000)).toFixed(0)}/s`,
          );
      }
    };
    await ledger.during(() => [...running], Promise.all(Array.from({ length: RACES }, racer)));
    const seconds = (performance.now() - begun) / 1_000;
    const found = [...ledger.found, ...(await new LedgerChecker(checker).look()).findings];
    let drift = 0;
    for (const race of races) drift += race.count.drift(await ledger.counters(race.orgId));
    if (found.length > 0) report(`the first equation that does not hold: ${JSON.stringify(found[0])}`);
    return {
      reservations: sum(outcomes),
      connections,
      orgs: orgs.length,
      seconds,
      perSecond: sum(outcomes) / seconds,
      outcomes: Object.fromEntries(outcomes),
      looks: ledger.looks,
      findings: found.length,
      overspent: races.reduce((total, { count }) => total + count.overspent(CAPS), 0),
      drift,
    };
  } finally {
    await database.close();
    await watching.close();
  }
}

function sum(outcomes: ReadonlyMap<string, number>): number {
  return [...outcomes.values()].reduce((total, count) => total + count, 0);
}
