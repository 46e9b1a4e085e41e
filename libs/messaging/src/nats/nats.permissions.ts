import { CATALOG, type Contract, SERVICES, type ServiceName, typeOf } from '@apollo/contracts';
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

/** The allow-lists of a service, derived from the contracts and nothing else. */
export function permissionsOf(service: ServiceName): Permissions {
  const contracts = [...CATALOG.values()];
  const sends = contracts.filter((contract) => (contract.kind === 'event' ? contract.service === service : contract.callers.includes(service)));
  const hears = contracts.filter((contract) => contract.kind === 'event' && contract.consumers.includes(service));
  const answers = contracts.some((contract) => contract.kind !== 'event' && contract.service === service);
  return {
    publish: sends.map(pattern).sort(),
    subscribe: [
      `${inboxPrefix(service)}.>`,
      // In the queue group only: a second, unnoticed responder or listener is refused.
      ...(answers ? [`rpc.*.${service}.> ${service}`] : []),
      ...hears.map((contract) => (contract.kind === 'event' && contract.delivery === 'queue' ? `${pattern(contract)} ${service}` : pattern(contract))).sort(),
    ],
  };
}

/** What the server needs besides the contracts. */
export interface NatsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Folder of JetStream's files. */
  readonly storeDir: string;
  /** Public nkey of each service. */
  readonly publicKeys: Readonly<Partial<Record<ServiceName, string>>>;
}

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
  return `# Generated from the contracts. Do not edit.
host: ${JSON.stringify(options.host)}
port: ${options.port}
max_payload: 1MB
max_connections: 256
max_control_line: 4KB
# A process that is still loading answers late; two seconds, the server's own default, turn a busy start away.
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
