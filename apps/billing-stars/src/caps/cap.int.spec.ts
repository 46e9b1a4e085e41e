import { newId } from '@apollo/tenancy';
import { testOrg, type TestOrg } from '@apollo/testing';
import type { CapLayer } from './cap.tables.js';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';

describe('caps', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start();
  });
  beforeEach(() => world.clock('2026-03-10 12:00:00Z'));
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('of a day are 1,000 Stars for each agent where nobody said otherwise', async () => {
    const org = await world.org({ package: 5_000 });
    const [one, other] = [newId(), newId()];
    await world.hold(org, { stars: 999, agent_id: one });
    expect(await world.reserve(org, { stars: 2, agent_id: one })).toMatchObject({
      outcome: 'refused',
      refused_by: 'agent_day',
      reason: 'cap',
      cap: 1_000,
      used: 999,
      raised_by: ['owner', 'admin'],
    });
    expect((await world.reserve(org, { stars: 1, agent_id: one })).outcome).toBe('reserved');
    expect((await world.reserve(org, { stars: 1_000, agent_id: other })).outcome).toBe('reserved');
  });

  it('of a day are what its persona says of the agent that it is, also before the wallet is heard of', async () => {
    const AGENTS = { actor: 'system:agents', role: 'system' } as const;
    const [org, other, agent_id] = [testOrg(), await world.org(), newId()];
    const say = (stars: number) => org.as(() => world.caps.followPersona(agent_id, stars), AGENTS);
    const refused = async (of: TestOrg, stars: number) => (await world.reserve(of, { stars, agent_id })).refused_by;
    for (let twice = 0; twice < 2; twice += 1) await say(40);
    expect(await refused(org, 41)).toBe('agent_day');
    expect(await refused(org, 40)).toBeNull();
    expect(await refused(other, 41)).toBeNull();
    // What is set here afterwards holds until the persona says another.
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 60 }));
    expect(await refused(org, 20)).toBeNull();
    await say(50);
    expect(await refused(org, 1)).toBe('agent_day');
    await org.as(() => world.wallets.open('Europe/Berlin'));
    expect((await org.as(() => world.caps.list({}))).items).toMatchObject([
      { layer: 'agent_day', agent_id, stars: 50 },
    ]);
  });

  it('stay as they are where nothing is said of Stars, and go where null is', async () => {
    const org = await world.org({ package: 5_000 });
    const monthly = async () => (await org.as(() => world.caps.list({}))).items.map(({ stars }) => stars);
    await org.as(() => world.caps.set({ layer: 'org_month', stars: 30 }));
    expect(await codeOf(org.as(() => world.caps.set({ layer: 'org_month' })))).toBe('validation_failed');
    expect(await monthly()).toEqual([30]);
    await org.as(() => world.caps.set({ layer: 'org_month', stars: null }));
    expect(await monthly()).not.toContain(30);
  });

  it('that are not there are not taken away, and leave no entry', async () => {
    const org = await world.org({ package: 5_000 });
    const pair = { agent_id: newId(), person_id: newId() };
    const before = (await org.as(() => world.caps.list({}))).items;
    for (const subject of [
      { layer: 'org_month' },
      { layer: 'user_agent_month', ...pair },
      { layer: 'user_agent_month' },
    ] as const)
      expect(await codeOf(org.as(() => world.caps.set({ ...subject, stars: null })))).toBe('state_conflict');
    expect((await org.as(() => world.caps.list({}))).items).toEqual(before);
    // Where a cap for all holds, one has none by an entry of its own.
    await org.as(() => world.caps.set({ layer: 'user_agent_month', stars: 5 }));
    expect(await org.as(() => world.caps.set({ layer: 'user_agent_month', ...pair, stars: null }))).toMatchObject({
      stars: null,
    });
  });

  it('are raised to more than they are, be it their own, that for all or the standard one', async () => {
    const org = await world.org({ package: 5_000 });
    const [agent_id, until] = [newId(), '2026-03-20T00:00:00.000Z'];
    const raise = (layer: CapLayer, stars: number, agent?: string): Promise<string | undefined> =>
      codeOf(org.as(() => world.caps.raise({ layer, stars, until, agent_id: agent })));
    await org.as(() => world.caps.set({ layer: 'org_month', stars: 30 }));
    expect(await raise('org_month', 10)).toBe('state_conflict');
    expect(await raise('org_month', 30)).toBe('state_conflict');
    expect(await raise('agent_day', 1_000, agent_id)).toBe('state_conflict');
    await org.as(() => world.caps.set({ layer: 'agent_day', stars: 2_000 }));
    expect(await raise('agent_day', 2_000, agent_id)).toBe('state_conflict');
    const raised = await org.as(() => world.caps.raise({ layer: 'agent_day', stars: 2_001, until, agent_id }));
    expect(raised).toMatchObject({ stars: 2_000, raise_to: 2_001 });
  });

  it('refuse in the order wallet, month, agent, person with agent, and the first to refuse is named', async () => {
    const org = await world.org();
    const [agent_id, person_id] = [newId(), newId()];
    await org.as(() => world.caps.set({ layer: 'user_agent_month', agent_id, person_id, stars: 10 }));
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 20 }));
    await org.as(() => world.caps.set({ layer: 'org_month', stars: 30 }));
    const refuser = async (stars: number, person?: string): Promise<string | null> =>
      (await world.reserve(org, { stars, agent_id, person_id: person })).refused_by;
    expect(await refuser(501, person_id)).toBe('wallet');
    expect(await refuser(31, person_id)).toBe('org_month');
    expect(await refuser(21, person_id)).toBe('agent_day');
    expect(await refuser(11, person_id)).toBe('user_agent_month');
    // A refusal by the last layer has left nothing with those that agreed.
    expect(await world.test.admin('select * from billing_stars.cap_counters where org_id = $1', [org.id])).toEqual([]);
    expect(await refuser(11, newId())).toBeNull();
    expect(await refuser(10, person_id)).toBe('agent_day');
    expect(await refuser(9, person_id)).toBeNull();
  });

  it('of all layers hold at every committed state, however many agents and people race (B09, B19)', async () => {
    const org = await world.org({ package: 100_000 });
    const [agents, people] = [Array.from({ length: 4 }, newId), Array.from({ length: 3 }, newId)];
    const limits = { org_month: 500, agent_day: 150, user_agent_month: 60 };
    await org.as(() => world.caps.set({ layer: 'org_month', stars: limits.org_month }));
    await org.as(() => world.caps.set({ layer: 'agent_day', stars: limits.agent_day }));
    await org.as(() => world.caps.set({ layer: 'user_agent_month', stars: limits.user_agent_month }));
    // One agent is asked more than the others and one person asks more, so that each kind of cap is met before the
    // next.
    const act = async (n: number): Promise<string | null> => {
      const { hold_id, refused_by } = await world.reserve(org, {
        stars: 1 + ((n * 7) % 13),
        agent_id: agents[Math.min(n % 7, 3)] ?? '',
        person_id: people[Math.min(n % 5, 2)],
      });
      if (hold_id && n % 5 === 0) await world.release(org, hold_id);
      if (hold_id && n % 5 === 1) await world.settle(org, hold_id, 1);
      return refused_by;
    };
    // Beside the equations, the caps themselves by another path: summed from holds, compared with what was set.
    const exceeded: unknown[] = [];
    const over = { done: false };
    const watching = (async () => {
      for (let looks = 0; !over.done || looks === 0; looks += 1) {
        exceeded.push(
          ...(await world.test.admin(
            `
          select 'org' as what, sum(case state when 'open' then stars else settled end) as used from billing_stars.holds where org_id = $1 having sum(case state when 'open' then stars else settled end) > $2
          union all select agent_id::text, sum(case state when 'open' then stars else settled end) from billing_stars.holds where org_id = $1 group by 1 having sum(case state when 'open' then stars else settled end) > $3
          union all select agent_id::text || person_id::text, sum(case state when 'open' then stars else settled end) from billing_stars.holds where org_id = $1 group by 1
            having sum(case state when 'open' then stars else settled end) > $4`,
            [org.id, limits.org_month, limits.agent_day, limits.user_agent_month],
          )),
        );
      }
    })();
    const { result, looks, findings } = await world.watched(() =>
      Promise.all(Array.from({ length: 400 }, (_, n) => act(n))),
    );
    over.done = true;
    await watching;
    expect(findings).toEqual([]);
    expect(exceeded).toEqual([]);
    expect(looks).toBeGreaterThan(2);
    // The control: every layer was reached, so every layer was tried.
    expect(new Set(result)).toEqual(new Set([null, 'org_month', 'agent_day', 'user_agent_month']));
  });

  it('lowered below what is used let nothing new in, and open holds end as they would (B10)', async () => {
    const org = await world.org();
    const agent_id = newId();
    const [first, second] = [
      await world.hold(org, { stars: 40, agent_id }),
      await world.hold(org, { stars: 40, agent_id }),
    ];
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 50 }));
    expect(await world.reserve(org, { stars: 1, agent_id })).toMatchObject({
      refused_by: 'agent_day',
      cap: 50,
      used: 80,
    });
    expect(await world.settle(org, first, 40)).toMatchObject({ settled: 40, overdrawn: 0 });
    expect(await world.reserve(org, { stars: 1, agent_id })).toMatchObject({ refused_by: 'agent_day', used: 80 });
    await world.release(org, second);
    expect((await world.reserve(org, { stars: 10, agent_id })).outcome).toBe('reserved');
    expect(await world.reserve(org, { stars: 1, agent_id })).toMatchObject({
      refused_by: 'agent_day',
      cap: 50,
      used: 50,
    });
  });

  it('lowered while reservations race are never exceeded by one made after (B10)', async () => {
    const org = await world.org();
    const agent_id = newId();
    const racing = Promise.all(Array.from({ length: 60 }, () => world.reserve(org, { stars: 5, agent_id })));
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 20 }));
    const held = (await world.wallet(org)).held;
    await racing;
    const [counter] = await world.test.admin(
      "select held, allowed from billing_stars.cap_counters where org_id = $1 and layer = 'agent_day'",
      [org.id],
    );
    // What was reserved before the cap stays; after it, only while there is room beneath it.
    expect(Number(counter?.['held'])).toBeLessThanOrEqual(Math.max(held, 20));
  });

  it('raised for a while fall back by themselves', async () => {
    const org = await world.org({ package: 5_000 });
    const agent_id = newId();
    expect(
      await org.as(() =>
        world.caps.raise({ layer: 'agent_day', agent_id, stars: 1_500, until: '2026-03-10T13:00:00Z' }),
      ),
    ).toMatchObject({ stars: 1_000, raise_to: 1_500, version: 1 });
    await world.settle(org, await world.hold(org, { stars: 1_400, agent_id }), 1_400);
    await world.clock('2026-03-10 13:00:00Z');
    expect(await world.reserve(org, { stars: 1, agent_id })).toMatchObject({
      refused_by: 'agent_day',
      cap: 1_000,
      used: 1_400,
    });
    expect(
      await codeOf(
        org.as(() => world.caps.raise({ layer: 'agent_day', agent_id, stars: 1_500, until: '2026-03-10T13:00:00Z' })),
      ),
    ).toBe('validation_failed');
    expect(
      await codeOf(org.as(() => world.caps.raise({ layer: 'org_month', stars: 1_500, until: '2026-03-11T13:00:00Z' }))),
    ).toBe('state_conflict');
  });

  it('overrun by a settlement above the hold let nothing more in', async () => {
    const org = await world.org();
    const agent_id = newId();
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 50 }));
    await world.settle(org, await world.hold(org, { stars: 40, agent_id }), 70);
    await world.grant(org, { stars: 100 });
    expect(await world.reserve(org, { stars: 1, agent_id })).toMatchObject({
      refused_by: 'agent_day',
      cap: 50,
      used: 70,
    });
  });

  it("of one's own go before the one for all, and null takes a cap away", async () => {
    const org = await world.org({ package: 5_000 });
    const agent_id = newId();
    await org.as(() => world.caps.set({ layer: 'agent_day', stars: 5 }));
    expect(await world.reserve(org, { stars: 6, agent_id })).toMatchObject({ refused_by: 'agent_day', cap: 5 });
    const cap = await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: null }));
    expect(cap).toMatchObject({ layer: 'agent_day', agent_id, stars: null, version: 1 });
    await world.hold(org, { stars: 3_000, agent_id });
    expect(await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 0, if_match: 1 }))).toMatchObject({
      stars: 0,
      used: 3_000,
      version: 2,
    });
    expect(await codeOf(org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 1, if_match: 1 })))).toBe(
      'etag_mismatch',
    );
    expect(await codeOf(org.as(() => world.caps.set({ layer: 'org_month', agent_id, stars: 1 })))).toBe(
      'validation_failed',
    );
  });

  it('are listed in pages, each once, with what is used of them', async () => {
    const org = await world.org();
    const agents = Array.from({ length: 5 }, newId).sort();
    for (const agent_id of agents) await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 100 }));
    await world.hold(org, { stars: 7, agent_id: agents[0] });
    const seen: (string | null)[] = [];
    let cursor: string | undefined;
    do {
      const page = await org.as(() => world.caps.list({ limit: 2, cursor }));
      seen.push(...page.items.map(({ agent_id, used }) => `${agent_id} ${used}`));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(agents.map((agent, index) => `${agent} ${index === 0 ? 7 : 0}`));
  });
});
