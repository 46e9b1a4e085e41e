import { createLogger } from '@apollo/service-kit';
import { asPlatform } from '@apollo/testing';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';
import { WalletSweeper } from './wallet.sweeper.js';

describe('the sweeper', () => {
  let world: StarsWorld;
  let sweeper: WalletSweeper;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
    sweeper = new WalletSweeper(world.walletRows, createLogger('billing-stars', 'silent'));
  });
  beforeEach(() => world.clock('2026-03-10 12:00:00Z'));
  afterEach(async () => {
    expect(await world.findings()).toEqual([]);
    expect(await sweeper.sweep()).toBe(0);
  });
  afterAll(() => world.test.drop());

  it('gives back the holds of every organization that are due, once, and no others (B07)', async () => {
    const [a, b, c] = [await world.org(), await world.org(), await world.org()];
    await world.hold(a, { stars: 100, ttl_seconds: 60 });
    await world.hold(a, { stars: 30, ttl_seconds: 600 });
    await world.hold(b, { stars: 100, ttl_seconds: 90 });
    await world.hold(c, { stars: 100, ttl_seconds: 600 });
    expect(await sweeper.sweep()).toBe(0);
    await world.clock('2026-03-10 12:05:00Z');
    expect(new Set(await asPlatform(() => world.walletRows.findDue()))).toEqual(new Set([a.id, b.id]));
    const swept = await Promise.all(Array.from({ length: 3 }, () => sweeper.sweep()));
    expect(Math.max(...swept)).toBe(2);
    expect([(await world.wallet(a)).held, (await world.wallet(b)).held, (await world.wallet(c)).held]).toEqual([
      30, 0, 100,
    ]);
    await world.clock('2026-03-10 12:20:00Z');
    expect(await sweeper.sweep()).toBe(2);
    expect([(await world.wallet(a)).held, (await world.wallet(c)).held]).toEqual([0, 0]);
  });

  it('books the end of a month, where the organization is, though nobody asks for anything (B11)', async () => {
    const [berlin, honolulu] = [
      await world.org({ monthly: 100 }, 'Europe/Berlin'),
      await world.org({ monthly: 100 }, 'Pacific/Honolulu'),
    ];
    const ended = (): Promise<unknown[]> =>
      world.test.admin("select org_id from billing_stars.ledger_transactions where kind = 'period_end' order by at");
    await world.clock('2026-03-31 21:59:59Z');
    expect(await sweeper.sweep()).toBe(0);
    await world.clock('2026-03-31 22:00:00Z');
    expect(await sweeper.sweep()).toBe(1);
    expect(await ended()).toEqual([{ org_id: berlin.id }]);
    await world.clock('2026-04-01 10:00:00Z');
    expect(await sweeper.sweep()).toBe(1);
    expect(await ended()).toEqual([{ org_id: berlin.id }, { org_id: honolulu.id }]);
  });

  it('follows an organization to another time zone', async () => {
    const org = await world.org({ monthly: 100 }, 'Pacific/Honolulu');
    await org.as(() => world.walletRows.follow('Pacific/Auckland'), ORGS);
    await world.clock('2026-03-31 11:00:00Z');
    expect(await sweeper.sweep()).toBe(1);
    expect(await world.wallet(org)).toMatchObject({ period: '2026-04-01', monthly_balance: 0 });
  });
});
