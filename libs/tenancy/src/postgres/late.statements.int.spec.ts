import { setTimeout as sleep } from 'node:timers/promises';
import { specimenSchema, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import { newId } from '../index.js';
import { platformStatement, statement } from './index.js';

const addPaper = statement<object, { id: string; title: string; secret: string }>(
  'add paper',
  'insert into specimen.papers (org_id, id, title, secret) values (:org, :id, :title, :secret)',
);
const everything = platformStatement<{ org_id: string }>('every paper', 'select org_id from specimen.papers');
const overwrite = platformStatement<object, { secret: string }>(
  'overwrite papers',
  'update specimen.papers set secret = :secret returning org_id',
);
const failing = platformStatement<object>('fail', 'select 1 / (count(*) - count(*)) from specimen.papers');

describe('what goes on in a transaction that has ended', () => {
  const [a, b] = twoOrgs();
  let test: TestDatabase;
  beforeAll(async () => {
    // One connection, so that the next transaction has the one of the last.
    test = await testDatabase(await specimenSchema(), { poolSize: 1 });
    for (const org of [a, b])
      await org.as(() => test.database.query(addPaper, { id: newId(), title: `of ${org.id}`, secret: org.canary }));
  });
  afterAll(() => test.drop());

  /** Runs `late` once B has a transaction open on the connection, and tells what it came to and what B saw. */
  async function whileBWorks(begin: (late: Promise<void>) => Promise<readonly Promise<unknown>[]>) {
    let go: () => void = () => undefined;
    const late = await begin(new Promise<void>((resolve) => (go = resolve)));
    const seen = await b.as(() =>
      test.database.transaction(async (transaction) => {
        await transaction.query(everything, {});
        go();
        await Promise.allSettled(late);
        await sleep(50);
        return transaction.query(everything, {});
      }),
    );
    return { seen, late: await Promise.allSettled(late) };
  }

  const ended = { status: 'rejected', reason: expect.objectContaining({ name: 'TransactionEndedError' }) };
  const untouched = async () =>
    expect(await test.admin('select org_id, secret from specimen.papers order by org_id')).toEqual(
      [a, b].map(({ id, canary }) => ({ org_id: id, secret: canary })).sort((x, y) => (x.org_id < y.org_id ? -1 : 1)),
    );

  it('reads and writes nothing of whoever has its connection next', async () => {
    const { seen, late } = await whileBWorks(async (open) => {
      const begun: Promise<unknown>[] = [];
      await a.as(() =>
        test.database.transaction(async (transaction) => {
          await transaction.query(everything, {});
          begun.push(
            open.then(() => transaction.query(everything, {})),
            open.then(() => test.database.query(overwrite, { secret: 'of A' })),
            open.then(() => test.database.transaction((inner) => inner.query(everything, {}))),
            open.then(() => transaction.defer(overwrite, { secret: 'of A' })),
            open.then(() => transaction.precede(overwrite, { secret: 'of A' })),
            open.then(() => transaction.afterCommit(() => undefined)),
            // Through a context of its own, which would have the session tagged anew.
            open.then(() => a.as(() => test.database.query(everything, {}))),
          );
        }),
      );
      return begun;
    });
    expect(late).toEqual(Array.from(late, () => ended));
    expect(seen).toEqual([{ org_id: b.id }]);
    await untouched();
  });

  it('does so no more where one branch has failed and another goes on', async () => {
    const { seen, late } = await whileBWorks(async (open) => {
      let other: Promise<unknown> = Promise.resolve();
      const both = a.as(() =>
        test.database.transaction(async () => {
          other = test.database.query(everything, {}).then(() => open.then(() => test.database.query(everything, {})));
          await Promise.all([test.database.query(failing, {}), other]);
        }),
      );
      await expect(both).rejects.toMatchObject({ code: '22012' });
      return [other];
    });
    expect(late).toEqual([ended]);
    expect(seen).toEqual([{ org_id: b.id }]);
    await untouched();
  });

  it('takes no connection where nothing was sent before', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const ended = Promise.withResolvers<void>();
    await a.as(() =>
      test.database.transaction(async () => {
        late = ended.promise.then(() => test.database.query(everything, {}));
      }),
    );
    ended.resolve();
    await expect(late).rejects.toMatchObject({ name: 'TransactionEndedError' });
    expect(await b.as(() => test.database.query(everything, {}))).toEqual([{ org_id: b.id }]);
  });

  it('is done where it was sent before the end, waited for or not', async () => {
    let sent: Promise<unknown> = Promise.resolve();
    await a.as(() =>
      test.database.transaction(async (transaction) => {
        sent = transaction.query(everything, {});
      }),
    );
    expect(await sent).toEqual([{ org_id: a.id }]);
  });
});
