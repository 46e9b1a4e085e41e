import { setTimeout as sleep } from 'node:timers/promises';
import { CATALOG, SERVICES, type ServiceName, subjectOf } from '@apollo/contracts';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { DEPLOY, patternOf } from './nats.accounts.js';
import { DEPLOY_PERMISSIONS, type Permissions, permissionsOf } from './nats.permissions.js';

/** An organization that does not exist. */
const NOBODY = '00000000-0000-4000-8000-000000000000';
/** Milliseconds to hear of what was refused, once the server has answered all that was tried. */
const HEARD_WITHIN_MS = 1_000;
/** Milliseconds a server has to turn a stranger away. */
const TURNED_AWAY_WITHIN_MS = 3_000;

/** Of what is granted, so much is named in the message: a server without accounts grants all of it. */
const NAMED = 3;
/** How often a stranger tries, until the server says that it is turned away. */
const ATTEMPTS = 5;

/**
 * Thrown at start when the server grants what it must refuse: it runs without our configuration, or with one that is
 * wider.
 */
export class UnconfinedBusError extends Error {
  constructor(
    name: string,
    readonly granted: readonly string[],
  ) {
    const others = granted.length > NAMED ? ` and ${granted.length - NAMED} others` : '';
    super(
      'Have NATS load the configuration that is generated from the contracts: ' +
        `it grants ${name} what it must refuse, ${granted.slice(0, NAMED).join(', ')}${others}.`,
    );
    this.name = 'UnconfinedBusError';
  }
}

/**
 * Tries, on a connection that is used for nothing yet, what its credential must not do, and a connection without any.
 * All of it is harmless where it is granted: no such organization, no such stream, no token. The server logs each
 * refusal.
 *
 * @throws UnconfinedBusError when anything is granted; the connection's error when it breaks meanwhile
 */
export async function assertConfined(connection: NatsConnection, name: ServiceName | typeof DEPLOY): Promise<void> {
  const { publish, subscribe } = forbidden(name);
  const missing = new Set([
    ...publish.map((subject) => attempt('publish', subject)),
    ...subscribe.map((subject) => attempt('subscription', subject)),
  ]);
  const statuses = connection.status()[Symbol.asyncIterator]();
  const hearing = (async (): Promise<void> => {
    while (missing.size > 0) {
      const { value, done } = await statuses.next();
      if (done) return;
      if (value.type === 'error' && value.error instanceof errors.PermissionViolationError)
        missing.delete(attempt(value.error.operation, value.error.subject));
    }
  })();
  for (const subject of subscribe) connection.subscribe(subject, { callback: () => undefined });
  for (const subject of publish) connection.publish(subject);
  await connection.flush();
  await Promise.race([hearing, sleep(HEARD_WITHIN_MS, undefined, { ref: false })]);
  // It ends with the next thing the connection has to tell; nobody need wait for that.
  void statuses.return?.();
  const granted = [...missing];
  if (await letsStrangersIn(connection)) granted.unshift('connecting without a key');
  if (granted.length > 0) throw new UnconfinedBusError(name, granted);
}

/** Every message of the platform that is not its own, and a subject of every class that is nobody's. */
function forbidden(name: ServiceName | typeof DEPLOY): Permissions {
  const allowed = new Set((name === DEPLOY ? DEPLOY_PERMISSIONS : permissionsOf(name)).publish);
  const others = SERVICES.filter((service) => service !== name);
  return {
    publish: [
      ...[...CATALOG.values()]
        .filter((contract) => !allowed.has(patternOf(contract)))
        .map((contract) => subjectOf(contract, contract.scope === 'org' ? NOBODY : null)),
      ...others.flatMap((service) => [
        `_INBOX_${service}.x`,
        `rpc.${NOBODY}.${service}.none.v1`,
        `live.${NOBODY}.${service}.none.v1`,
      ]),
      '$JS.API.STREAM.DELETE.none',
      '$SYS.REQ.SERVER.PING',
    ],
    subscribe: ['>', 'rpc.>', 'live.>', 'evt.>', '$JS.>', '$SYS.>', ...others.map((service) => `_INBOX_${service}.>`)],
  };
}

/** What is tried, in words. */
function attempt(operation: string, subject: string): string {
  return `${operation === 'publish' ? 'publish' : 'subscribe'} ${subject}`;
}

async function letsStrangersIn(connection: NatsConnection): Promise<boolean> {
  const servers = connection.getServer();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const stranger = await connect({ servers, reconnect: false, timeout: TURNED_AWAY_WITHIN_MS });
      await stranger.close();
      return true;
    } catch (error) {
      if (error instanceof errors.AuthorizationError) return false;
      // The server hangs up on whom it turns away; now and then the client sees that before it has read why.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
