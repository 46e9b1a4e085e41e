import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { numbers } from '../spec/seeded.numbers.spec.js';
import { codeOf, StarsWorld, type Wish } from '../spec/stars.world.spec.js';
import { HoldBatcher } from './hold.batcher.js';
import { HoldService } from './hold.service.js';

describe('commands that are gathered at a wallet', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(8, { isGathered: true });
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  /** How many transactions have written holds of an organization: each is one commit, and one lock of the wallet. */
  const commits = async (org: TestOrg): Promise<number> => {
    const rows = await world.test.admin('select distinct xmin::text from billing_stars.holds where org_id = $1', [
      org.id,
    ]);
    return rows.length;
  };
  const sitOn = async (org: TestOrg): Promise<Attacker> => {
    const sitter = await Attacker.connect(world.test, org);
    await sitter.plain('begin', `select tenancy.carry('${sitter.tag()}')`, 'select billing_stars.sweep_wallet()');
    return sitter;
  };
  const wish = (stars = 1): Wish => ({ stars, key: newId(), agent_id: newId(), run_id: newId() });

  it('are one commit when they come at once, for each organization its own', async () => {
    const [a, b] = [await world.org(), await world.org()];
    const all = Array.from({ length: 40 }, (_, n) => world.reserve(n % 2 ? a : b, wish()));
    expect(new Set((await Promise.all(all)).map(({ outcome }) => outcome))).toEqual(new Set(['reserved']));
    expect([await commits(a), await commits(b)]).toEqual([1, 1]);
    expect([(await world.wallet(a)).held, (await world.wallet(b)).held]).toEqual([20, 20]);
  });

  it('of all kinds are one transaction, in which what gives back goes before what takes', async () => {
    const org = await world.org();
    const [first, second, third, last] = [
      await world.hold(org, { stars: 100 }),
      await world.hold(org, { stars: 100 }),
      await world.hold(org, { stars: 100 }),
      await world.hold(org, { stars: 100 }),
    ];
    const [reserved, extended, ...ended] = await Promise.all([
      world.reserve(org, wish(390)),
      org.as(() => world.holds.extend(last, 3_000)),
      world.settle(org, first, 5),
      world.settle(org, second, 5),
      world.release(org, third),
    ]);
    expect(reserved).toMatchObject({ outcome: 'reserved', from_package: 390 });
    expect(extended).toMatchObject({ id: last, state: 'open' });
    expect(ended.map(({ id, state }) => [id, state])).toEqual([
      [first, 'settled'],
      [second, 'settled'],
      [third, 'released'],
    ]);
    expect(await commits(org)).toBe(1);
  });

  it('are written down as done by those who asked, whoever else asks at the same time', async () => {
    const org = await world.org();
    const [one, other] = [newId(), newId()];
    const keys = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const actor = n % 3 === 0 ? other : one;
        const { key, ...rest } = wish() as Required<Pick<Wish, 'key' | 'stars' | 'agent_id' | 'run_id'>>;
        const { hold_id } = await org.as(() => world.holds.reserve({ key, price_version: 1, ...rest }), { actor });
        await org.as(() => world.holds.settle(String(hold_id), 1), { actor });
        return [key, actor];
      }),
    );
    const told = await world.test.admin(
      "select h.idempotency_key as key, h.actor, t.actor as charged_by from billing_stars.holds h join billing_stars.ledger_transactions t on t.org_id = h.org_id and t.hold_id = h.id and t.kind = 'charge' where h.org_id = $1",
      [org.id],
    );
    expect(new Map(told.map((row) => [row['key'], [row['actor'], row['charged_by']]]))).toEqual(
      new Map(keys.map(([key, actor]) => [key, [actor, actor]])),
    );
  });

  it('fail alone where one is poisoned, and the others are decided', async () => {
    const org = await world.org();
    const poisons: Partial<Wish>[] = [
      { key: `nul-\0-${newId()}` },
      { agent_id: 'nobody' },
      { stars: 0 },
      { stars: Number.MAX_SAFE_INTEGER },
      { key: 'k'.repeat(3_000) },
    ];
    for (const poison of poisons) {
      const before = (await world.wallet(org)).held;
      const codes = await Promise.all(
        [{}, {}, poison, {}].map((change) => codeOf(world.reserve(org, { ...wish(), ...change }))),
      );
      expect(codes.map((code) => code === 'ok')).toEqual([true, true, poison.key?.length === 3_000, true]);
      expect((await world.wallet(org)).held).toBe(before + codes.filter((code) => code === 'ok').length);
    }
  });

  it('wake the relay once they have warned, and not before', async () => {
    const org = await world.org();
    world.woken = 0;
    await Promise.all(Array.from({ length: 4 }, () => world.reserve(org, wish(60))));
    expect(world.woken).toBe(0);
    await Promise.all(Array.from({ length: 4 }, () => world.reserve(org, wish(20))));
    expect(world.woken).toBe(1);
  });

  it("all fail in time while somebody sits on the wallet's lock, nothing is done, and others are served (B25)", async () => {
    const [org, other] = [await world.org(), await world.org()];
    const sitter = await sitOn(org);
    const wishes = Array.from({ length: 10 }, () => wish());
    const waiting = wishes.map((each) => codeOf(world.reserve(org, each)));
    expect((await world.reserve(other, { stars: 1 })).outcome).toBe('reserved');
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['service_unavailable']));
    expect((await world.wallet(org)).held).toBe(0);
    await sitter.plain('rollback');
    await sitter.close();
    await Promise.all(wishes.map((each) => world.reserve(org, each)));
    expect((await world.wallet(org)).held).toBe(10);
  });

  it('cut off at any moment are all there or none, and each once when they are sent again (B20, B22)', async () => {
    const org = await world.org({ package: 100_000 });
    const pick = numbers(7);
    for (let round = 0; round < 12; round += 1) {
      const wishes = Array.from({ length: 16 }, () => wish());
      const before = (await world.wallet(org)).held;
      const answers = Promise.all(wishes.map((each) => world.reserve(org, each).catch(() => null)));
      if (round % 2) await sleep(pick(6));
      await world.test.admin(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'billing_stars_app' and state = 'active'",
      );
      const told = await answers;
      expect([0, 16]).toContain((await world.wallet(org)).held - before);
      const again = await Promise.all(wishes.map((each) => world.reserve(org, each)));
      expect((await world.wallet(org)).held - before).toBe(16);
      told.forEach((answer, n) => answer && expect(again[n]).toEqual(answer));
    }
  });

  it('of two processes that race for the last Stars under a cap come to the sum of what was answered, to the Star (B01, B09, B19)', async () => {
    const org = await world.org({ package: 400 });
    const agents = [newId(), newId()];
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id: agents[0], stars: 200 }));
    const processes = [0, 1].map(() => new HoldService(new HoldBatcher(world.holdRows)));
    const pick = numbers(11);
    const count = { held: 0, used: 0, ofCapped: 0 };
    const caller = async (holds: HoldService): Promise<void> => {
      for (let turn = 0; turn < 12; turn += 1) {
        const [stars, agent_id, what] = [1 + pick(9), agents[pick(2)] as string, pick(3)];
        const { hold_id } = await org.as(() =>
          holds.reserve({ key: newId(), agent_id, run_id: newId(), stars, price_version: 1 }),
        );
        if (!hold_id) continue;
        const cost = 1 + pick(stars);
        if (what === 1) await org.as(() => holds.settle(hold_id, cost));
        if (what === 2) await org.as(() => holds.release(hold_id));
        if (what === 0) count.held += stars;
        if (what === 1) count.used += cost;
        if (agent_id === agents[0] && what < 2) count.ofCapped += what ? cost : stars;
      }
    };
    const { findings } = await world.watched(() =>
      Promise.all(Array.from({ length: 32 }, (_, n) => caller(processes[n % 2] as HoldService))),
    );
    expect(findings).toEqual([]);
    const wallet = await world.wallet(org);
    expect([wallet.held, 900 - wallet.package_balance]).toEqual([count.held, count.used]);
    expect(wallet.available).toBeGreaterThanOrEqual(0);
    expect(count.ofCapped).toBeLessThanOrEqual(200);
  });
});
