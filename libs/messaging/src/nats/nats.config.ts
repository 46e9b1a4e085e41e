import { SERVICES, type ServiceName, SHOWN_EVENTS } from '@apollo/contracts';
import { EVENTS } from '../durable/event.streams.js';
import { EVENT_STREAMS } from '../durable/stream.slots.js';
import { type EventReader, readerName } from './event.reader.js';
import { type Crossing, crossings, DEPLOY, WATCHER } from './nats.accounts.js';
import { DEPLOY_PERMISSIONS, type Permissions, permissionsOf, readerPermissions } from './nats.permissions.js';

/** Connections that the processes of one service may have open together, on all servers of a cluster. */
const OF_A_SERVICE = 64;
/** Connections of the deploy credential, and of each reader. */
const OF_ANOTHER = 8;
/**
 * Connections that have not said yet who they are. Whoever can reach the port can have them all; see
 * `docs/operating.md`.
 */
const UNKNOWN = 4_096;
/**
 * Subscriptions of one connection. A service has fewer than a hundred; whoever shows organizations their events has one
 * for each event of each organization that is watched, and beyond the bound everybody's streams would be late.
 */
const SUBSCRIPTIONS = 1_000;
const SUBSCRIPTIONS_OF_THE_WATCHER = SUBSCRIPTIONS + EVENT_STREAMS.inAll * SHOWN_EVENTS.length;
/**
 * Octets of a line of the protocol, above every one of the platform's: a CONNECT has some 320, a reader's question with
 * the subject of its answer fewer than 300. Of each question whose answer may have many parts, the server keeps several
 * times the length of that subject.
 */
const CONTROL_LINE = 512;

/** What the server needs besides the contracts. */
export interface NatsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Folder of JetStream's files. */
  readonly storeDir: string;
  /** Public nkeys of each service; more than one while they are being exchanged. */
  readonly publicKeys: Readonly<Partial<Record<ServiceName | typeof DEPLOY, readonly string[]>>>;
  /** Outsiders, each of one organization. */
  readonly readers?: readonly EventReader[];
  /** For one of several servers that hold the streams together. */
  readonly cluster?: NatsClusterOptions;
}

/** How a server finds the others of its cluster. */
export interface NatsClusterOptions {
  /** The server's own name, different from the others'. */
  readonly serverName: string;
  readonly host: string;
  readonly port: number;
  /** What the servers know each other by; none without it joins. */
  readonly secret: string;
  /** `host:port` of others to connect to; at least one. */
  readonly routes: readonly string[];
  /** `host:port` the others are told to find it at; its own address when absent. */
  readonly advertise?: string;
}

interface Account {
  readonly name: string;
  readonly publicKeys: readonly string[];
  readonly permissions: Permissions;
  readonly connections: number;
}

const quoted = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;

/** Clients are told of no other servers: they have their list. */
const clusterBlock = ({
  serverName,
  host,
  port,
  secret,
  routes,
  advertise,
}: NatsClusterOptions): string => `server_name: ${JSON.stringify(serverName)}
cluster {
  name: apollo
  host: ${JSON.stringify(host)}
  port: ${port}
  no_advertise: true${advertise ? `\n  advertise: ${JSON.stringify(advertise)}` : ''}
  authorization { user: route, password: ${JSON.stringify(secret)} }
  routes: ${quoted(routes.map((route) => `nats-route://route:${encodeURIComponent(secret)}@${route}`))}
}
`;

/**
 * The text of `nats.conf`: an account for each service, each reader and the streams, users known by nkey only,
 * allow-lists and ways between accounts from the contracts, no monitoring port, nobody in the system account, at most a
 * megabyte per message, and for each account a share of the connections that it cannot exceed.
 */
export function natsServerConfig(options: NatsServerOptions): string {
  const { publicKeys, readers = [], cluster } = options;
  const accounts: Account[] = [
    ...SERVICES.map((name) => ({
      name,
      publicKeys: publicKeys[name] ?? [],
      permissions: permissionsOf(name),
      connections: OF_A_SERVICE,
    })),
    {
      name: EVENTS,
      publicKeys: publicKeys[DEPLOY] ?? [],
      permissions: DEPLOY_PERMISSIONS,
      connections: OF_ANOTHER,
    },
    ...readers.map((reader) => ({
      name: readerName(reader),
      publicKeys: [reader.publicKey],
      permissions: readerPermissions(reader),
      connections: OF_ANOTHER,
    })),
  ];
  const ways = crossings(readers);
  const connections = accounts.reduce((sum, account) => sum + account.connections, UNKNOWN);
  return `# Generated from the contracts. Do not edit.
host: ${JSON.stringify(options.host)}
port: ${options.port}
max_payload: 1MB
max_connections: ${connections}
max_control_line: ${CONTROL_LINE}
${cluster ? clusterBlock(cluster) : ''}# A process that is still loading answers late; two seconds, the server's own default, turn a busy start away.
authorization { timeout: 15 }
# What streams may hold is a number of their own, and not a share of whatever the disk has left at the start.
jetstream { store_dir: ${JSON.stringify(options.storeDir)}, sync_interval: always, max_file_store: 64GB }
accounts {
${accounts.map((account) => accountBlock(account, ways)).join('')}  SYS { }
}
system_account: SYS
`;
}

function accountBlock({ name, publicKeys, permissions, connections }: Account, ways: readonly Crossing[]): string {
  return `  ${JSON.stringify(name)} {
${name === EVENTS ? '    jetstream: enabled\n' : ''}    limits { max_connections: ${connections}, max_subscriptions: ${name === WATCHER ? SUBSCRIPTIONS_OF_THE_WATCHER : SUBSCRIPTIONS} }
    users: [${publicKeys.map((key) => userBlock(key, permissions)).join('')}]
    exports: [${exportsOf(name, ways).map(line).join('')}]
    imports: [${importsOf(name, ways).map(line).join('')}]
  }
`;
}

function userBlock(publicKey: string, { publish, subscribe }: Permissions): string {
  return `
      { nkey: ${publicKey}, permissions: {
        publish: { allow: ${quoted(publish)} }
        subscribe: { allow: ${quoted(subscribe)} } } }`;
}

/** Each subject once, for all who may have it, and for nobody else. */
function exportsOf(owner: string, ways: readonly Crossing[]): string[] {
  const own = ways.filter((way) => way.owner === owner);
  const subjects = new Map(own.map((way) => [`${way.kind} ${way.subject}`, way]));
  return [...subjects.values()].map(({ kind, subject, streamedWithinS }) => {
    const guests = own.filter((way) => way.kind === kind && way.subject === subject).map(({ guest }) => guest);
    const parts = streamedWithinS ? `, response_type: stream, response_threshold: "${streamedWithinS}s"` : '';
    return `{ ${kind}: ${JSON.stringify(subject)}, accounts: ${quoted(guests)}${parts} }`;
  });
}

function importsOf(guest: string, ways: readonly Crossing[]): string[] {
  return ways
    .filter((way) => way.guest === guest)
    .map(
      ({ kind, owner, subject, as }) =>
        `{ ${kind}: { account: ${JSON.stringify(owner)}, subject: ${JSON.stringify(subject)} }${as ? `, to: ${JSON.stringify(as)}` : ''} }`,
    );
}

function line(text: string): string {
  return `\n      ${text}`;
}
