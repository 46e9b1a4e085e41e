import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningNats, startNats } from '@apollo/servers';
import { newId } from '@apollo/tenancy';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { createUser, type KeyPair } from '@nats-io/nkeys';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import pg from 'pg';
import { specimenSchema } from '../specimen/specimen.schema.js';
import { testDatabase, type TestDatabase } from '../servers/test.database.js';
import { testOrg } from '../tenants/two.orgs.js';
import { until } from '../until.js';
import { at, FaultProxy, type MomentKind, natsDialect, type PointName, postgresDialect } from './index.js';

const stamp = statement<object, { id: string; text: string }>(
  'stamp',
  'insert into specimen.stamps (org_id, id, text) values (:org, :id, :text)',
);

/** The server of this spec knows one user, who may do everything. */
const enter = (servers: string, user: KeyPair): Promise<NatsConnection> =>
  connect({
    servers,
    authenticator: nkeyAuthenticator(user.getSeed()),
    inboxPrefix: '_INBOX_orgs',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    ignoreAuthErrorAbort: true,
  });

describe('a commit seen from the line', () => {
  const org = testOrg();
  let test: TestDatabase;
  let proxy: FaultProxy;
  let database: TenantDatabase;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    proxy = await FaultProxy.start({ name: 'specimen → postgres', dialect: postgresDialect });
    database = new TenantDatabase({ url: proxy.through(test.appUrl), tagKey: test.tagKey, poolSize: 2 });
  });
  afterAll(async () => {
    await database?.close();
    await proxy?.stop();
    await test?.drop();
  });

  const written = async (text: string): Promise<number> =>
    (await test.admin('select 1 from specimen.stamps where text = $1', [text])).length;
  const inTransaction = (text: string): Promise<unknown> =>
    org.as(() =>
      database.transaction(async (tx) => {
        await tx.query(stamp, { id: newId(), text });
        tx.defer(stamp, { id: newId(), text });
      }),
    );
  const alone = (text: string): Promise<unknown> => org.as(() => database.query(stamp, { id: newId(), text }));
  const simple = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: proxy.through(test.adminUrl) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('begin');
      await client.query('insert into specimen.stamps (org_id, id, text) values ($1, $2, $3)', [org.id, newId(), text]);
      await client.query('commit');
    } finally {
      await client.end();
    }
  };
  const WAYS: [string, (text: string) => Promise<unknown>, number][] = [
    ['a pipeline with a deferred statement', inTransaction, 2],
    ['a single round trip', alone, 1],
    ['simple queries', simple, 1],
  ];

  it.each(WAYS)('%s: without a fault it is durable', async (name, write, rows) => {
    await write(`plain ${name}`);
    expect(await written(`plain ${name}`)).toBe(rows);
  });

  it.each(WAYS)(
    '%s: struck before the commit nothing of it is there, and the caller knows of no success',
    async (name, write) => {
      const { sprung } = at(
        proxy,
        'before commit',
        () => undefined,
        ({ about }) => about.includes('specimen.stamps'),
      );
      await expect(write(`before ${name}`)).rejects.toThrow();
      await sprung;
      expect(await written(`before ${name}`)).toBe(0);
    },
  );

  it.each(WAYS)(
    '%s: struck after the commit all of it is there, and the caller knows of no success',
    async (name, write, rows) => {
      const { sprung } = at(
        proxy,
        'after commit',
        () => undefined,
        ({ about }) => about.includes('specimen.stamps'),
      );
      await expect(write(`after ${name}`)).rejects.toThrow();
      await sprung;
      expect(await written(`after ${name}`)).toBe(rows);
    },
  );

  it('passes over a transaction that was rolled back, and over one that is not meant', async () => {
    const { cancel } = at(
      proxy,
      'before commit',
      () => undefined,
      ({ about }) => about.includes('specimen.papers'),
    );
    await expect(
      org.as(() =>
        database.transaction(async (tx) => {
          await tx.query(stamp, { id: newId(), text: 'rolled back' });
          throw new Error('changed my mind');
        }),
      ),
    ).rejects.toThrow('changed my mind');
    await alone('not meant');
    expect([await written('rolled back'), await written('not meant')]).toEqual([0, 1]);
    cancel();
  });
});

