import type pg from 'pg';
import { isDenial, isOfAnotherVersion } from './database.errors.js';
import { functionFiles, isFunctionVersion } from './function.files.js';
import { migrationFiles } from './service.migration.js';
import type { ServiceSchema } from './service.schema.js';
import { asRuntimeRole } from './session.check.js';

/** Thrown when a service would run on a database that was prepared for an earlier version, or never. */
export class UnpreparedDatabaseError extends Error {
  constructor(service: string, options: ErrorOptions) {
    super(`The database was not prepared for this version of ${service}. Prepare it, then start again.`, options);
    this.name = 'UnpreparedDatabaseError';
  }
}

/** Of what a database lacks, so much is named in the message. */
const NAMED = 10;

/**
 * Thrown when a service would run on a database that lacks migrations or functions of its own version; names them, the
 * first ones in its message.
 */
export class UnmigratedDatabaseError extends Error {
  constructor(
    service: string,
    readonly pending: readonly string[],
  ) {
    const named = pending.slice(0, NAMED).join(', ');
    const others = pending.length > NAMED ? ` and ${pending.length - NAMED} more` : '';
    super(`The database lacks migrations of ${service}: ${named}${others}. Apply them, then start again.`);
    this.name = 'UnmigratedDatabaseError';
  }
}

/**
 * Compares the migrations and functions that a service brings with those of its database, with the eyes of the runtime
 * role. A function that was replaced since by one of a later version is none that lacks.
 *
 * @param url connection of the runtime role, which is the server's own
 * @returns names of those migrations that the database has and this version does not know: it is of a newer one. What
 *   they left as it was goes on
 * @throws UnmigratedDatabaseError where one of this version's was never applied, UnpreparedDatabaseError,
 *   WrongRoleError, UnpinnedSessionError
 */
export async function assertMigrated(schema: ServiceSchema, url: string): Promise<string[]> {
  const [migrations, functions] = await Promise.all([migrationFiles(schema), functionFiles(schema)]);
  const own = [...migrations.map((file) => file.replace(/\.sql$/, '')), ...functions.map(({ version }) => version)];
  return asRuntimeRole(url, schema.service, async (client) => {
    const applied = await appliedTo(client).catch((error: unknown) => {
      throw isOfAnotherVersion(error) || isDenial(error)
        ? new UnpreparedDatabaseError(schema.service, { cause: error })
        : error;
    });
    const pending = own.filter((name) => !applied.includes(name));
    if (pending.length > 0) throw new UnmigratedDatabaseError(schema.service, pending);
    return applied.filter((name) => !own.includes(name) && !isFunctionVersion(name)).sort();
  });
}

async function appliedTo(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from tenancy.applied_migrations() as m (name)');
  return rows.map(({ name }) => name);
}
