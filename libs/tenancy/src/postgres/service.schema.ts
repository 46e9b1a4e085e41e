import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { FailedMigrationError } from './failed.migration.js';
import { statementsOf } from './sql.statements.js';
import { boundStatements } from './table.bounds.js';
import { rightsStatements } from './table.rights.js';

/** Everything a service's schema consists of. */
export interface ServiceSchema {
  /** Service name = schema name. */
  readonly service: string;
  /** Every table, made by the table factory. */
  readonly tables: readonly EntitySchema[];
  /**
   * Functions and their grants, in order, each a complete statement; applied after the tables. Foreign keys among them
   * come before row-level security is on: Postgres checks a new key by a query of the owner's, whom the policies would
   * then refuse for want of a tag. A later migration adds its keys `not valid` for the same reason.
   */
  readonly functions: readonly string[];
  /** Folder of the service's package that holds `migrations/*.sql`, as a file URL. */
  readonly packageUrl: URL;
}

/** Loaded when it is used: a running service has no need of the generator. */
async function orm(schema: ServiceSchema, url: string): Promise<MikroORM> {
  const [{ MikroORM: Orm }, { Migrator }] = await Promise.all([
    import('@mikro-orm/postgresql'),
    import('@mikro-orm/migrations'),
  ]);
  return Orm.init({
    clientUrl: url,
    entities: [...schema.tables],
    schema: schema.service,
    ensureDatabase: false,
    extensions: [Migrator],
    // Objects belong to the owner role; the login role of migrations owns nothing.
    // What waits for a table has everybody behind it wait too: it gives up before they do.
    driverOptions: { options: `-c role=${schema.service}_owner -c search_path=${schema.service} -c lock_timeout=3s` },
    migrations: {
      tableName: 'schema_migrations',
      snapshot: false,
      silent: true,
      allOrNothing: true,
      disableForeignKeys: false,
    },
  });
}

const foreignKey = /^alter table \S+ add constraint \S+ foreign key /;

/**
 * The whole schema as SQL: tables, keys, policies, functions, bounds, grants. Committed as `schema.sql` for review; a
 * spec compares the catalogs it produces with those of the migrations.
 */
export async function schemaSql(schema: ServiceSchema): Promise<string> {
  const generator = await orm(schema, `postgresql://${schema.service}_owner@localhost/none`);
  const tables = await generator.schema.getCreateSchemaSQL({ wrap: false });
  // In the order of the schema: that of the library is the order in which tables were made, which depends on who else
  // is loaded.
  const places = new Map(schema.tables.map((table, place) => [table.meta.className, place]));
  const entities = [...generator.getMetadata().getAll().values()].toSorted(
    (one, other) => (places.get(one.className) ?? 0) - (places.get(other.className) ?? 0),
  );
  const bounds = boundStatements(schema.service, entities);
  const rights = rightsStatements(schema.service, entities);
  await generator.close(true);
  const withoutSchema = tables.replace(/^create schema.*$/gm, '').trim();
  const policiesAt = withoutSchema.search(/^alter table .* enable row level security;$/m);
  const [definitions, policies] = [withoutSchema.slice(0, policiesAt).trim(), withoutSchema.slice(policiesAt)];
  const keys = schema.functions.filter((text) => foreignKey.test(text));
  const functions = schema.functions.filter((text) => !foreignKey.test(text));
  return `${[definitions, ...keys, policies, ...functions, ...bounds, ...rights].join('\n\n')}\n`;
}

/** The files of a service's migrations, in the order in which they are applied. */
export async function migrationFiles(schema: ServiceSchema): Promise<string[]> {
  return (await readdir(folderOf(schema))).filter((file) => file.endsWith('.sql')).sort();
}

function folderOf({ packageUrl }: ServiceSchema): string {
  return fileURLToPath(new URL('migrations/', packageUrl));
}

/**
 * Applies the pending files of `migrations/*.sql` in name order, each recorded in `<service>.schema_migrations`.
 *
 * @param url connection of `<service>_migrate`
 * @returns names of the migrations applied now
 * @throws FailedMigrationError naming the first failing statement, which may have waited three seconds for a lock; the
 *   whole run
 *   is rolled back
 */
export async function migrate(schema: ServiceSchema, url: string): Promise<string[]> {
  const files = await migrationFiles(schema);
  const texts = await Promise.all(files.map((file) => readFile(join(folderOf(schema), file), 'utf8')));
  const { Migration } = await import('@mikro-orm/migrations');
  const migrator = await orm(schema, url);
  try {
    migrator.config.get('migrations').migrationsList = files.map((file, index) => ({
      name: file.replace(/\.sql$/, ''),
      class: class extends Migration {
        // One by one, so that the one that fails is known.
        override async up(): Promise<void> {
          for (const statement of statementsOf(texts[index] ?? ''))
            await this.execute(statement).catch((error: unknown) => {
              throw new FailedMigrationError(file, statement, error);
            });
        }
      },
    }));
    return (await migrator.migrator.up()).map((applied) => applied.name);
  } finally {
    await migrator.close(true);
  }
}
