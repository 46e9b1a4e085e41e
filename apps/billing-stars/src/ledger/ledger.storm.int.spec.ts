import type { billingStarsMessages } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import { numbers } from '../spec/seeded.numbers.spec.js';
import { ORGS, StarsWorld, WAYS } from '../spec/stars.world.spec.js';

const HOUR = 3_600_000;
const ZONES = ['UTC', 'Europe/Berlin', 'Pacific/Auckland', 'Pacific/Honolulu'];
/**
 * What an operation may be told besides success. Anything else, a violated check above all, is a mistake of a function.
 */
const EXPECTED = new Set(['ok', 'not_found', 'state_conflict', 'validation_failed', 'idempotency_mismatch']);

describe.each(WAYS)('everything at once, %s,', (_way, isGathered) => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(12, { isGathered });
  });
  afterAll(() => world.test.drop());

  it.each(isGathered ? [1, 2, 3] : [1])(
    'adds up after every batch of whatever may happen, across months, zones and clocks that go back: seed %i (B09, B11, B14, B19)',
    async (seed) => {
      const pick = numbers(seed);
      const one = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
      let now = Date.parse('2026-02-27T08:00:00Z');
      await world.clock(new Date(now).toISOString());
      const orgs: TestOrg[] = [
        await world.org({ monthly: 300 }),
        await world.org({ monthly: 200 }, 'Pacific/Auckland'),
      ];
      const [agents, people] = [Array.from({ length: 3 }, newId), Array.from({ length: 2 }, newId)];
      const holds = new Map(orgs.map((org) => [org, [newId()]]));
      const sources = new Map(orgs.map((org) => [org, ['welcome']]));

      const step = (): Promise<unknown> => {
        const org = one(orgs);
        const own = holds.get(org) ?? [];
        const hold = own[Math.max(0, own.length - 1 - pick(12))] as string;
        const agent_id = one(agents);
        switch (pick(14)) {
          case 0:
          case 1:
          case 2:
          case 3:
          case 4:
            return world
              .reserve(org, {
                stars: 1 + pick(40),
                agent_id,
                person_id: pick(4) ? one(people) : undefined,
                ttl_seconds: 60 + pick(3_000),
              })
              .then(({ hold_id }) => hold_id && own.push(hold_id));
          case 5:
          case 6:
          case 7:
            return world.settle(org, hold, 1 + pick(45));
          case 8:
            return world.release(org, hold);
          case 9:
            return org.as(() => world.holds.extend(hold, 60 + pick(3_000)));
          case 10: {
            const source = pick(3) ? newId() : one(sources.get(org) ?? []);
            return world
              .grant(org, { source, compartment: pick(2) ? 'monthly' : 'package', stars: 1 + pick(200) })
              .then(() => sources.get(org)?.push(source));
          }
          case 11:
            return world.reverse(org, { of: one(sources.get(org) ?? []), stars: 1 + pick(60) });
          case 12:
            return org.as(() => world.wallets.repayOverdraft());
          default: {
            const subject = one<Pick<billingStarsMessages.SetCapRequest, 'layer' | 'agent_id' | 'person_id'>>([
              { layer: 'org_month' },
              { layer: 'agent_day', agent_id },
              { layer: 'user_agent_month', agent_id, person_id: one(people) },
            ]);
            return org.as(() =>
              pick(3)
                ? world.caps.set({ ...subject, stars: pick(5) ? pick(400) : null })
                : world.caps.raise({
                    ...subject,
                    stars: 1 + pick(500),
                    until: new Date(now + pick(48) * HOUR).toISOString(),
                  }),
            );
          }
        }
      };
      const told = new Set<string>();
      for (let batch = 0; batch < 60; batch += 1) {
        const outcomes = await Promise.allSettled(Array.from({ length: 12 }, step));
        for (const outcome of outcomes)
          told.add(
            outcome.status === 'fulfilled'
              ? 'ok'
              : String((outcome.reason as { code?: string }).code ?? outcome.reason),
          );
        expect({ batch, findings: await world.findings() }).toEqual({ batch, findings: [] });
        now += one([0, 1, 60_000, 20 * 60_000, HOUR, 9 * HOUR, 26 * HOUR, 9 * 24 * HOUR, -2 * HOUR, -26 * HOUR]);
        await world.clock(new Date(now).toISOString());
        if (pick(10) === 0) await one(orgs).as(() => world.walletRows.follow(one(ZONES)), ORGS);
      }
      expect([...told].filter((code) => !EXPECTED.has(code))).toEqual([]);
      const kinds = await world.test.admin(
        'select distinct kind from billing_stars.ledger_transactions where org_id = any ($1) order by 1',
        [orgs.map(({ id }) => id)],
      );
      expect(kinds.map((row) => row['kind'])).toEqual(
        expect.arrayContaining(['charge', 'grant', 'late_charge', 'period_end', 'repayment', 'reversal']),
      );
    },
  );
});