describe('messages seen from the line', () => {
  let folder: string;
  let nats: RunningNats;
  let proxy: FaultProxy;
  let direct: NatsConnection;
  let through: NatsConnection;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-faults-'));
    const user = createUser();
    nats = await startNats({
      dir: folder,
      ownGroup: false,
      configText: `host: "127.0.0.1"\nport: -1\njetstream { store_dir: "${join(folder, 'store')}" }\nauthorization { users: [{ nkey: ${user.getPublicKey()} }] }\n`,
    });
    proxy = await FaultProxy.start({ name: 'orgs → nats', dialect: natsDialect });
    direct = await enter(nats.url, user);
    through = await enter(proxy.through(nats.url), user);
    await api('STREAM.CREATE.orgs-events', {
      name: 'orgs-events',
      subjects: ['evt.>'],
      storage: 'file',
      num_replicas: 1,
    });
    await api('CONSUMER.DURABLE.CREATE.orgs-events.billing', {
      stream_name: 'orgs-events',
      config: { durable_name: 'billing', ack_policy: 'explicit', ack_wait: 30_000_000_000 },
    });
  });
  afterAll(async () => {
    await Promise.all([direct?.close(), through?.close()]);
    await proxy?.stop();
    await nats?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function api(subject: string, body: object): Promise<Record<string, unknown>> {
    const answer = (await direct.request(`$JS.API.${subject}`, JSON.stringify(body), { timeout: 15_000 })).json<
      Record<string, unknown>
    >();
    if (answer['error']) throw new Error(JSON.stringify(answer['error']));
    return answer;
  }
  const stored = async (): Promise<number> =>
    ((await api('STREAM.INFO.orgs-events', {}))['state'] as { messages: number }).messages;
  const pending = async (): Promise<number> =>
    Number((await api('CONSUMER.INFO.orgs-events.billing', {}))['num_ack_pending']);

  function publish(id = newId()): Promise<Msg> {
    const fields = headers();
    fields.set('Nats-Msg-Id', id);
    return through.request('evt.someone.orgs.org.created.v1', '{"slug":"x"}', { headers: fields, timeout: 2_000 });
  }
  /** What is delivered keeps its own subject, so it does not come as an answer to a request. */
  const take = (): Promise<Msg> =>
    new Promise((resolve) => {
      const inbox = `_INBOX_orgs.take.${newId()}`;
      through.subscribe(inbox, { max: 1, callback: (_error, message) => resolve(message) });
      through.publish(
        '$JS.API.CONSUMER.MSG.NEXT.orgs-events.billing',
        JSON.stringify({ batch: 1, expires: 5_000_000_000 }),
        { reply: inbox },
      );
    });
  /** The client comes back by itself; what it sends meanwhile waits. */
  const back = (): Promise<void> =>
    until(() =>
      through.rtt().then(
        () => true,
        () => false,
      ),
    );

  it.each<[PointName, number]>([
    ['before publish', 0],
    ['after publish', 1],
  ])('%s: the publisher knows of nothing, and JetStream holds what it got', async (point, more) => {
    const before = await stored();
    const { sprung } = at(proxy, point, () => undefined);
    await expect(publish()).rejects.toThrow();
    expect((await sprung).about).toMatch(/^(evt|_INBOX)/);
    await back();
    expect(await stored()).toBe(before + more);
  });

  it.each<[PointName, number]>([
    ['before ack', 0],
    ['after ack', -1],
  ])('%s: what was taken is, or is not, to be delivered again', async (point, change) => {
    await back();
    await publish();
    const message = await take();
    const before = await pending();
    const { sprung } = at(proxy, point, () => undefined);
    message.respond('+ACK');
    await sprung;
    await back();
    await until(async () => (await pending()) === before + change);
    expect(await pending()).toBe(before + change);
  });

  it.each<[PointName, boolean]>([
    ['before reply', false],
    ['after reply', true],
  ])('%s: the caller is, or is not, answered', async (point, answered) => {
    await back();
    const subscription = through.subscribe(`rpc.${point.replace(' ', '-')}`, {
      callback: (_error, message) => void message.respond('done'),
    });
    await through.flush();
    const { sprung } = at(proxy, point, () => undefined);
    const reply = await direct.request(`rpc.${point.replace(' ', '-')}`, 'do', { timeout: 1_500 }).then(
      () => true,
      () => false,
    );
    await sprung;
    expect(reply).toBe(answered);
    await back();
    subscription.unsubscribe();
  });

  it('brings what is delivered twice, later, or not at all', async () => {
    await back();
    const got: string[] = [];
    through.subscribe('rpc.told', { callback: (_error, message) => void got.push(message.string()) });
    await through.flush();
    const verdicts = [{ do: 'twice' }, { do: 'later', ms: 300 }, { do: 'swallow' }, { do: 'pass' }] as const;
    let next = 0;
    const cancel = proxy.watch(({ kind, direction }) =>
      kind === ('request' satisfies MomentKind) && direction === 'to-client' ? verdicts[next++] : undefined,
    );
    for (const word of ['one', 'two', 'three', 'four']) direct.publish('rpc.told', word);
    await until(() => got.length === 4);
    cancel();
    expect(got).toEqual(['one', 'one', 'four', 'two']);
  });
});
