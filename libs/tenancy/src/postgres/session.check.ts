import type pg from 'pg';
import { GatedClient } from './gated.client.js';
import {
  RELAY_SETTINGS,
  SESSION_SETTINGS,
  sessionFindings,
  type SessionSettings,
  startupOptions,
  UnpinnedSessionError,
} from './session.settings.js';

/**
 * How many connections, and how many transactions on each, are looked at: a pooler may give each another server
 * process.
 */
const LOOKS = 2;
/** Bytes that one answer may have to what is checked: catalogs, of which a role has its part. */
const MOST_BYTES = 8 * 1_048_576;

/** Thrown where a service would work as a role that is not its own: a superuser, say, or another service's. */
export class WrongRoleError extends Error {
  constructor(found: string, wanted: string) {
    super(`it is the URL of ${found}, and has to be that of ${wanted}`);
    this.name = 'WrongRoleError';
  }
}

/**
 * Makes fresh connections and looks at each in several transactions.
 *
 * @returns what is wrong, in words; nothing on a connection of one's own to the server
 * @throws the first connection error
 */
export async function connectionFindings(url: string, settings: SessionSettings): Promise<string[]> {
  const clients = Array.from({ length: LOOKS }, () => checkClient(url, settings));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const findings = new Set<string>();
    for (let look = 0; look < LOOKS; look += 1)
      for (const found of await Promise.all(clients.map((client) => sessionFindings(client, settings))))
        found.forEach((finding) => findings.add(finding));
    return [...findings];
  } catch (error) {
    // PgBouncer, where it was not told to drop what it does not know.
    if (!isProtocolViolation(error)) throw error;
    return ['start-up settings are not taken: there is a connection pooler'];
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}

/** Refuses connections that are not as they were asked for. @throws UnpinnedSessionError with every finding */
export async function assertPinned(url: string, settings: SessionSettings): Promise<void> {
  const findings = await connectionFindings(url, settings);
  if (findings.length > 0) throw new UnpinnedSessionError(findings);
}

/**
 * Runs `look` on a connection of a service's runtime role, for what it checks before it starts.
 *
 * @param url connection of the runtime role
 * @param service its schema
 * @throws WrongRoleError where it is another role's, UnpinnedSessionError where it is not the server's own;
 *   AnswerTooLargeError; the first connection error
 */
export async function asRuntimeRole<T>(
  url: string,
  service: string,
  look: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return asRole(url, `${service}_app`, SESSION_SETTINGS, look);
}

/**
 * Refuses a connection that is not one of the service's relay role, as it was asked for.
 *
 * @throws as `asRuntimeRole`
 */
export async function assertRelayRole(url: string, service: string): Promise<void> {
  await asRole(url, `${service}_relay`, RELAY_SETTINGS, () => Promise.resolve());
}

async function asRole<T>(
  url: string,
  role: string,
  settings: SessionSettings,
  look: (client: pg.Client) => Promise<T>,
): Promise<T> {
  await assertPinned(url, settings);
  const client = checkClient(url, settings);
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string }>('select session_user::text as role');
    if (rows[0]?.role !== role) throw new WrongRoleError(rows[0]?.role ?? '', role);
    return await look(client);
  } finally {
    await client.end();
  }
}

function checkClient(url: string, settings: SessionSettings): GatedClient {
  return new GatedClient({
    connectionString: url,
    application_name: 'apollo-check',
    options: startupOptions(settings),
    mostBytes: MOST_BYTES,
  });
}

function isProtocolViolation(error: unknown): boolean {
  return (error as { code?: string }).code === '08P01';
}
