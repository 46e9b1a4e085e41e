import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MikroORM } from '@mikro-orm/postgresql';
import { FailedMigrationError } from './failed.migration.js';
import { type FunctionFile, functionFiles, isFunctionVersion, unapplied } from './function.files.js';
import { ormOf, type ServiceSchema } from './service.schema.js';
import { statementsOf } from './sql.statements.js';

/** The files of a service's migrations, in the order in which they are applied. */
export async function migrationFiles(schema: ServiceSchema): Promise<string[]> {
  return (await readdir(folderOf(schema))).filter((file) => file.endsWith('.sql')).sort();
}

function folderOf({ packageUrl }: ServiceSchema): string {
  return fileURLToPath(new URL('migrations/', packageUrl));
}

/**
 * What `migrate` would apply of a schema: names of migrations, and versions of functions. Where the database has a
 * migration that this version does not know, it is of a newer one, whose functions stay.
 *
 * @param recorded names of `schema_migrations`, in the order in which they were recorded
 */
export async function pendingOf(schema: ServiceSchema, recorded: readonly string[]): Promise<string[]> {
  const names = (await migrationFiles(schema)).map(nameOf);
  const functions = ofNewer(names, recorded) ? [] : unapplied(await functionFiles(schema), recorded);
  return [...names.filter((name) => !recorded.includes(name)), ...functions.map(({ version }) => version)];
}

function nameOf(file: string): string {
  return file.replace(/\.sql$/, '');
}

function ofNewer(names: readonly string[], recorded: readonly string[]): boolean {
  return recorded.some((name) => !isFunctionVersion(name) && !names.includes(name));
}

type Connection = ReturnType<MikroORM['em']['getConnection']>;
type Run = Parameters<Parameters<Connection['transactional']>[0]>[0];

/**
 * Applies the pending files of `migrations/*.sql` in name order, and then each function of which another text was
 * applied last. All of it is recorded in `<service>.schema_migrations`, and is one transaction.
 *
 * @param url connection of `<service>_migrate`
 * @param functions those that the database is to have, the schema's own unless said otherwise
 * @returns names of the migrations, and versions of the functions, applied now
 * @throws FailedMigrationError naming the first failing statement, which may have waited three seconds for a lock; the
 *   whole run is rolled back
 */
export async function migrate(
  schema: ServiceSchema,
  url: string,
  functions?: readonly FunctionFile[],
): Promise<string[]> {
  const files = await migrationFiles(schema);
  const texts = await Promise.all(files.map((file) => readFile(join(folderOf(schema), file), 'utf8')));
  const wanted = functions ?? (await functionFiles(schema));
  const { Migration } = await import('@mikro-orm/migrations');
  const migrator = await ormOf(schema, url);
  const connection = migrator.em.getConnection();
  try {
    migrator.config.get('migrations').migrationsList = files.map((file, index) => ({
      name: nameOf(file),
      class: class extends Migration {
        override async up(): Promise<void> {
          await eachStatement(file, texts[index] ?? '', (statement) => this.execute(statement));
        }
      },
    }));
    return await connection.transactional(async (run) => {
      const applied = await migrator.migrator.up({ transaction: run });
      const table = `${schema.service}.schema_migrations`;
      const rows: { name: string }[] = await connection.execute(
        `select name from ${table} order by id`,
        [],
        'all',
        run,
      );
      const recorded = rows.map(({ name }) => name);
      const pending = ofNewer(files.map(nameOf), recorded) ? [] : unapplied(wanted, recorded);
      await applyFunctions(table, pending, connection, run);
      return [...applied.map(({ name }) => name), ...pending.map(({ version }) => version)];
    });
  } finally {
    await migrator.close(true);
  }
}

async function applyFunctions(
  table: string,
  pending: readonly FunctionFile[],
  connection: Connection,
  run: Run,
): Promise<void> {
  // Of a text that was applied before, a later row takes the place of the earlier one.
  const note =
    `insert into ${table} (name) values (?) ` +
    'on conflict (name) do update set id = excluded.id, executed_at = excluded.executed_at';
  // A function may call one that comes behind it.
  await connection.execute('set local check_function_bodies = off', [], 'run', run);
  for (const { name, text, version } of pending) {
    await eachStatement(`${name}.sql`, text, (statement) => connection.execute(statement, [], 'run', run));
    await connection.execute(note, [version], 'run', run);
  }
}

/** One by one, so that the one that fails is known. */
async function eachStatement(file: string, text: string, execute: (sql: string) => Promise<unknown>): Promise<void> {
  for (const statement of statementsOf(text))
    await execute(statement).catch((error: unknown) => {
      throw new FailedMigrationError(file, statement, error);
    });
}
