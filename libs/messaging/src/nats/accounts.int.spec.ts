import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetLead,
  LeadCreatedEvent,
  Login,
  OrgChangedEvent,
  SERVICES,
  type ServiceName,
  subjectOf,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import {
  asPlatform,
  ownBus,
  type OwnBus,
  testOrg,
  testPeer,
  type TestPeer,
  testServers,
  twoOrgs,
  until,
} from '@apollo/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type Msg, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { deployStreams, EVENTS } from '../durable/event.streams.js';
import { EventWatch } from '../durable/event.watch.js';
import { EVENT_STREAMS } from '../durable/stream.slots.js';
import { DEPLOY } from './nats.accounts.js';
import { natsServerConfig, type NatsServerOptions } from './nats.config.js';
import { connectNats } from './nats.connection.js';
import { DEPLOY_PERMISSIONS, isAnswerable, permissionsOf } from './nats.permissions.js';

const [a, b] = twoOrgs();
const seedFile = (name: string): string => join(testServers().folder, `${name}.nkey`);
const quoted = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** All in one account, as it was: each with the allow-lists it has, and JetStream's API by its plain name. */
function sharedAccount({ storeDir, publicKeys }: NatsServerOptions): string {
  const users = [...SERVICES, DEPLOY].map((name) => {
    const { publish, subscribe } = name === DEPLOY ? DEPLOY_PERMISSIONS : permissionsOf(name as ServiceName);
    const plain = publish.map((subject) => subject.replace(`$JS.${EVENTS}.API`, '$JS.API'));
    return `{ nkey: ${publicKeys[name as ServiceName]?.[0]}, permissions: { publish: [${quoted(plain)}], subscribe: [${quoted(subscribe)}] } }`;
  });
  return `listen: "127.0.0.1:-1"
jetstream { store_dir: ${JSON.stringify(storeDir)} }
accounts { ALL { jetstream: enabled, users: [${users.join('\n')}] } }
`;
}

