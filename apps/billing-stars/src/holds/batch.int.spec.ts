import { newId } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import { numbers } from '../spec/seeded.numbers.spec.js';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';
import { keysOfHolds, walletRecord } from '../spec/wallet.record.spec.js';
import type { HoldCommand } from './hold.commands.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ROUNDS = 40;
/** As on the bus: what is written down is who the tag names. */
const AGENTS = { actor: 'system:agents', role: 'system' } as const;

/** In which one batch decides kinds. */
const ORDER = ['settle', 'release', 'extend', 'reserve'] as const;

/** A command for either of two wallets: holds are named by the key they were made under. */
type Wish = HoldCommand & { readonly of?: string };

/** The same is done to two wallets: one command after the other to one of them, together to the other. */
describe('commands decided together', () => {
  let world: StarsWorld;
  let now: number;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  beforeEach(() => setClock('2026-03-29T08:00:00Z'));
  afterAll(() => world.test.drop());

  async function setClock(instant: string): Promise<void> {
    now = Date.parse(instant);
    await world.clock(instant);
  }

  /** A wish as a command for the wallet whose holds have these keys. */
  function commandFor({ of, ...command }: Wish, keys: ReadonlyMap<string, string>): HoldCommand {
    if (command.kind === 'reserve') return command;
    const [hold] = [...keys].find(([, key]) => key === of) ?? [command.hold];
    return { ...command, hold };
  }

  async function answersOf(org: TestOrg, wishes: readonly Wish[], together: boolean): Promise<unknown[]> {
    const before = await keysOfHolds(world.test, org);
    const commands = wishes.map((wish) => commandFor(wish, before));
    const answers = await org.as(async () => {
      if (together) return world.holdRows.decide(commands);
      const each: unknown[] = [];
      for (const command of commands) each.push((await world.holdRows.decide([command]))[0]);
      return each;
    }, AGENTS);
    const keys = await keysOfHolds(world.test, org);
    return answers.map((answer) => {
      const { hold_id, ...words } = (answer ?? {}) as { hold_id?: string };
      return hold_id ? { ...words, hold_of: keys.get(hold_id) } : words;
    });
  }

  const reserve = (stars: number, more: Partial<HoldCommand & { kind: 'reserve' }> = {}): Wish => ({
    kind: 'reserve',
    key: newId(),
    hash: 'a',
    stars,
    agent: newId(),
    person: null,
    run: newId(),
    price: 1,
    ttl: 600,
    ...more,
  });
  const settle = (of: string, stars: number): Wish => ({ kind: 'settle', hold: newId(), of, stars });
  const release = (of: string): Wish => ({ kind: 'release', hold: newId(), of });
  const extend = (of: string, ttl: number): Wish => ({ kind: 'extend', hold: newId(), of, ttl });

  async function expectTheSame(pair: readonly [TestOrg, TestOrg], wishes: readonly Wish[], what: object = {}) {
    const [one, other] = pair;
    const alone = await answersOf(one, wishes, false);
    expect({ ...what, answers: await answersOf(other, wishes, true) }).toEqual({ ...what, answers: alone });
    const record = await walletRecord(world.test, one);
    expect({ ...what, ...(await walletRecord(world.test, other)) }).toEqual({ ...what, ...record });
    return alone as Record<string, unknown>[];
  }

  it.each([
    [1, 2_000, 400],
    [2, 2_000, 100],
    [3, 150, 60],
    [4, 150, 400],
    [5, 40, 30],
    [6, 600, 40],
  ])(
    'have the answers, and leave the wallet, holds, caps, ledger, warnings and events of the same commands one after the other: seed %i (B01, B02, B09, B11, B19)',
    async (seed, plenty, most) => {
      const pick = numbers(seed);
      const one = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
      const pair = [
        await world.org({ monthly: plenty, package: plenty }),
        await world.org({ monthly: plenty, package: plenty }),
      ] as const;
      const both = async (act: (org: TestOrg) => Promise<unknown>): Promise<void> => {
        const codes = [];
        for (const org of pair) codes.push(await act(org).then(Boolean, (error: { code: string }) => error.code));
        expect(codes[1]).toEqual(codes[0]);
      };
      const [agents, people, runs] = [3, 2, 2].map((count) => Array.from({ length: count }, newId)) as string[][];
      const keys = [newId()];
      const sources = ['welcome'];
      const key = (): string => {
        if (pick(6) === 0) return one(keys);
        keys.push(newId());
        return keys.at(-1) as string;
      };
      const recent = (): string => keys[Math.max(0, keys.length - 1 - pick(24))] as string;
      const wishes: (() => Wish)[] = [
        () =>
          reserve(1 + pick(pick(4) ? 20 : most), {
            key: key(),
            hash: pick(12) ? 'a' : 'b',
            agent: one(agents as string[]),
            person: pick(3) ? one(people as string[]) : null,
            run: one(runs as string[]),
            price: pick(20) ? 1 : 2,
            ttl: 1 + pick(pick(3) ? 3_600 : 120),
          }),
        () => settle(recent(), 1 + pick(pick(3) ? 15 : 60)),
        () => release(recent()),
        () => extend(recent(), 1 + pick(3_600)),
      ];
      const subject = () =>
        one([
          { layer: 'org_month' as const },
          { layer: 'agent_day' as const, agent_id: one(agents as string[]) },
          { layer: 'agent_day' as const },
          {
            layer: 'user_agent_month' as const,
            agent_id: one(agents as string[]),
            person_id: one(people as string[]),
          },
          { layer: 'user_agent_month' as const },
        ]);
      const meanwhile: (() => Promise<void>)[] = [
        async () => setClock(new Date(now + one([1, MINUTE, 20 * MINUTE, DAY, 12 * DAY, -DAY])).toISOString()),
        async () => {
          const [target, stars] = [subject(), pick(6) ? pick(2 * most) : null];
          await both((org) => org.as(() => world.caps.set({ ...target, stars })));
        },
        async () => {
          const [target, stars, until] = [subject(), 1 + pick(3 * most), new Date(now + pick(48) * 60 * MINUTE)];
          await both((org) => org.as(() => world.caps.raise({ ...target, stars, until: until.toISOString() })));
        },
        async () => {
          const grant = { source: newId(), compartment: one(['monthly', 'package'] as const), stars: 1 + pick(most) };
          sources.push(grant.source);
          await both((org) => world.grant(org, grant));
        },
        async () => {
          const reversal = { of: one(sources), source: newId(), stars: 1 + pick(60) };
          await both((org) => world.reverse(org, reversal));
        },
        async () => both((org) => org.as(() => world.wallets.repayOverdraft())),
        async () => {
          const status = pick(3) ? 'active' : 'suspended';
          await both((org) => org.as(() => world.wallets.stand({ status }), ORGS));
        },
      ];
      for (let round = 0; round < ROUNDS; round += 1) {
        const mixed = [one(wishes), one(wishes), wishes[0] as () => Wish];
        const batch = Array.from({ length: 2 + pick(20) }, () => one(mixed)());
        await expectTheSame(
          pair,
          ORDER.flatMap((kind) => batch.filter((wish) => wish.kind === kind)),
          { seed, round },
        );
        if (pick(2)) await (one(meanwhile) as () => Promise<void>)();
        if (pick(8) === 0) await both((org) => org.as(() => world.wallets.stand({ status: 'active' }), ORGS));
      }
      expect(await world.findings()).toEqual([]);
    },
    120_000,
  );

  it('go on after one that is refused, each by the first layer that refuses it and its figures then', async () => {
    const pair = [await world.org(), await world.org()] as const;
    const agent = newId();
    for (const org of pair) await org.as(() => world.caps.set({ layer: 'agent_day', agent_id: agent, stars: 10 }));
    const answers = await expectTheSame(pair, [
      reserve(8, { agent }),
      reserve(3, { agent }),
      reserve(500),
      reserve(2, { agent }),
      reserve(490),
      reserve(1),
    ]);
    expect(answers).toMatchObject([
      { outcome: 'reserved' },
      { outcome: 'refused', layer: 'agent_day', cap: 10, used: 8 },
      { outcome: 'refused', layer: 'wallet', reason: 'balance', cap: 500, used: 8 },
      { outcome: 'reserved' },
      { outcome: 'reserved' },
      { outcome: 'refused', layer: 'wallet', cap: 500, used: 500 },
    ]);
  });

  it('of one key are one, another request of it is refused, and a key that was refused is decided again', async () => {
    const pair = [await world.org(), await world.org()] as const;
    const [key, late] = [newId(), newId()];
    const agent = newId();
    const answers = await expectTheSame(pair, [
      reserve(600, { key: late, agent }),
      reserve(7, { key, agent }),
      reserve(7, { key, agent }),
      reserve(7, { key, agent, hash: 'b' }),
      reserve(5, { key: late, agent }),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'refused',
      'reserved',
      'reserved',
      'key_reused',
      'reserved',
    ]);
    expect(answers[2]).toEqual(answers[1]);
  });

  it('that reach a threshold tell of it what was used then, one by one', async () => {
    const pair = [await world.org(), await world.org()] as const;
    await expectTheSame(
      pair,
      Array.from({ length: 10 }, () => reserve(49)),
    );
    const { events } = await walletRecord(world.test, pair[1]);
    expect(
      (events as [number, string, string, string][]).map(([version, , , body]) => [version, JSON.parse(body)]),
    ).toMatchObject([
      [1, { layer: 'wallet', threshold: 50, used: 294 }],
      [2, { threshold: 80, used: 441 }],
    ]);
  });

  it('that end holds of this month, of the one before, late, twice, above themselves and of nobody are each ended by its own rule', async () => {
    const pair = [await world.org({ monthly: 300 }), await world.org({ monthly: 300 })] as const;
    const [old, expired, ...young] = Array.from({ length: 8 }, newId) as [string, string, ...string[]];
    await expectTheSame(pair, [reserve(20, { key: old, ttl: 3_600 }), reserve(20, { key: expired, ttl: 60 })]);
    await setClock('2026-03-31T23:50:00Z');
    const last = newId();
    await expectTheSame(pair, [reserve(30, { key: last, ttl: 3_600 })]);
    await setClock('2026-04-01T00:10:00Z');
    await expectTheSame(
      pair,
      young.map((key) => reserve(10, { key, ttl: 3_600 })),
    );
    const [a, b, c, d, e, f] = young as [string, string, string, string, string, string];
    expect(
      await expectTheSame(pair, [
        settle(a, 4),
        settle(b, 10),
        settle(last, 5),
        settle(c, 1),
        settle(c, 1),
        settle(a, 4),
        settle(b, 9),
        settle(d, 14),
        settle(old, 3),
        settle(newId(), 3),
        settle(e, 3),
      ]),
    ).toMatchObject([
      { outcome: 'settled', settled: 4 },
      { outcome: 'settled', settled: 10 },
      { outcome: 'settled', settled: 5 },
      { outcome: 'settled' },
      { outcome: 'settled' },
      { outcome: 'settled', settled: 4 },
      { outcome: 'ended' },
      { outcome: 'settled', overdrawn: 4 },
      { outcome: 'settled', settled: 3 },
      { outcome: 'not_found' },
      { outcome: 'settled', settled: 3 },
    ]);
    await expectTheSame(pair, [release(f), release(f), release(expired), release(a), release(newId())]);
    expect(await world.findings()).toEqual([]);
  });
});
