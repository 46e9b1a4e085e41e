import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
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
 * The whole schema as SQL: tables, keys, policies, functions, grants. Committed as `schema.sql` for review; a spec
 * compares the catalogs it produces with those of the migrations.
 */
export async function schemaSql(schema: ServiceSchema): Promise<string> {
  const generator = await orm(schema, `postgresql://${schema.service}_owner@localhost/none`);
  const tables = await generator.schema.getCreateSchemaSQL({ wrap: false });
  const rights = rightsStatements(schema.service, generator.getMetadata().getAll().values());
  await generator.close(true);
  const withoutSchema = tables.replace(/^create schema.*$/gm, '').trim();
  const policiesAt = withoutSchema.search(/^alter table .* enable row level security;$/m);
  const [definitions, policies] = [withoutSchema.slice(0, policiesAt).trim(), withoutSchema.slice(policiesAt)];
  const keys = schema.functions.filter((text) => foreignKey.test(text));
  const functions = schema.functions.filter((text) => !foreignKey.test(text));
  return `${[definitions, ...keys, policies, ...functions, ...rights].join('\n\n')}\n`;
}

/**
 * Applies the pending files of `migrations/*.sql` in name order, each recorded in `<service>.schema_migrations`.
 *
 * @param url connection of `<service>_migrate`
 * @returns names of the migrations applied now
 * @throws pg errors of the first failing statement, which may be that it waited three seconds for a lock; the whole run is
 *   rolled back
 */
export async function migrate(schema: ServiceSchema, url: string): Promise<string[]> {
  const folder = fileURLToPath(new URL('migrations/', schema.packageUrl));
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const { Migration } = await import('@mikro-orm/migrations');
  const migrator = await orm(schema, url);
  try {
    migrator.config.get('migrations').migrationsList = files.map((file, index) => ({
      name: file.replace(/\.sql$/, ''),
      class: class extends Migration {
        override up(): void {
          this.addSql(texts[index] ?? '');
        }
      },
    }));
    return (await migrator.migrator.up()).map((applied) => applied.name);
  } finally {
    await migrator.close(true);
  }
}
