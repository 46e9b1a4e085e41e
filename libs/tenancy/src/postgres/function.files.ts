import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ServiceSchema, TableFunction } from './service.schema.js';
import { tablesOf } from './table.factory.js';

/** A database function of a service, as a file has it. */
export interface FunctionFile {
  /** Where it lies in its package, without the ending: `functions/holds/reserve`. */
  readonly name: string;
  /** How it is recorded once it is applied: its name, `@`, the first 16 hexadecimal digits of its text's SHA-256. */
  readonly version: string;
  /** Its statements as they run in the service's schema. */
  readonly text: string;
}

/** What files of libraries call the schema they run in, the name of its service, and a table that the factory made. */
const SCHEMA = 'service_schema';
const SERVICE = 'service_name';
const TABLE = 'some_table';

/** By which rows of each kind of table are deleted; a table that is `deletable` has its own function of it. */
const DELETION = new URL('../../functions/deletion/', import.meta.url);

/**
 * The files of all functions of a service: of its own folders and its libraries', one for each table whose rows it
 * deletes, and those that some tables have one each of. In the order of their names, which is of no consequence: they
 * are created without a look into their bodies.
 *
 * @throws Error where two have one name
 */
export async function functionFiles(schema: ServiceSchema): Promise<FunctionFile[]> {
  const found = await Promise.all([
    ...schema.functions.map((folder) => filesOf(folder, schema)),
    ...(schema.tableFunctions ?? []).map((each) => filesByTable(each, schema)),
    deletions(schema),
  ]);
  const files = found.flat().sort((one, other) => (one.name < other.name ? -1 : 1));
  const twice = files.find(({ name }, index) => files[index + 1]?.name === name);
  if (twice) throw new Error(`Two files are ${twice.name}.sql`);
  return files;
}

/** Whether a name of `schema_migrations` is a function's version. */
export function isFunctionVersion(recorded: string): boolean {
  return recorded.startsWith('functions/');
}

/**
 * Those of the files that are to be applied: another text of them was applied last, or none.
 *
 * @param recorded names of `schema_migrations`, in the order in which they were recorded
 */
export function unapplied(files: readonly FunctionFile[], recorded: readonly string[]): FunctionFile[] {
  const last = new Map(recorded.filter(isFunctionVersion).map((version) => [version.split('@', 1)[0], version]));
  return files.filter(({ name, version }) => last.get(name) !== version);
}

async function filesOf(folder: URL, schema: ServiceSchema): Promise<FunctionFile[]> {
  const root = nameIn(folder);
  const paths = await readdir(fileURLToPath(folder), { recursive: true });
  return Promise.all(
    paths
      .filter((path) => path.endsWith('.sql'))
      .map(async (path) => fileOf(root + path, await textOf(new URL(path, folder), schema))),
  );
}

async function filesByTable({ file, tables }: TableFunction, schema: ServiceSchema): Promise<FunctionFile[]> {
  const text = await textOf(file, schema);
  return tables.map((table) => fileOf(nameIn(file).replace(TABLE, table), text.replaceAll(TABLE, table)));
}

async function deletions(schema: ServiceSchema): Promise<FunctionFile[]> {
  const own = new Set(schema.tables.map(({ meta }) => meta.tableName));
  const tables = tablesOf(schema.service).filter(({ table, deletable }) => deletable && own.has(table));
  return Promise.all(
    tables.map(async ({ table, kind }) => {
      const text = await textOf(new URL(`${kind}.sql`, DELETION), schema);
      return fileOf(`functions/deletion/${table}.sql`, text.replaceAll(TABLE, table));
    }),
  );
}

function nameIn({ pathname }: URL): string {
  return pathname.slice(pathname.lastIndexOf('/functions/') + 1);
}

async function textOf(file: URL, { service, name }: ServiceSchema): Promise<string> {
  const text = await readFile(file, 'utf8');
  return text.replaceAll(SCHEMA, service).replaceAll(SERVICE, name ?? service.replaceAll('_', '-'));
}

function fileOf(path: string, text: string): FunctionFile {
  const name = path.replace(/\.sql$/, '');
  return { name, text, version: `${name}@${createHash('sha256').update(text).digest('hex').slice(0, 16)}` };
}
