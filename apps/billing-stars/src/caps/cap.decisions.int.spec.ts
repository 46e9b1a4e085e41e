import { billingStarsMessages } from '@apollo/contracts';
import { newId, systemClock } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import fc from 'fast-check';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';
import { simulate } from './cap.simulation.js';
import { SimulationRepository } from './simulation.repository.js';
import { SimulationService } from './simulation.service.js';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const [BEGIN, END] = ['2026-02-25T09:00:00Z', '2026-12-31T00:00:00.000Z'] as const;

/** Places in lists of two agents and two people. */
const one = fc.nat(1);

/** Stars of a standard cap of a day. */
const STANDARD = 1_000;

/** What is said of one subject: Stars (null takes the cap away), and a raise that is over or holds all the time. */
const said = fc.record({
  subject: fc.constantFrom('org', 'every agent', 'one agent', 'every pair', 'one pair'),
  stars: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 90 }) }, fc.constant(null), fc.constant(undefined)),
  raise: fc.option(fc.record({ by: fc.integer({ min: 1, max: 60 }), lasts: fc.boolean() })),
});

const step = fc.record({
  /** Microseconds since the step before. */
  wait: fc.constantFrom(1, 20, 1_500, SECOND, 40 * SECOND, 1_200 * SECOND, 18_000 * SECOND, DAY, 11 * DAY),
  act: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('reserve' as const),
        stars: fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 1, max: 40 }) },
          { weight: 1, arbitrary: fc.constantFrom(400, 700) },
        ),
        agent: one,
        person: fc.option(one),
        ttl: fc.constantFrom(1, 60, 3_600),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        of: fc.nat(3),
        stars: fc.integer({ min: 1, max: 50 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), of: fc.nat(3) }) },
  ),
});

