import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@apollo/tenancy';
import { Attacker } from '@apollo/testing';
import { codeOf, StarsWorld, WAYS } from '../spec/stars.world.spec.js';

describe.each(WAYS)('reservations that race, %s,', (_way, isGathered) => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(16, { isGathered });
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('take exactly the last K Stars when 64 want one each at once (B01, B19)', async () => {
    const org = await world.org();
    await world.hold(org, { stars: 477 });
    const { result, findings } = await world.watched(() =>
      Promise.all(Array.from({ length: 64 }, () => world.reserve(org, { stars: 1 }))),
    );
    expect(result.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(23);
    for (const refused of result.filter(({ outcome }) => outcome === 'refused')) {
      expect(refused).toMatchObject({
        refused_by: 'wallet',
        reason: 'balance',
        cap: 500,
        used: 500,
        raised_by: ['owner'],
        hold_id: null,
      });
    }
    expect(findings).toEqual([]);
    expect(await world.wallet(org)).toMatchObject({ package_balance: 500, held: 500, available: 0 });
  });

  it('take effect once for one key, and get one answer, a hundred at a time (B02)', async () => {
    const org = await world.org();
    const wish = { stars: 7, key: newId(), agent_id: newId(), run_id: newId() };
    const answers = await Promise.all(Array.from({ length: 100 }, () => world.reserve(org, wish)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ outcome: 'reserved', from_package: 7 });
    expect((await world.wallet(org)).held).toBe(7);
  });

  it('get the same answer for the same key also after the hold was extended and settled (B02)', async () => {
    const org = await world.org();
    const wish = { stars: 7, key: newId(), agent_id: newId(), run_id: newId(), ttl_seconds: 60 };
    const first = await world.reserve(org, wish);
    await org.as(() => world.holds.extend(first.hold_id as string, 3_000));
    await world.settle(org, first.hold_id as string, 3);
    expect(await world.reserve(org, wish)).toEqual(first);
    expect(await world.wallet(org)).toMatchObject({ package_balance: 497, held: 0 });
  });

  it('are refused when a key comes again with another request (B02)', async () => {
    const org = await world.org();
    const wish = { stars: 7, key: newId(), agent_id: newId(), run_id: newId() };
    await world.hold(org, wish);
    for (const change of [
      { stars: 8 },
      { agent_id: newId() },
      { run_id: newId() },
      { person_id: newId() },
      { ttl_seconds: 30 },
    ]) {
      expect(await codeOf(world.reserve(org, { ...wish, ...change }))).toBe('idempotency_mismatch');
    }
    expect((await world.wallet(org)).held).toBe(7);
  });

  it('with one key in two organizations know nothing of each other (B04)', async () => {
    const [a, b] = [await world.org(), await world.org()];
    const wish = { stars: 7, key: newId(), agent_id: newId(), run_id: newId() };
    const [ofA, ofB] = await Promise.all([world.reserve(a, wish), world.reserve(b, { ...wish, stars: 9 })]);
    expect([ofA.from_package, ofB.from_package]).toEqual([7, 9]);
    expect(ofA.hold_id).not.toBe(ofB.hold_id);
    expect([(await world.wallet(a)).held, (await world.wallet(b)).held]).toEqual([7, 9]);
  });

  it('take monthly Stars before package Stars, each by a split that is stored, and give them back to where they came from (B14)', async () => {
    const org = await world.org({ monthly: 40 });
    const { result, findings } = await world.watched(() =>
      Promise.all(Array.from({ length: 20 }, () => world.reserve(org, { stars: 6 }))),
    );
    expect(findings).toEqual([]);
    const monthly = result.map(({ from_monthly }) => from_monthly).sort((x, y) => y - x);
    expect(monthly).toEqual([6, 6, 6, 6, 6, 6, 4, ...Array<number>(13).fill(0)]);
    for (const { from_monthly, from_package } of result) expect(from_monthly + from_package).toBe(6);
    const split = result.find(({ from_monthly }) => from_monthly === 4);
    expect(await world.settle(org, split?.hold_id as string, 5)).toMatchObject({
      settled: 5,
      from_monthly: 4,
      from_package: 1,
    });
    await Promise.all(
      result.filter((each) => each !== split).map(({ hold_id }) => world.release(org, hold_id as string)),
    );
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 36, package_balance: 499, held: 0 });
  });

  it('are decided by what is there then, whatever a balance said before (B24)', async () => {
    const org = await world.org();
    const read = await world.wallet(org);
    const all = await Promise.all(Array.from({ length: 12 }, () => world.reserve(org, { stars: read.available })));
    expect(all.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(1);
  });

  it('cut off while they wait take effect once when they are sent again (B20, B22)', async () => {
    const org = await world.org();
    const sitter = await Attacker.connect(world.test, org);
    await sitter.plain('begin', `select tenancy.carry('${sitter.tag()}')`, 'select billing_stars.sweep_wallet()');
    const wish = { stars: 7, key: newId(), agent_id: newId(), run_id: newId() };
    let waiting = 4;
    const cut = Promise.all(
      Array.from({ length: 4 }, () => codeOf(world.reserve(org, wish)).finally(() => (waiting -= 1))),
    );
    while (waiting > 0) {
      await world.test.admin(
        'select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity s on s.pid = l.pid where not l.granted and s.datname = current_database()',
      );
      await sleep(20);
    }
    expect((await cut).filter((code) => code === 'ok')).toEqual([]);
    await sitter.plain('rollback');
    await sitter.close();
    const answers = await Promise.all(Array.from({ length: 4 }, () => world.reserve(org, wish)));
    expect(new Set(answers.map(({ hold_id }) => hold_id)).size).toBe(1);
    expect((await world.wallet(org)).held).toBe(7);
  });

  it('settle and release of one hold at once end it once (B02)', async () => {
    const org = await world.org();
    for (let round = 0; round < 10; round += 1) {
      const hold = await world.hold(org, { stars: 10 });
      await Promise.all(
        [
          ...Array.from({ length: 4 }, () => world.settle(org, hold, 6)),
          ...Array.from({ length: 4 }, () => world.release(org, hold)),
        ].map(codeOf),
      );
    }
    expect(await world.findings()).toEqual([]);
    // Whoever came first: a release before a settlement gives back, and the settlement is a new debit; never twice.
    expect(await world.wallet(org)).toMatchObject({ package_balance: 440, held: 0, overdraft: 0 });
  });
});
