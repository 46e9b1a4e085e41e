import { newId, systemClock } from '@apollo/tenancy';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';
import { SimulationRepository } from './simulation.repository.js';
import { SimulationService } from './simulation.service.js';

describe('the cap simulator', () => {
  let world: StarsWorld;
  let simulator: SimulationService;
  let rows: SimulationRepository;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
    rows = new SimulationRepository(world.test.database);
    simulator = new SimulationService(rows, systemClock);
  });
  afterAll(() => world.test.drop());

  it('replays what was reserved, settled and given back, of the acting organization alone, and changes nothing', async () => {
    const [agent_id, person_id] = [newId(), newId()];
    await world.clock('2026-03-10 12:00:00Z');
    const [org, other] = [await world.org({ package: 5_000 }), await world.org({ package: 5_000 })];
    for (const minute of [0, 10, 20, 30]) {
      await world.clock(`2026-03-10 12:${String(minute).padStart(2, '0')}:00Z`);
      await world.settle(org, await world.hold(org, { stars: 50, agent_id, person_id }), 30);
      await world.hold(other, { stars: 900, agent_id: newId() });
    }
    await world.release(org, await world.hold(org, { stars: 400, agent_id }));
    const before = await world.wallet(org);
    const run = (caps: object[], since = '2026-03-10T00:00:00Z') =>
      org.as(() => simulator.run({ since, until: '2026-03-11T00:00:00Z', caps: caps as never }));
    expect(
      await run([
        { layer: 'agent_day', agent_id, stars: 100 },
        { layer: 'org_month', stars: 10_000 },
      ]),
    ).toMatchObject({
      reservations: 5,
      refused: 3,
      refused_stars: 500,
      complete: true,
      covered_until: '2026-03-11T00:00:00.000Z',
      first: { at: '2026-03-10T12:20:00.000Z', layer: 'agent_day', agent_id, person_id, stars: 50, cap: 100, used: 60 },
      caps: [
        { layer: 'agent_day', refused: 3, first_refused_at: '2026-03-10T12:20:00.000Z', peak: 80 },
        { layer: 'org_month', refused: 0, first_refused_at: null, peak: 80 },
      ],
    });
    expect(await run([{ layer: 'agent_day', agent_id, stars: 100 }], '2026-03-10T12:25:00Z')).toMatchObject({
      reservations: 2,
      refused: 2,
    });
    expect(await run([])).toMatchObject({ reservations: 5, refused: 0, first: null });
    expect(await world.wallet(org)).toEqual(before);
    expect(await world.findings()).toEqual([]);
  });

  it('takes what was charged after its end as given back until then', async () => {
    const agent_id = newId();
    await world.clock('2026-03-10 12:00:00Z');
    const [org, other] = [await world.org(), await world.org()];
    const [released, kept] = [
      await world.hold(org, { stars: 60, agent_id }),
      await world.hold(other, { stars: 60, agent_id }),
    ];
    await world.release(org, released);
    for (const minute of [1, 3]) {
      await world.clock(`2026-03-10 12:0${minute}:00Z`);
      await world.release(org, await world.hold(org, { stars: 50, agent_id }));
      await world.clock(`2026-03-10 12:0${minute + 1}:00Z`);
      if (minute === 1) await world.settle(org, released, 60);
    }
    await world.settle(other, kept, 60);
    const range = { since: '2026-03-10T00:00:00Z', until: '2026-03-11T00:00:00Z' };
    expect(
      await org.as(() => simulator.run({ ...range, caps: [{ layer: 'agent_day', agent_id, stars: 100 }] })),
    ).toMatchObject({ reservations: 3, refused: 1, first: { at: '2026-03-10T12:03:00.000Z', used: 60 } });
  });

  it('takes months and days as they were where the organization is', async () => {
    await world.clock('2026-03-31 10:00:00Z');
    const org = await world.org({ package: 5_000 }, 'Pacific/Auckland');
    await world.hold(org, { stars: 50 });
    await world.clock('2026-03-31 12:00:00Z');
    await world.hold(org, { stars: 50 });
    const caps = [{ layer: 'org_month' as const, stars: 60 }];
    expect(
      await org.as(() => simulator.run({ since: '2026-03-31T00:00:00Z', until: '2026-04-02T00:00:00Z', caps })),
    ).toMatchObject({ reservations: 2, refused: 0 });
  });

  it('replays no more than it may, and says up to when', async () => {
    await world.clock('2026-03-10 12:00:00Z');
    const org = await world.org();
    for (let n = 0; n < 5; n += 1) await world.hold(org, { stars: 1 });
    const [since, until] = [new Date('2026-03-10T00:00:00Z'), new Date('2026-03-11T00:00:00Z')];
    expect(await org.as(() => rows.past(since, until, 3, performance.now() + 10_000))).toMatchObject({
      complete: false,
      holds: { length: 3 },
    });
    expect(await org.as(() => rows.past(since, until, 10, performance.now() + 10_000))).toMatchObject({
      complete: true,
      holds: { length: 5 },
    });
    await world.clock(null);
    const now = await world.org();
    for (let n = 0; n < 7; n += 1) await world.hold(now, { stars: n + 1 });
    const paged = await now.as(() =>
      rows.past(new Date(Date.now() - 60_000), new Date(Date.now() + 60_000), 100, performance.now() + 10_000, 2),
    );
    expect([paged.complete, paged.holds.map(({ stars }) => stars)]).toEqual([true, [1, 2, 3, 4, 5, 6, 7]]);
    expect(await org.as(() => rows.past(since, until, 10, performance.now() - 1))).toEqual({
      complete: false,
      holds: [],
    });
  });

  it.each([
    ['2026-03-11T00:00:00Z', '2026-03-10T00:00:00Z', []],
    ['2024-03-11T00:00:00Z', '2026-03-10T00:00:00Z', []],
    ['2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z', [{ layer: 'org_month', agent_id: newId(), stars: 1 }]],
  ])('refuses the range %s to %s with %j', async (since, until, caps) => {
    const org = await world.org();
    expect(await codeOf(org.as(() => simulator.run({ since, until, caps: caps as never })))).toBe('validation_failed');
  });
});