const history = fc.record({
  zone: fc.constantFrom('UTC', 'Pacific/Auckland', 'Pacific/Honolulu'),
  caps: fc.uniqueArray(said, { selector: ({ subject }) => subject, maxLength: 5 }),
  steps: fc.array(step, { minLength: 15, maxLength: 50, size: 'max' }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** Who refused, with which cap and how much of it used; null where it was let in. */
type Decision = Pick<billingStarsMessages.Reservation, 'refused_by' | 'cap' | 'used'> | null;

/** What was asked of two organizations alike. */
interface Asked {
  readonly decision: Decision;
  /** None where it was refused. */
  readonly held: string | null;
  /** In the organization that refuses nothing. */
  readonly twin: string;
}

describe('reservations under caps', () => {
  let world: StarsWorld;
  let rows: SimulationRepository;
  let simulator: SimulationService;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
    rows = new SimulationRepository(world.test.database);
    simulator = new SimulationService(rows, systemClock);
  });
  afterAll(() => world.test.drop());

  let now: number;
  const pass = async (microseconds: number): Promise<void> => {
    now += microseconds;
    const instant = new Date(Math.floor(now / 1_000)).toISOString();
    await world.clock(instant.replace('Z', `${String(now % 1_000).padStart(3, '0')}Z`));
  };

  /** Says the caps to an organization, and gives what a simulation is told of them. */
  const cap = async (
    org: TestOrg,
    caps: History['caps'],
    [agent_id]: readonly string[],
    [person_id]: readonly string[],
  ): Promise<billingStarsMessages.ProposedCap[]> => {
    const subjects = {
      org: { layer: 'org_month' },
      'every agent': { layer: 'agent_day' },
      'one agent': { layer: 'agent_day', agent_id },
      'every pair': { layer: 'user_agent_month' },
      'one pair': { layer: 'user_agent_month', agent_id, person_id },
    } as const;
    for (const { subject, stars, raise } of caps) {
      const until = raise?.lasts ? END : new Date(now / 1_000 + 60_000).toISOString();
      // There may be no cap to take away or to raise.
      if (stars !== undefined) await codeOf(org.as(() => world.caps.set({ ...subjects[subject], stars })));
      const raised = (stars ?? STANDARD) + (raise?.by ?? 0);
      if (raise) await codeOf(org.as(() => world.caps.raise({ ...subjects[subject], stars: raised, until })));
    }
    await pass(120 * SECOND);
    const { items } = await org.as(() => world.caps.list({ limit: 100 }));
    const proposed = items.map(({ layer, agent_id: agent, person_id: person, stars, raise_to, raise_until }) => ({
      layer,
      agent_id: agent ?? undefined,
      person_id: person ?? undefined,
      stars:
        stars === null ? billingStarsMessages.MAX_STARS : Math.max(stars, raise_until === END ? (raise_to ?? 0) : 0),
    }));
    const isSaid = proposed.some(({ layer, agent_id: agent }) => layer === 'agent_day' && !agent);
    return isSaid ? proposed : [...proposed, { layer: 'agent_day', stars: STANDARD }];
  };

  /** Does all of it to both at the same moments; what one of them refused, it does not end either. */
  const live = async (
    [org, twin]: readonly [TestOrg, TestOrg],
    steps: History['steps'],
    agents: readonly string[],
    people: readonly string[],
  ): Promise<Asked[]> => {
    const asked: Asked[] = [];
    for (const { wait, act } of steps) {
      await pass(wait);
      if (act.kind === 'reserve') {
        const { stars, ttl: ttl_seconds } = act;
        const wish = {
          stars,
          ttl_seconds,
          agent_id: agents[act.agent] as string,
          person_id: act.person === null ? undefined : people[act.person],
        };
        const { hold_id, refused_by, cap: most, used } = await world.reserve(org, wish);
        asked.push({
          decision: refused_by && { refused_by, cap: most, used },
          held: hold_id,
          twin: await world.hold(twin, wish),
        });
        continue;
      }
      const of = asked[asked.length - 1 - act.of];
      if (!of) continue;
      const end = (whose: TestOrg, hold: string): Promise<string> =>
        codeOf(
          act.kind === 'settle'
            ? world.settle(whose, hold, act.stars).then(() => whose.as(() => world.wallets.repayOverdraft()))
            : world.release(whose, hold),
        );
      const code = await end(twin, of.twin);
      if (of.held) expect(await end(org, of.held)).toBe(code);
    }
    return asked;
  };

  it('are let in and refused as the simulator says, by the same layer with the same cap and use, whatever another organization does', async () => {
    const deciders = new Set<string | undefined>();
    await fc.assert(
      fc.asyncProperty(history, async ({ zone, caps, steps }) => {
        now = Date.parse(BEGIN) * 1_000;
        await pass(0);
        const [agents, people] = [
          [newId(), newId()],
          [newId(), newId()],
        ] as const;
        const pair = [
          await world.org({ package: 1_000_000 }, zone),
          await world.org({ package: 1_000_000 }, zone),
        ] as const;
        const [org, twin] = pair;
        await twin.as(() => world.caps.set({ layer: 'agent_day', stars: null }));
        const proposed = await cap(org, caps, agents, people);
        const asked = await live(pair, steps, agents, people);
        const decisions = asked.map(({ decision }) => decision);
        decisions.forEach((decision) => deciders.add(decision?.refused_by ?? undefined));

        // Of everything that was asked, in the organization that has let it all in: one after the other, then at once.
        const until = new Date(now / 1_000 + 1_000);
        const { holds } = await twin.as(() => rows.past(new Date(BEGIN), until, 1_000, Date.now() + 60_000));
        const subjects = await twin.as(() =>
          rows.subjects(
            proposed.map(({ layer, agent_id, person_id }) => ({
              layer,
              agent: agent_id ?? null,
              person: person_id ?? null,
            })),
          ),
        );
        const thought = proposed.map(({ layer, stars }, n) => ({ layer, stars, subject: subjects[n] as string }));
        const simulated = holds.map(({ at }, n): Decision => {
          const { first } = simulate(holds.slice(0, n + 1), thought, at);
          return first && { refused_by: first.layer, cap: first.cap, used: first.used };
        });
        expect(simulated).toEqual(decisions);
        const range = { since: BEGIN, until: until.toISOString(), caps: proposed };
        const first = decisions.find((decision) => decision !== null);
        expect(await twin.as(() => simulator.run(range))).toMatchObject({
          reservations: asked.length,
          refused: decisions.filter((decision) => decision !== null).length,
          first: first ? { layer: first.refused_by, cap: first.cap, used: first.used } : null,
        });
        // What was let in under the caps would be let in under them again.
        expect(await org.as(() => simulator.run(range))).toMatchObject({
          reservations: asked.filter(({ held }) => held).length,
          refused: 0,
        });
        expect(await world.findings()).toEqual([]);
      }),
      // A failure is told in its smallest form that is found in this time.
      { numRuns: 30, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true },
    );
    expect(deciders).toEqual(new Set([undefined, 'org_month', 'agent_day', 'user_agent_month']));
  }, 240_000);
});
