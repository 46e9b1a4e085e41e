import { testOrg } from '@apollo/testing';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';

describe('a wallet follows its organization', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('and reserves nothing while it is suspended; what is under way ends by rule (M27)', async () => {
    const [org, other] = [await world.org(), await world.org()];
    const [first, second] = [await world.hold(org, { stars: 100 }), await world.hold(org, { stars: 100 })];
    for (let twice = 0; twice < 2; twice += 1) await org.as(() => world.wallets.stand({ status: 'suspended' }), ORGS);
    // What else changes about it changes nothing of that.
    await org.as(() => world.wallets.follow({ time_zone: 'Europe/Berlin' }), ORGS);
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'suspended',
      hold_id: null,
    });
    expect(await world.settle(org, first, 40)).toMatchObject({ settled: 40, overdrawn: 0 });
    await world.release(org, second);
    expect(await world.wallet(org)).toMatchObject({
      standing: 'suspended',
      package_balance: 460,
      held: 0,
      time_zone: 'Europe/Berlin',
    });
    expect((await world.reserve(other, { stars: 1 })).outcome).toBe('reserved');
    await org.as(() => world.wallets.stand({ status: 'active' }), ORGS);
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('reserved');
  });

  it('and reserves nothing any more once it is gone, whatever comes late (M27)', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 100 });
    for (let twice = 0; twice < 2; twice += 1) await org.as(() => world.wallets.close(), ORGS);
    await org.as(() => world.wallets.stand({ status: 'active' }), ORGS);
    expect(await org.as(() => world.wallets.open('UTC'))).toBe(false);
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'closed',
    });
    expect(await world.settle(org, hold, 100)).toMatchObject({ settled: 100 });
    expect(await world.wallet(org)).toMatchObject({ standing: 'closed', package_balance: 400, held: 0 });
  });

  it('also to the end of one that has no wallet: nothing is done', async () => {
    const org = testOrg();
    await org.as(() => world.wallets.close(), ORGS);
    await org.as(() => world.wallets.follow({ time_zone: 'UTC' }), ORGS);
    expect(await world.test.admin('select 1 from billing_stars.wallets where org_id = $1', [org.id])).toEqual([]);
  });

  it('also where it is heard of the suspension before it is of the beginning (M26, M27)', async () => {
    const org = testOrg();
    await org.as(() => world.wallets.stand({ status: 'suspended' }), ORGS);
    expect(await org.as(() => world.wallets.open('Europe/Berlin'), ORGS)).toBe(false);
    await org.as(() => world.wallets.follow({ time_zone: 'Europe/Berlin' }), ORGS);
    expect(await world.wallet(org)).toMatchObject({ standing: 'suspended', time_zone: 'Europe/Berlin' });
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({ outcome: 'refused', reason: 'suspended' });
    await org.as(() => world.wallets.stand({ status: 'active' }), ORGS);
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('reserved');
  });
});
