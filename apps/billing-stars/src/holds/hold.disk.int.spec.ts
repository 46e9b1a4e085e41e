import type { billingStarsMessages } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { type OwnPostgres, ownPostgres } from '@apollo/testing';
import { codeOf, StarsWorld, type Wish } from '../spec/stars.world.spec.js';

/** Room for some hundred reservations in the file of the write-ahead log that is begun. */
const ROOM_KB = 2 * 1024;
const AT_ONCE = 8;

describe('reservations while the disk is full', () => {
  let server: OwnPostgres;
  let world: StarsWorld;
  beforeAll(async () => {
    server = await ownPostgres();
    world = await StarsWorld.start(16, { server: server.adminUrl, isGathered: true });
  });
  afterAll(async () => {
    await world.test.drop();
    await server.stop();
  });

  it('fail, keep every Star that was acknowledged, do nothing by half, and go on once there is room (B21)', async () => {
    const org = await world.org({ package: 1_000_000 });
    await world.test.admin('select pg_switch_wal()');
    await server.restart(ROOM_KB);
    const sent: { wish: Wish; answer: billingStarsMessages.Reservation | null }[] = [];
    const keepReserving = async (): Promise<void> => {
      for (let full = false; !full;) {
        const wish = { stars: 1, key: newId(), agent_id: newId(), run_id: newId() };
        const answer = await world.reserve(org, wish).catch(() => null);
        sent.push({ wish, answer });
        full = answer === null;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, keepReserving));
    const acknowledged = sent.filter(({ answer }) => answer?.outcome === 'reserved');
    expect(acknowledged.length).toBeGreaterThan(AT_ONCE);
    expect(await codeOf(world.reserve(org, { stars: 1 }))).not.toBe('ok');

    await server.restart();
    expect(await world.findings()).toEqual([]);
    const held = (await world.wallet(org)).held;
    expect(held).toBeGreaterThanOrEqual(acknowledged.length);
    expect(held).toBeLessThanOrEqual(sent.length);
    // Asked again, what was acknowledged is there as it was, and all else is there once.
    const again: unknown[] = [];
    for (let at = 0; at < sent.length; at += AT_ONCE)
      again.push(...(await Promise.all(sent.slice(at, at + AT_ONCE).map(({ wish }) => world.reserve(org, wish)))));
    expect(again.filter((_, at) => sent[at]?.answer)).toEqual(acknowledged.map(({ answer }) => answer));
    expect((await world.wallet(org)).held).toBe(sent.length);
    expect(await world.findings()).toEqual([]);
  });
});
