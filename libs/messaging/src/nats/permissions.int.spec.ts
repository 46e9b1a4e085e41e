import { CATALOG, contractsOf, SERVICES, type ServiceName, subjectOf } from '@apollo/contracts';
import { type OwnBus, ownBus, testOrg, testPeer, type TestPeer } from '@apollo/testing';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { createUser } from '@nats-io/nkeys';
import { EVENTS } from '../durable/event.streams.js';
import { permissionsOf } from './nats.permissions.js';

const org = testOrg().id;

/** One concrete subject of every class there is: each contract's, the inboxes, JetStream, system, wildcards. */
const subjects: string[] = [
  ...[...CATALOG.values()].map((contract) => subjectOf(contract, contract.scope === 'org' ? org : null)),
  ...SERVICES.flatMap((service) => [
    `_INBOX_${service}.x.y`,
    `rpc.${org}.${service}.no-such-method.v1`,
    `live.${org}.${service}.no-such-method.v1`,
    `evt.${org}.${service}.made.up.v1`,
  ]),
  `_INBOX.x.y`,
  '_R_.x.y',
  ...['orgs-events', 'leads-events', 'billing-stars-events'].flatMap((stream) =>
    ['$JS.API', `$JS.${EVENTS}.API`].flatMap((api) => [
      `${api}.STREAM.INFO.${stream}`,
      `${api}.STREAM.DELETE.${stream}`,
      `${api}.STREAM.PURGE.${stream}`,
      `${api}.STREAM.MSG.GET.${stream}`,
      `${api}.CONSUMER.CREATE.${stream}.mine`,
      ...SERVICES.flatMap((service) => [
        `${api}.CONSUMER.INFO.${stream}.${service}`,
        `${api}.CONSUMER.MSG.NEXT.${stream}.${service}`,
        `${api}.CONSUMER.DELETE.${stream}.${service}`,
      ]),
    ]),
  ),
  ...SERVICES.map((service) => `$JS.ACK.orgs-events.${service}.1.1.1.1.1`),
  '$JS.API.STREAM.LIST',
  '$JS.API.STREAM.PURGE.X',
  '$JS.API.STREAM.MSG.GET.X',
  '$JS.API.CONSUMER.CREATE.X',
  '$SYS.REQ.SERVER.PING',
  '$SYS.>',
  '>',
  'rpc.>',
  'live.>',
  'evt.>',
  '*',
  `rpc.${org}.>`,
];

/** Whether a NATS pattern covers a subject or a narrower pattern. */
function covers(pattern: string, subject: string): boolean {
  const want = pattern.split('.');
  const have = subject.split('.');
  for (const [index, token] of want.entries()) {
    if (token === '>') return have.length > index;
    if (have[index] === undefined || have[index] === '>') return false;
    if (token !== '*' && token !== have[index]) return false;
  }
  return want.length === have.length;
}

/** Resolves to the server's complaint about the next thing done on the connection, or null when there is none. */
async function complaint(connection: NatsConnection, act: () => void): Promise<string | null> {
  const heard = new Promise<string>((resolve) => {
    void (async () => {
      for await (const status of connection.status()) {
        if (status.type === 'error') return resolve(String(status.error));
      }
    })();
  });
  act();
  await connection.flush();
  return Promise.race([heard, new Promise<null>((resolve) => setTimeout(() => resolve(null), 25))]);
}

describe('what each credential may do on the bus', () => {
  const peers = new Map<ServiceName, TestPeer>();
  let own: OwnBus;
  beforeAll(async () => {
    own = await ownBus();
    for (const service of SERVICES) peers.set(service, await testPeer(service, own.url));
  });
  afterAll(async () => {
    await Promise.all([...peers.values()].map((peer) => peer.close()));
    await own.stop();
  });

  it.each(SERVICES)('%s publishes what its contracts say and nothing else (M13, M14, M15)', async (service) => {
    const { connection } = peers.get(service) as TestPeer;
    const allowed = permissionsOf(service).publish;
    for (const subject of subjects.filter((each) => !/[*>]/.test(each))) {
      const declared = allowed.some((pattern) => covers(pattern, subject));
      const observed = (await complaint(connection, () => connection.publish(subject, 'x'))) === null;
      expect({ subject, allowed: observed }).toEqual({ subject, allowed: declared });
    }
  });

  it.each(SERVICES)(
    '%s subscribes to what its contracts say and nothing else (M08, M09, M10, M11)',
    async (service) => {
      const { connection } = peers.get(service) as TestPeer;
      const allowed = permissionsOf(service).subscribe;
      const tries = subjects.flatMap((subject) => [
        { subject, queue: undefined },
        { subject, queue: service },
        { subject, queue: 'evil' },
      ]);
      for (const { subject, queue } of tries) {
        const declared = allowed.some((entry) => {
          const [pattern = '', group] = entry.split(' ');
          return covers(pattern, subject) && (group === undefined || group === queue);
        });
        const observed =
          (await complaint(connection, () => connection.subscribe(subject, { queue, callback: () => undefined }))) ===
          null;
        expect({ subject, queue, allowed: observed }).toEqual({ subject, queue, allowed: declared });
      }
    },
  );

  it.each(SERVICES.filter((service) => contractsOf(service).some(({ kind }) => kind !== 'event')))(
    '%s takes requests with the other processes of its kind, and overhears none (M10)',
    async (service) => {
      const { connection } = peers.get(service) as TestPeer;
      const joins = (queue: string | undefined): Promise<string | null> =>
        complaint(connection, () => connection.subscribe(`rpc.*.${service}.>`, { queue, callback: () => undefined }));
      expect(await joins(service)).toBeNull();
      expect(await joins(undefined)).toMatch(/permissions violation/i);
      expect(await joins('evil')).toMatch(/permissions violation/i);
    },
  );

  it('lets nobody in without a key, with a password, or with a key of its own making (M16, M17)', async () => {
    const servers = own.url;
    const stranger = createUser().getSeed();
    for (const options of [
      {},
      { user: 'gateway', pass: 'gateway' },
      { token: 'x' },
      { authenticator: nkeyAuthenticator(stranger) },
    ]) {
      await expect(connect({ servers, ...options, reconnect: false, timeout: 2_000 })).rejects.toThrow(
        /authorization/i,
      );
    }
  });

  it('declares every request of a service in the allow-list of its callers only', () => {
    for (const service of SERVICES) {
      for (const contract of contractsOf(service)) {
        if (contract.kind === 'event') continue;
        const subject = subjectOf(contract, contract.scope === 'org' ? org : null);
        const mayPublish = SERVICES.filter((caller) =>
          permissionsOf(caller).publish.some((pattern) => covers(pattern, subject)),
        );
        expect(mayPublish.sort()).toEqual([...contract.callers].sort());
      }
    }
  });
});