describe('what a stolen key does on the bus', () => {
  let bus: OwnBus;
  let deploy: NatsConnection;
  const peers = {} as Record<ServiceName, TestPeer>;
  const heard: string[] = [];

  beforeAll(async () => {
    bus = await ownBus();
    deploy = await connectNats(DEPLOY, bus.url, seedFile(DEPLOY));
    for (const service of SERVICES) peers[service] = await testPeer(service, bus.url);
    for (const service of SERVICES)
      peers[service].connection.subscribe(`_INBOX_${service}.victim.>`, {
        callback: (_error, { subject }) => void heard.push(subject),
      });
    await Promise.all(SERVICES.map((service) => peers[service].connection.flush()));
  }, 60_000);
  afterAll(async () => {
    await deploy?.close();
    await Promise.all(Object.values(peers).map((peer) => peer.close()));
    await bus?.stop();
  });
  beforeEach(() => void (heard.length = 0));

  const streams = async (connection: NatsConnection): Promise<Record<string, number | 'gone'>> => {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const entries = ['orgs-events', 'leads-events', 'billing-stars-events'].map(async (name) => {
      const info = await manager.streams.info(name).catch(() => undefined);
      return [name, info ? info.state.messages : 'gone'] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
  const tell = (): Promise<unknown> =>
    jetstream(peers.orgs.connection).publish(subjectOf(OrgChangedEvent, a.id), '', { msgID: newId() });
  /** Has what is delivered to billing-stars sent to `reply`: its next event, or at once that there is none. */
  const pull = async (connection: NatsConnection, reply: string, atOnce: boolean, api = `$JS.${EVENTS}.API`) => {
    const request = JSON.stringify({ batch: 1, no_wait: atOnce });
    connection.publish(`${api}.CONSUMER.MSG.NEXT.orgs-events.billing-stars`, request, { reply });
    await connection.flush();
  };

  describe('M38 asks for events, over and over', () => {
    const subject = `$JS.${EVENTS}.API.CONSUMER.MSG.NEXT.orgs-events.billing-stars`;
    /** As long as the line of the protocol may be; the rest of it is PUB, the subject and how long the question is. */
    const longest = (n: number): string => `_INBOX_billing-stars.${n}.`.padEnd(512 - subject.length - 16, 'x');
    const stolen = async (): Promise<NatsConnection> =>
      connect({
        servers: bus.url,
        authenticator: nkeyAuthenticator(await readFile(seedFile('billing-stars'))),
        inboxPrefix: '_INBOX_billing-stars',
        reconnect: false,
      });
    const kilobytes = async (): Promise<number> =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${bus.pid}/status`, 'utf8'))?.[1]);

    it('has the server keep less than three kilobytes of each', async () => {
      const connection = await stolen();
      let answered = 0;
      connection.subscribe('_INBOX_billing-stars.>', { callback: () => void (answered += 1) });
      const before = await kilobytes();
      const count = 20_000;
      for (let n = 1; n <= count; n += 1) {
        connection.publish(subject, '{"batch":1,"no_wait":true}', { reply: longest(n) });
        if (n % 1_000 === 0) await connection.flush();
      }
      await until(() => answered === count);
      expect((await kilobytes()) - before).toBeLessThan(3 * count);
      await connection.close();
    });

    it('is cut off where the subject of the answer is longer than anybody of the platform has', async () => {
      const connection = await stolen();
      connection.publish(subject, '', { reply: `${longest(1)}${'x'.repeat(32)}` });
      // A server that has cut it off answers nothing any more.
      await Promise.race([connection.flush().catch(() => undefined), connection.closed()]);
      expect(connection.isClosed()).toBe(true);
      await connection.close();
    });

    it('has the server keep none for longer than events are asked for, or something is watched, at a time', () => {
      const text = natsServerConfig({ host: '', port: 0, storeDir: '', publicKeys: {} });
      const kept = text
        .match(/response_type: stream.*/g)
        ?.map((line) => /response_threshold: "(\d+)s"/.exec(line)?.[1]);
      expect(new Set(kept)).toEqual(new Set(['35', '20']));
    });
  });

  it('M37 deletes a stream where all are in one account: the control', async () => {
    await using opened = new AsyncDisposableStack();
    const shared = await ownBus({ configText: sharedAccount });
    opened.defer(() => shared.stop());
    const stolen = await testPeer('billing-stars', shared.url);
    opened.defer(() => stolen.close());
    const deployed = await connectNats(DEPLOY, shared.url, seedFile(DEPLOY));
    opened.defer(() => deployed.close());
    const manager = await jetstreamManager(deployed, { checkAPI: false });
    expect((await manager.streams.info('leads-events')).config.name).toBe('leads-events');
    // That there is no event is a message without a body, and so is the request for the deletion of a stream.
    await pull(stolen.connection, '$JS.API.STREAM.DELETE.leads-events', true, '$JS.API');
    await until(() =>
      manager.streams.info('leads-events').then(
        () => false,
        () => true,
      ),
    );
  }, 60_000);

  it('M37 has an event pulled to where it may not publish itself: no API, no event, no inbox of another', async () => {
    const { connection } = peers['billing-stars'];
    const own = new Promise<Msg>((resolve) =>
      connection.subscribe('_INBOX_billing-stars.own', { callback: (_error, message) => resolve(message) }),
    );
    const before = await streams(deploy);
    const foreign = [
      '$JS.API.STREAM.DELETE.leads-events',
      `$JS.${EVENTS}.API.STREAM.DELETE.leads-events`,
      '$JS.API.CONSUMER.DELETE.orgs-events.billing-stars',
      subjectOf(LeadCreatedEvent, b.id),
      subjectOf(OrgChangedEvent, b.id),
      ...SERVICES.filter((service) => service !== 'billing-stars').map((service) => `_INBOX_${service}.victim.x`),
    ];
    for (const reply of foreign) {
      await pull(connection, reply, true);
      await pull(connection, reply, false);
      await tell();
    }
    // The next one in line comes, so those before have gone wherever they went.
    await pull(connection, '_INBOX_billing-stars.own', false);
    await tell();
    expect((await own).subject).toBe(subjectOf(OrgChangedEvent, a.id));
    await Promise.all(SERVICES.map((service) => peers[service].connection.flush()));
    expect(heard).toEqual([]);
    expect(await streams(deploy)).toEqual({
      ...before,
      'orgs-events': Number(before['orgs-events']) + foreign.length + 1,
    });
  }, 60_000);

  it('M37 has a request answered where the asker itself may listen, and nowhere else', async () => {
    const asked: string[] = [];
    peers.leads.connection.subscribe('rpc.*.leads.>', {
      queue: 'leads',
      callback: (_error, message) => {
        asked.push(message.reply ?? '');
        message.respond('answered');
      },
    });
    await peers.leads.connection.flush();
    const { connection } = peers.gateway;
    const subject = subjectOf(GetLead, a.id);
    const before = await streams(deploy);
    const replies = [
      subjectOf(LeadCreatedEvent, b.id),
      '$JS.API.STREAM.DELETE.leads-events',
      '$JS.ACK.leads-events.x.1.1.1.1.1',
      ...SERVICES.filter((service) => service !== 'gateway').map((service) => `_INBOX_${service}.victim.y`),
      '_INBOX_gateway.victim.y',
    ];
    for (const reply of replies) connection.publish(subject, '{}', { reply });
    expect((await connection.request(subject, '{}', { timeout: 5_000 })).string()).toBe('answered');
    await until(() => heard.length > 0);
    expect(heard).toEqual(['_INBOX_gateway.victim.y']);
    expect(await streams(deploy)).toEqual(before);
    // What leads is told is the server's note, whatever was named; what names a confirmation of JetStream's is not passed on.
    expect(asked).toHaveLength(replies.length);
    expect(asked.filter((reply) => !isAnswerable(reply))).toEqual([]);
  });

  it('is told no request by the deploy key, which may set up streams of whatever there is to store', async () => {
    const manager = await jetstreamManager(deploy, { checkAPI: false });
    await manager.streams.add({ name: 'trap', subjects: ['rpc.>', '_INBOX_gateway.>'] });
    await asPlatform(() =>
      peers.gateway.bus
        .request(Login, { email: 'a@example.com', password: 'x', address: '127.0.0.1' }, { timeoutMs: 500 })
        .catch(() => undefined),
    );
    await peers.gateway.connection.flush();
    expect((await manager.streams.info('trap')).state.messages).toBe(0);
    // The control: what is published in its own account is stored.
    await tell();
    expect((await streams(deploy))['orgs-events']).toBeGreaterThan(0);
  });

  it('M38 fills its own stream up to a bound, and no other', async () => {
    const maxBytes = 1024 ** 2;
    await deployStreams(deploy, { maxBytes });
    const manager = await jetstreamManager(deploy, { checkAPI: false });
    const flood = jetstream(peers.orgs.connection);
    const subject = subjectOf(OrgChangedEvent, a.id);
    for (let sent = 0; sent < 40; sent += 1) await flood.publish(subject, 'x'.repeat(100_000));
    expect((await manager.streams.info('orgs-events')).state.bytes).toBeLessThanOrEqual(maxBytes);
    const { seq } = await jetstream(peers.leads.connection).publish(subjectOf(LeadCreatedEvent, b.id), '{}');
    expect(seq).toBeGreaterThan(0);
    await deployStreams(deploy, {});
  }, 60_000);

  it('has room for as many watched organizations as there are places for streams, each told at once', async () => {
    const { connection } = peers.gateway;
    const errors: unknown[] = [];
    void (async () => {
      for await (const status of connection.status()) if (status.type === 'error') errors.push(status.error);
    })();
    const watch = new EventWatch(connection);
    const orgs = Array.from({ length: EVENT_STREAMS.inAll }, () => testOrg());
    const watchers = orgs.map((org) => org.as(() => watch.watch()));
    await connection.flush();
    expect(errors).toEqual([]);
    peers.orgs.connection.publish(subjectOf(OrgChangedEvent, orgs.at(-1)?.id ?? ''), '{}');
    await watchers.at(-1)?.woken;
    watchers.forEach((watcher) => watcher.leave());
    await connection.flush();
  }, 60_000);

  it('M38 opens as many connections as its share, and everybody else still connects', async () => {
    const authenticator = nkeyAuthenticator(
      new TextEncoder().encode((await readFile(seedFile('leads'), 'utf8')).trim()),
    );
    const held: NatsConnection[] = [];
    let refusal: unknown;
    while (refusal === undefined && held.length < 100) {
      await connect({ servers: bus.url, authenticator, reconnect: false }).then(
        (connection) => held.push(connection),
        (error: unknown) => (refusal = error),
      );
    }
    try {
      expect(held.length).toBeGreaterThan(10);
      expect(held.length).toBeLessThan(100);
      expect(refusal).toBeDefined();
      for (const service of SERVICES.filter((each) => each !== 'leads')) {
        const other = await connectNats(service, bus.url, seedFile(service));
        await other.close();
      }
    } finally {
      await Promise.all(held.map((connection) => connection.close()));
    }
  }, 120_000);
});
