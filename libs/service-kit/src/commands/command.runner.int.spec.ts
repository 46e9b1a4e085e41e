import { ConfirmTotp, type RequestContract, SetCap, TakeProviderMessage, typeOf } from '@apollo/contracts';
import { type Envelope, handling } from '@apollo/messaging';
import { newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import { orgContext, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import { kitSchema, stamp } from '../start/kit.world.spec.js';
import { commandRunner } from './command.runner.js';

const SECRET = 'c3'.repeat(32);

describe('a command', () => {
  const [a, b] = twoOrgs();
  let test: TestDatabase;
  let times = 0;
  beforeAll(async () => {
    test = await testDatabase(await kitSchema());
  });
  afterAll(() => test.drop());
  beforeEach(() => void (times = 0));

  const ofA = orgContext(a.id, a.owner, 'owner');
  const self = (actor: string): TenantContext => ({ ...ofA, scope: 'self', orgId: null, actor, role: 'none' });
  const platform = (actor: string): TenantContext => ({ ...self(actor), scope: 'platform' });

  interface Sent {
    readonly context?: TenantContext;
    readonly contract?: RequestContract;
    readonly key?: string;
    readonly payload?: object;
    readonly prepare?: () => Promise<object>;
    readonly secret?: string;
    readonly handle?: (prepared?: object) => Promise<object>;
  }
  /** Answers how often it was done, with what it was told. */
  const done = async (prepared?: object): Promise<object> => ({ times: (times += 1), ...prepared });
  async function run({ context = ofA, contract = SetCap, key = 'k', ...sent }: Sent): Promise<object> {
    const { payload = {}, prepare, secret = SECRET, handle = done } = sent;
    const envelope = { context, type: typeOf(contract), idempotencyKey: key } as Envelope;
    const runner = commandRunner(test.database, 'specimen', secret);
    return runInTenantContext(context, () => handling({ envelope, contract, payload }, () => runner(handle, prepare)));
  }

  it('is done once for whoever sends it, under its key and of its kind', async () => {
    const key = newId();
    const others: Sent[] = [
      { key: newId() },
      { contract: TakeProviderMessage },
      { context: { ...ofA, actor: a.viewer } },
      { context: orgContext(b.id, a.owner, 'owner') },
      { context: { ...ofA, delegation: { service: 'leads', run: newId(), as: 'Clerk' } } },
      { context: self(a.owner) },
      { context: platform(a.owner) },
    ];
    expect([await run({ key }), await run({ key })]).toEqual([{ times: 1 }, { times: 1 }]);
    for (const [nth, other] of others.entries())
      expect([await run({ key, ...other }), await run({ key, ...other })]).toEqual([
        { times: nth + 2 },
        { times: nth + 2 },
      ]);
    expect(await run({ key })).toEqual({ times: 1 });
  });

  it('is refused under the key of another request', async () => {
    const key = newId();
    await run({ key, payload: { n: 1 } });
    await expect(run({ key, payload: { n: 2 } })).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    expect(times).toBe(1);
  });

  it('of nobody in particular is told from those of others by what is sent', async () => {
    const key = newId();
    const sent = (n: number): Promise<object> => run({ key, context: platform('anonymous'), payload: { n } });
    expect([await sent(1), await sent(2), await sent(1)]).toEqual([{ times: 1 }, { times: 2 }, { times: 1 }]);
  });

  it('leaves nothing of its request to read, and a hash that only its service makes', async () => {
    const key = newId();
    await run({ key, payload: { password: 'hunter2' } });
    const [row] = await test.admin('select * from specimen.org_commands where idempotency_key = $1', [key]);
    expect(row).toMatchObject({ actor: a.owner, message_type: typeOf(SetCap), reply: '{"times":1}' });
    expect(row?.['request_hash']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain('hunter2');
    const other = run({ key, payload: { password: 'hunter2' }, secret: 'd4'.repeat(32) });
    await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('takes effect with the memory of its answer, or not at all', async () => {
    const key = newId();
    const failing = run({
      key,
      handle: async () => {
        await test.database.query(stamp, { id: newId(), text: key });
        throw new Error('not this time');
      },
    });
    await expect(failing).rejects.toThrow('not this time');
    expect(await test.admin('select 1 from specimen.stamps where text = $1', [key])).toEqual([]);
    expect(await run({ key })).toEqual({ times: 1 });
  });

  it('that is sent twice at once takes effect once, and both get the answer', async () => {
    const key = newId();
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const handle = async (): Promise<object> => {
      const nth = (begun += 1);
      if (begun === 2) both.resolve();
      await both.promise;
      await test.database.query(stamp, { id: newId(), text: key });
      return { nth };
    };
    const [one, other] = await Promise.all([run({ key, handle }), run({ key, handle })]);
    expect(one).toEqual(other);
    expect(await test.admin('select text from specimen.stamps where text = $1', [key])).toHaveLength(1);
  });

  it('is prepared for outside of its transaction, and not where its answer is known', async () => {
    const key = newId();
    let prepared = 0;
    const prepare = async (): Promise<object> => ({ prepared: (prepared += 1) });
    const wanted = { times: 1, prepared: 1 };
    expect([await run({ key, prepare }), await run({ key, prepare }), prepared]).toEqual([wanted, wanted, 1]);
    const failing = run({ key: newId(), prepare: () => Promise.reject(new Error('not prepared')) });
    await expect(failing).rejects.toThrow('not prepared');
    expect(times).toBe(1);
  });

  it('is refused outside of the handling of a message', async () => {
    const alone = commandRunner(test.database, 'specimen', SECRET)(done);
    await expect(alone).rejects.toThrow('handling of a message');
  });

  describe('whose answer holds a secret', () => {
    const context = self(a.owner);
    const secret = (key: string, more: Sent = {}): Promise<object> =>
      run({ key, context, contract: ConfirmTotp, ...more });
    const age = (key: string, minutes: number): Promise<unknown> =>
      test.admin(
        'update specimen.person_commands set created_at = now() - make_interval(mins => $2) where idempotency_key = $1',
        [key, minutes],
      );

    it('leaves none to read, opens it for the same request, and for ten minutes', async () => {
      const key = newId();
      expect([await secret(key), await secret(key)]).toEqual([{ times: 1 }, { times: 1 }]);
      const [row] = await test.admin('select reply from specimen.person_commands where idempotency_key = $1', [key]);
      expect(row?.['reply']).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
      await age(key, 9);
      expect(await secret(key)).toEqual({ times: 1 });
      await age(key, 11);
      expect(await secret(key)).toEqual({ times: 2 });
    });

    it('is forgotten after ten minutes, of its kind alone', async () => {
      const [old, plain] = [newId(), newId()];
      await secret(old);
      await run({ key: plain, context });
      await Promise.all([age(old, 11), age(plain, 11)]);
      await secret(newId());
      const left = await test.admin(
        'select idempotency_key as key from specimen.person_commands where idempotency_key = any($1)',
        [[old, plain]],
      );
      expect(left).toEqual([{ key: plain }]);
    });

    it('opens in no other row, and after ten minutes in none, whatever the row says', async () => {
      const [one, other] = [newId(), newId()];
      await secret(one);
      await secret(other);
      await test.admin(
        `update specimen.person_commands set reply = (select reply from specimen.person_commands where idempotency_key = $1)
         where idempotency_key = $2`,
        [one, other],
      );
      await expect(secret(other)).rejects.toMatchObject({ code: 'state_conflict' });
      const { now } = Date;
      const later = now() + 600_001;
      Date.now = () => later;
      try {
        await expect(secret(one)).rejects.toMatchObject({ code: 'state_conflict' });
      } finally {
        Date.now = now;
      }
      expect(await secret(one)).toEqual({ times: 1 });
    });
  });

  it('is forgotten after a day, in one of a hundred commands of its organization', async () => {
    const [old, young] = [newId(), newId()];
    for (const key of [old, young]) await run({ key });
    await run({ key: old, context: orgContext(b.id, b.owner, 'owner') });
    await test.admin(
      "update specimen.org_commands set created_at = now() - interval '25 hours' where idempotency_key = $1",
      [old],
    );
    const left = () => test.admin('select org_id from specimen.org_commands where idempotency_key = $1', [old]);
    const { random } = Math;
    try {
      Math.random = () => 0.01;
      await run({ key: newId() });
      expect(await left()).toHaveLength(2);
      Math.random = () => 0.0099;
      await run({ key: newId() });
    } finally {
      Math.random = random;
    }
    expect(await left()).toEqual([{ org_id: b.id }]);
    expect(await run({ key: young })).toEqual({ times: 2 });
  });
});
