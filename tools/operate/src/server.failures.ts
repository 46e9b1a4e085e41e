import { StartFailure } from '@apollo/servers';
import { databaseProblem, natsProblem } from '@apollo/service-kit/process';
import pg from 'pg';

/** Milliseconds a database of one's own may take to answer. */
const PATIENCE_MS = 10_000;

/**
 * Makes sure that DATABASE_URL can be worked with.
 *
 * @throws StartFailure that says in one line what is wrong with it, without its password
 */
export async function requireSuperuser(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ rolsuper: boolean }>(
      'select rolsuper from pg_catalog.pg_roles where rolname = current_user',
    );
    if (!rows[0]?.rolsuper) throw new Error("it must be a superuser's");
  } catch (error) {
    throw databaseFailure('DATABASE_URL', databaseUrl, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What went wrong with the database of a variable, in one line that names it and shows no password. */
export function databaseFailure(variable: string, databaseUrl: string, error: unknown): StartFailure {
  return new StartFailure(databaseProblem(variable, databaseUrl, error), { cause: error });
}

/** What went wrong with the server of NATS_URL, in one line that names the variable. */
export function natsFailure(natsUrl: string, error: unknown): StartFailure {
  return new StartFailure(natsProblem(natsUrl, error), { cause: error });
}
