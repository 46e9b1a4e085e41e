import { CATALOG, type Contract, SERVICES, type ServiceName, SHOWN_EVENTS, typeOf } from '@apollo/contracts';
import { durableEventsOf, durableRoutes, streamOf } from '../durable/event.streams.js';
import { type EventReader, readerPermissions } from './event.reader.js';
import { inboxPrefix } from './nats.connection.js';

/** What one service may publish and subscribe; everything else is denied because it is not listed. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

function pattern(contract: Contract): string {
  const place = contract.scope === 'org' ? '*' : contract.scope;
  return `${contract.kind === 'event' ? 'evt' : 'rpc'}.${place}.${typeOf(contract)}`;
}

/** Whoever shows organizations their events as they pass; it asks for each where it is written down. */
const WATCHER: ServiceName = 'gateway';

/** The allow-lists of a service, derived from the contracts and nothing else. */
export function permissionsOf(service: ServiceName): Permissions {
  const contracts = [...CATALOG.values()];
  const sends = contracts.filter((contract) =>
    contract.kind === 'event' ? contract.service === service : contract.callers.includes(service),
  );
  const hears = contracts.filter(
    (contract) => contract.kind === 'event' && contract.delivery !== 'durable' && contract.consumers.includes(service),
  );
  const watches = service === WATCHER ? SHOWN_EVENTS : [];
  const answers = contracts.some((contract) => contract.kind !== 'event' && contract.service === service);
  return {
    publish: [...sends.map(pattern), ...jetstreamSubjects(service)].sort(),
    subscribe: [
      `${inboxPrefix(service)}.>`,
      // In the queue group only: a second, unnoticed responder or listener is refused.
      ...(answers ? [`rpc.*.${service}.> ${service}`] : []),
      ...watches.map(pattern).sort(),
      ...hears
        .map((contract) =>
          contract.kind === 'event' && contract.delivery === 'queue'
            ? `${pattern(contract)} ${service}`
            : pattern(contract),
        )
        .sort(),
    ],
  };
}

/** JetStream's API as far as a service needs it: to read back its streams, and to take and confirm its own events. */
function jetstreamSubjects(service: ServiceName): string[] {
  const takes = durableRoutes()
    .filter(({ consumer }) => consumer === service)
    .map(({ producer }) => streamOf(producer));
  const reads = new Set([...takes, ...(durableEventsOf(service).length > 0 ? [streamOf(service)] : [])]);
  return [
    ...[...reads].map((stream) => `$JS.API.STREAM.INFO.${stream}`),
    ...takes.flatMap((stream) => [
      `$JS.API.CONSUMER.INFO.${stream}.${service}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${service}`,
      `$JS.ACK.${stream}.${service}.>`,
    ]),
  ];
}

/** The credential that sets streams and consumers up, and does nothing else. */
export const DEPLOY = 'deploy';

const DEPLOY_API = [
  'STREAM.CREATE.*',
  'STREAM.UPDATE.*',
  'STREAM.INFO.*',
  'CONSUMER.CREATE.>',
  'CONSUMER.DURABLE.CREATE.>',
  'CONSUMER.INFO.>',
].map((api) => `$JS.API.${api}`);

/** What the server needs besides the contracts. */
export interface NatsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Folder of JetStream's files. */
  readonly storeDir: string;
  /** Public nkey of each service. */
  readonly publicKeys: Readonly<Partial<Record<ServiceName | typeof DEPLOY, string>>>;
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

const quoted = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;

/**
 * The text of `nats.conf`: one account for the platform, one user per service known by nkey only, allow-lists from
 * the contracts, no monitoring port, nobody in the system account, at most a megabyte per message.
 */
export function natsServerConfig(options: NatsServerOptions): string {
  const users = SERVICES.filter((service) => options.publicKeys[service]).map((service) => {
    const { publish, subscribe } = permissionsOf(service);
    const answers = subscribe.some((subject) => subject.startsWith('rpc.'));
    return `      { nkey: ${options.publicKeys[service]}
        permissions: {
          publish: { allow: ${quoted(publish)} }
          subscribe: { allow: ${quoted(subscribe)} }${answers ? '\n          allow_responses: { max: 1, expires: "2m" }' : ''}
        }
      }`;
  });
  if (options.publicKeys[DEPLOY]) {
    users.push(`      { nkey: ${options.publicKeys[DEPLOY]}
        permissions: {
          publish: { allow: ${quoted(DEPLOY_API)} }
          subscribe: { allow: ["${inboxPrefix(DEPLOY)}.>"] }
        }
      }`);
  }
  for (const reader of options.readers ?? []) {
    const { publish, subscribe } = readerPermissions(reader);
    users.push(`      { nkey: ${reader.publicKey}
        permissions: {
          publish: { allow: ${quoted(publish)} }
          subscribe: { allow: ${quoted(subscribe)} }
        }
      }`);
  }
  return `# Generated from the contracts. Do not edit.
host: ${JSON.stringify(options.host)}
port: ${options.port}
max_payload: 1MB
max_connections: 256
max_control_line: 4KB
${options.cluster ? clusterBlock(options.cluster) : ''}# A process that is still loading answers late; two seconds, the server's own default, turn a busy start away.
authorization { timeout: 15 }
jetstream { store_dir: ${JSON.stringify(options.storeDir)}, sync_interval: always }
accounts {
  APOLLO {
    jetstream: enabled
    users: [
${users.join('\n')}
    ]
  }
  SYS { }
}
system_account: SYS
`;
}
