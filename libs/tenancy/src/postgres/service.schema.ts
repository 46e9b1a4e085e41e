import type { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { assertLed, type ForeignKey, foreignKeyStatements } from './foreign.key.js';
import { boundStatements } from './table.bounds.js';
import { rightsStatements } from './table.rights.js';

/** A function that each of some tables has one of. */
export interface TableFunction {
  /** Its file, in whose name and text `some_table` stands for the table. */
  readonly file: URL;
  readonly tables: readonly string[];
}

/** Everything a service's schema consists of. */
export interface ServiceSchema {
  /** Service name = schema name. */
  readonly service: string;
  /** What it is called on the bus, where that is not the schema's name with dashes. */
  readonly name?: string;
  /** Every table, made by the table factory. */
  readonly tables: readonly EntitySchema[];
  /**
   * References between its tables; none when left out. They come before row-level security is on: Postgres checks a
   * new key by a query of the owner's, whom the policies would then refuse for want of a tag. A later migration adds
   * its keys `not valid` for the same reason.
   */
  readonly foreignKeys?: readonly ForeignKey[];
  /** What tables are held to beyond columns and keys: checks, each a complete statement, applied after the tables. */
  readonly rules: readonly string[];
  /** Folders of the files of its functions: `functions/` of its package, and what libraries bring for each schema. */
  readonly functions: readonly URL[];
  /** Functions that tables have one each of; none when left out. */
  readonly tableFunctions?: readonly TableFunction[];
  /** Folder of the service's package that holds `migrations/*.sql`, as a file URL. */
  readonly packageUrl: URL;
}

/** What writes a schema, and migrates one. Loaded when it is used: a running service has no need of it. */
export async function ormOf(schema: ServiceSchema, url: string): Promise<MikroORM> {
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

/** What stands above a schema that was written. */
const HEADER = `-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.`;

/**
 * The whole schema as SQL but for its functions: tables, keys, policies, rules, bounds, grants. Committed as
 * `schema.sql` for review; a spec compares the catalogs it produces with those of the migrations.
 *
 * @throws Error for a foreign key that does not begin with whose the rows are
 */
export async function schemaSql(schema: ServiceSchema): Promise<string> {
  const generator = await ormOf(schema, `postgresql://${schema.service}_owner@localhost/none`);
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
  assertLed(schema.service, definitions, schema.rules);
  const keys = foreignKeyStatements(schema.service, schema.foreignKeys ?? []);
  const parts = [HEADER, columnsByLine(definitions), ...keys, policies, ...schema.rules, ...bounds, ...rights];
  return `${parts.join('\n\n')}\n`;
}

/** Each column and key of a new table on a line of its own. */
function columnsByLine(definitions: string): string {
  return definitions.replace(
    /^(create table \S+) \((.*)\);$/gm,
    (_, begin: string, columns: string) => `${begin} (\n${partsOf(columns).join(',\n')}\n);`,
  );
}

/** What stands between the commas of a list; one between parentheses, or in a text, is none of them. */
function partsOf(list: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of list.matchAll(/'(?:[^']|'')*'|[^]/g)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${token}`);
  }
  return parts.map((part) => `  ${part.trim()}`);
}
