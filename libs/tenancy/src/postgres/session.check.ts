import type pg from 'pg';
import { GatedClient } from './gated.client.js';
import {
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
 * Runs `look` on a connection of a runtime role's, for what a service checks before it starts.
 *
 * @param url connection of the runtime role
 * @throws UnpinnedSessionError where it is not the server's own; AnswerTooLargeError; the first connection error
 */
export async function asRuntimeRole<T>(url: string, look: (client: pg.Client) => Promise<T>): Promise<T> {
  await assertPinned(url, SESSION_SETTINGS);
  const client = checkClient(url, SESSION_SETTINGS);
  await client.connect();
  try {
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
