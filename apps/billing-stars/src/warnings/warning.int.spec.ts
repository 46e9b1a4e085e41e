import { newId } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import { StarsWorld, WAYS } from '../spec/stars.world.spec.js';

describe.each(WAYS)('warnings, %s,', (_way, isGathered) => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(16, { isGathered });
  });
  beforeEach(() => world.clock('2026-03-10 12:00:00Z'));
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  /** What was warned of, in the order it was told: layer and threshold. */
  const told = async (org: TestOrg): Promise<string[]> =>
    (
      await world.test.admin('select body from billing_stars.outbox where org_id = $1 order by entity_version', [
        org.id,
      ])
    )
      .map((row) => JSON.parse(String(row['body'])) as { layer: string; threshold: number })
      .map(({ layer, threshold }) => `${layer} ${threshold}`);

  it('come at 50, 80 and 100 parts of a hundred of the wallet, and are read with it', async () => {
    const org = await world.org({ package: 500 });
    for (const [stars, expected] of [
      [499, []],
      [1, ['wallet 50']],
      [299, ['wallet 50']],
      [1, ['wallet 50', 'wallet 80']],
      [200, ['wallet 50', 'wallet 80', 'wallet 100']],
    ] as const) {
      await world.hold(org, { stars });
      expect([stars, await told(org)]).toEqual([stars, expected]);
    }
    expect((await world.wallet(org)).warnings).toMatchObject([
      { layer: 'wallet', threshold: 100, stars: 1_000, used: 1_000, agent_id: null, starts: '2026-03-01' },
      { threshold: 80, used: 800 },
      { threshold: 50, used: 500, at: '2026-03-10T12:00:00.000Z' },
    ]);
  });

  it('come once each when reservations race across the thresholds, of the wallet and of every cap', async () => {
    const org = await world.org({ package: 9_500 });
    const [agent_id, person_id] = [newId(), newId()];
    await org.as(() => world.caps.set({ layer: 'org_month', stars: 150 }));
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 100 }));
    await org.as(() => world.caps.set({ layer: 'user_agent_month', agent_id, person_id, stars: 30 }));
    await Promise.all(
      Array.from({ length: 240 }, (_, n) =>
        world.reserve(org, {
          stars: 1,
          agent_id: n % 4 ? agent_id : newId(),
          person_id: n % 4 === 1 ? person_id : newId(),
        }),
      ),
    );
    expect((await told(org)).sort()).toEqual(
      ['agent_day', 'org_month', 'user_agent_month'].flatMap((layer) =>
        ['100', '50', '80'].map((threshold) => `${layer} ${threshold}`),
      ),
    );
    const caps = (await org.as(() => world.caps.list({}))).items;
    expect(caps.map(({ used, stars, warned }) => [used, stars, warned])).toEqual([
      [100, 100, 100],
      [150, 150, 100],
      [30, 30, 100],
    ]);
  });

  it('wake the relay, and nothing else that is reserved or settled does', async () => {
    const org = await world.org({ package: 500 });
    const woken: number[] = [];
    const counted = async <T>(work: Promise<T>): Promise<T> => work.finally(() => woken.push(world.woken));
    world.woken = 0;
    const hold = await counted(world.hold(org, { stars: 400 }));
    await counted(world.hold(org, { stars: 100 }));
    await counted(world.settle(org, hold, 400));
    await counted(world.hold(org, { stars: 300 }));
    expect(woken).toEqual([0, 1, 1, 2]);
  });

  it('of several thresholds crossed at once are told one by one, the lower first', async () => {
    const org = await world.org();
    await world.hold(org, { stars: 450 });
    expect(await told(org)).toEqual(['wallet 50', 'wallet 80']);
  });

  it('come with the commit in which the platform takes Stars back, under the tag of the organization', async () => {
    const org = await world.org();
    await world.grant(org, { source: 'payment-1', stars: 1_000 });
    await world.hold(org, { stars: 400 });
    expect(await told(org)).toEqual([]);
    await world.reverse(org, { of: 'payment-1', stars: 1_000 });
    expect(await told(org)).toEqual(['wallet 50', 'wallet 80']);
  });

  it('do not come again in the period when Stars come back and are used anew, and come anew in the next', async () => {
    const org = await world.org();
    for (let round = 0; round < 3; round += 1) await world.release(org, await world.hold(org, { stars: 260 }));
    expect(await told(org)).toEqual(['wallet 50']);
    await world.clock('2026-04-02 12:00:00Z');
    await world.hold(org, { stars: 260 });
    expect(await told(org)).toEqual(['wallet 50', 'wallet 50']);
    expect((await world.wallet(org)).warnings).toMatchObject([{ threshold: 50, starts: '2026-04-01' }]);
  });

  it('count what is granted in the period to what there was', async () => {
    const org = await world.org();
    await world.grant(org, { stars: 500 });
    await world.hold(org, { stars: 499 });
    expect(await told(org)).toEqual([]);
    await world.hold(org, { stars: 1 });
    expect(await told(org)).toEqual(['wallet 50']);
  });

  it('come when a settlement above the hold reaches a threshold, and not when a month takes its Stars', async () => {
    const org = await world.org({ package: 9_500, monthly: 9_000 });
    const agent_id = newId();
    await org.as(() => world.caps.set({ layer: 'agent_day', agent_id, stars: 100 }));
    await world.settle(org, await world.hold(org, { stars: 40, agent_id }), 85);
    expect(await told(org)).toEqual(['agent_day 50', 'agent_day 80']);
    await world.clock('2026-04-02 12:00:00Z');
    await org.as(() => world.walletRows.sweep());
    expect(await told(org)).toHaveLength(2);
  });

  it('are numbered without a gap in the order they were told, for whoever listens', async () => {
    const org = await world.org();
    await Promise.all(Array.from({ length: 50 }, () => world.reserve(org, { stars: 10 })));
    const rows = await world.test.admin(
      'select entity, entity_id, entity_version::int as version, type, actor from billing_stars.outbox where org_id = $1 order by entity_version',
      [org.id],
    );
    expect(rows).toEqual(
      [1, 2, 3].map((version) => ({
        entity: 'wallet',
        entity_id: org.id,
        version,
        type: 'billing-stars.wallet.warned.v1',
        actor: 'system:billing-stars',
      })),
    );
  });
});
