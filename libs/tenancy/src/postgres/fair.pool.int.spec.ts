import { setTimeout as sleep } from 'node:timers/promises';
import { Attacker, specimenSchema, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import { newId } from '../index.js';
import { DatabaseBusyError } from './database.errors.js';
import { platformStatement, statement } from './index.js';

const SIZE = 4;
const add = statement<object, { id: string }>(
  'add own paper',
  "insert into specimen.papers (org_id, id, title, secret) values (:org, :id, 'own', 's')",
);
const change = statement<object, object>(
  'change own papers',
  "update specimen.papers set title = 'x' where org_id = :org",
);
const open = platformStatement<object>('nothing', 'select');

describe('A74 requests that wait for a row of their own organization', () => {
  const [a, b] = twoOrgs();
  let test: TestDatabase;
  let holder: Attacker;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: SIZE });
    for (const org of [a, b]) await org.as(() => test.database.query(add, { id: newId() }));
    holder = await Attacker.connect(test, a);
  });
  afterAll(async () => {
    await holder?.close();
    await test?.drop();
  });

  /** More requests of A than there are connections, all of which wait; ended by `finish`. */
  async function waiting(): Promise<{ finish: () => Promise<PromiseSettledResult<object[]>[]> }> {
    await holder.plain('begin', `select tenancy.carry('${holder.tag()}')`, "update specimen.papers set title = 'held'");
    const requests = Promise.allSettled(
      Array.from({ length: 3 * SIZE }, () => a.as(() => test.database.query(change, {}))),
    );
    await sleep(300);
    return {
      finish: async () => {
        await holder.plain('rollback');
        return requests;
      },
    };
  }

  it('keep no connection from another one, and are served when the row is free', async () => {
    const { finish } = await waiting();
    const since = performance.now();
    for (let n = 0; n < 10; n += 1) await b.as(() => test.database.query(open, {}));
    expect(performance.now() - since).toBeLessThan(2_000);
    const outcomes = await finish();
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 3 * SIZE }, () => 'fulfilled'));
  }, 30_000);

  it('are told in time that their organization holds all it may have', async () => {
    await holder.plain('begin', `select tenancy.carry('${holder.tag()}')`, "update specimen.papers set title = 'held'");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 * SIZE }, () => a.as(() => test.database.query(change, {}))),
    );
    await holder.plain('rollback');
    const reasons = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as Error);
    // Those that have a connection wait for the lock as long as one may wait for it, the others as long for a connection.
    expect(reasons.filter((reason) => reason instanceof DatabaseBusyError).length).toBeGreaterThanOrEqual(SIZE);
    await a.as(() => test.database.query(open, {}));
  }, 30_000);
});
