import { StartFailure } from '@apollo/servers';
import pg from 'pg';

/** Milliseconds a database of one's own may take to answer. */
const PATIENCE_MS = 10_000;

/**
 * Makes sure that DATABASE_URL can be worked with.
 *
 * @throws StartFailure that says in one line what is wrong with it, without its password
 */
export async function requireSuperuser(databaseUrl: string): Promise<void> {
  requireDatabaseUrl(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ rolsuper: boolean }>(
      'select rolsuper from pg_catalog.pg_roles where rolname = current_user',
    );
    if (!rows[0]?.rolsuper)
      throw new StartFailure(`DATABASE_URL must be a superuser's, and ${named(databaseUrl)} is not.`);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw databaseFailure('DATABASE_URL', databaseUrl, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @throws StartFailure where DATABASE_URL names no database */
export function requireDatabaseUrl(databaseUrl: string): void {
  if (!URL.canParse(databaseUrl) || !/^postgres(ql)?:$/.test(new URL(databaseUrl).protocol))
    throw new StartFailure(
      'DATABASE_URL is no URL of a database: postgres://<superuser>:<password>@<host>/<database>.',
    );
}

/** What went wrong with the database of a variable, in one line that names it and shows no password. */
export function databaseFailure(variable: string, databaseUrl: string, error: unknown): StartFailure {
  return new StartFailure(`${variable} (${named(databaseUrl)}) cannot be used: ${reasonOf(error)}.`, { cause: error });
}

/** What went wrong with the server of NATS_URL, in one line that names the variable. */
export function natsFailure(natsUrl: string, error: unknown): StartFailure {
  return new StartFailure(
    `NATS_URL (${natsUrl.replaceAll(/\/\/[^/@]*@/g, '//')}) cannot be used: ${reasonOf(error)}. It must name a server that runs, with the generated accounts loaded.`,
    { cause: error },
  );
}

function named(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'no URL';
  const { username, host } = new URL(databaseUrl);
  return `${decodeURIComponent(username)}@${host}`;
}

/** A refused connection to a name with several addresses has no message of its own, only a code. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || code || String(error)).replaceAll(/\s*\n\s*/g, ' ').replace(/\.$/, '');
}
