import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { StarsWorld } from '../spec/stars.world.spec.js';
import { walletRecord } from '../spec/wallet.record.spec.js';
import { MAX_BATCH } from './batch.rules.js';

describe('batches under arbitrary SQL with the tag of their own organization', () => {
  let world: StarsWorld;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  beforeEach(async () => {
    [a, b] = [await world.org(), await world.org()];
    attacker = await Attacker.connect(world.test, a);
  });
  afterEach(async () => {
    await attacker.close();
    expect(await world.findings()).toEqual([]);
  });
  afterAll(() => world.test.drop());

  const list = (values: readonly string[], type: string): string => `array[${values.join(', ')}]::${type}[]`;
  /** A batch of reservations, as SQL; each list can be said otherwise. */
  function reserveMany(size: number, more: Record<string, string> = {}): string {
    const many = (value: string, type: string): string => list(Array<string>(size).fill(value), type);
    const id = `'${newId()}'`;
    const lists = {
      keys: list(
        Array.from({ length: size }, () => `'${newId()}'`),
        'text',
      ),
      hashes: many("'h'", 'text'),
      amounts: many('1', 'bigint'),
      agents: many(id, 'uuid'),
      persons: many('null', 'uuid'),
      runs: many(id, 'uuid'),
      prices: many('1', 'int'),
      ttls: many('60', 'int'),
      by_actor: `'${a.owner}'`,
      ...more,
    };
    return `select billing_stars.reserve_many(${Object.values(lists).join(', ')}) as answer`;
  }

  it('end and reserve nothing of another organization: its holds are not there (B17)', async () => {
    const [ofA, ofB] = [await world.hold(a, { stars: 10 }), await world.hold(b, { stars: 10 })];
    const before = await walletRecord(world.test, b);
    const ids = `array['${ofB}', '${ofA}', '${newId()}']::uuid[]`;
    const outcomes = async (sql: string): Promise<unknown[]> => {
      const { rows } = await attacker.commit(
        `select set_config('tenancy.entered', '${b.id}', true)`,
        `select e ->> 'outcome' as outcome from jsonb_array_elements(${sql}) e`,
      );
      return rows.map(({ outcome }) => outcome);
    };
    expect(await outcomes(`billing_stars.release_many(${ids}, '${a.owner}')`)).toEqual([
      'not_found',
      'released',
      'not_found',
    ]);
    expect(await outcomes(`billing_stars.settle_many(${ids}, array[1, 1, 1], '${a.owner}')`)).toEqual([
      'not_found',
      'settled',
      'not_found',
    ]);
    const key = String((before['holds'] as { idempotency_key: string }[])[0]?.idempotency_key);
    const { rows } = await attacker.commit(reserveMany(2, { keys: `array['${key}', '${newId()}']` }));
    expect(rows).toMatchObject([{ answer: [{ outcome: 'reserved' }, { outcome: 'reserved' }] }]);
    expect(await walletRecord(world.test, b)).toEqual(before);
  });

  it('are written down as done by whom the tag names, and by nobody else (B15)', async () => {
    const hold = await world.hold(a, { stars: 10 });
    const before = await walletRecord(world.test, a);
    for (const name of [`'${newId()}'`, "'system:agents'", 'null'])
      for (const sql of [
        reserveMany(2, { by_actor: name }),
        `select billing_stars.settle_many(array['${hold}']::uuid[], array[1], ${name})`,
        `select billing_stars.release_many(array['${hold}']::uuid[], ${name})`,
      ])
        expect([sql, (await attacker.commit(sql)).code]).toEqual([sql, '42501']);
    expect(await walletRecord(world.test, a)).toEqual(before);
  });

  it('ask for a genuine tag of an organization', async () => {
    for (const sql of [
      reserveMany(1),
      `select billing_stars.settle_many(array['${newId()}']::uuid[], array[1], '${a.owner}')`,
      `select billing_stars.release_many(array['${newId()}']::uuid[], '${a.owner}')`,
    ]) {
      expect((await attacker.plain(sql)).code).toBe('42501');
      const forged = attacker.tag().replace(a.id, b.id);
      await attacker.plain('begin');
      expect((await attacker.plain(`select tenancy.carry('${forged}')`, sql)).code).toBe('42501');
      await attacker.plain('rollback');
    }
  });

  it('bring no Star: no amount, and no list of them, is more than there is (B01, B28)', async () => {
    const before = await walletRecord(world.test, a);
    for (const amount of ['0', '-1', 'null', '1000000001', '9223372036854775807'])
      for (const sql of [
        reserveMany(2, { amounts: `array[1, ${amount}]` }),
        `select billing_stars.settle_many(array['${newId()}', '${newId()}']::uuid[], array[1, ${amount}], '${a.owner}')`,
      ])
        expect([sql, (await attacker.commit(sql)).code]).toEqual([sql, '22003']);
    expect(await walletRecord(world.test, a)).toEqual(before);
    const { rows } = await attacker.commit(reserveMany(3, { amounts: 'array[300, 300, 200]' }));
    expect(rows).toMatchObject([
      { answer: [{ outcome: 'reserved' }, { outcome: 'refused' }, { outcome: 'reserved' }] },
    ]);
    expect(await world.wallet(a)).toMatchObject({ package_balance: 500, held: 500 });
  });

  it('are lists of one length, from one to as many as a batch has, of elements that are no larger than any of ours', async () => {
    const before = await walletRecord(world.test, a);
    const ids = Array.from({ length: MAX_BATCH + 1 }, () => `'${newId()}'`);
    for (const [sql, code] of [
      [reserveMany(0), '22023'],
      [reserveMany(MAX_BATCH + 1), '22023'],
      [reserveMany(2, { keys: 'null' }), '22023'],
      [reserveMany(2, { persons: 'array[null]::uuid[]' }), '22023'],
      [reserveMany(2, { persons: "'[0:1]={null,null}'::uuid[]" }), '22023'],
      [reserveMany(2, { persons: "'{{null,null}}'::uuid[]" }), '22023'],
      [reserveMany(2, { ttls: 'array[60, 3601]' }), '22003'],
      [reserveMany(2, { ttls: 'array[60, null]' }), '22003'],
      [reserveMany(2, { keys: "array['k', repeat('k', 401)]" }), '22001'],
      [reserveMany(2, { hashes: "array['h', repeat('h', 65)]" }), '22001'],
      [reserveMany(2, { keys: "array['k', null]" }), '23502'],
      [`select billing_stars.settle_many(array[]::uuid[], array[]::bigint[], '${a.owner}')`, '22023'],
      [`select billing_stars.settle_many(${list(ids.slice(0, 2), 'uuid')}, array[1], '${a.owner}')`, '22023'],
      [`select billing_stars.release_many(${list(ids, 'uuid')}, '${a.owner}')`, '22023'],
      [`select billing_stars.release_many(null, '${a.owner}')`, '22023'],
    ] as const)
      expect([sql, (await attacker.commit(sql)).code]).toEqual([sql, code]);
    expect(await walletRecord(world.test, a)).toEqual(before);
    const { rows } = await attacker.commit(reserveMany(MAX_BATCH));
    expect((rows[0] as { answer: unknown[] }).answer).toHaveLength(MAX_BATCH);
  });
});
