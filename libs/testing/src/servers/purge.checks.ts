import type { PurgePlan } from '@apollo/service-kit';
import type { TestDatabase } from './test.database.js';

const TABLES = `
  select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') order by 1`;
const FUNCTIONS =
  "select proname as name from pg_proc where pronamespace = $1::regnamespace and proname like 'purge\\_%'";

/**
 * Compares a plan with the catalog: of each table with an `org_id` it is decided whether its rows go with their
 * organization, and there is a function to purge what goes, and none for anything else.
 *
 * @param test a database of the service, with all its migrations
 * @returns how many tables there are, and what is wrong, a line each
 */
export async function purgeGaps(
  test: TestDatabase,
  schema: string,
  { anonymized = [], deleted, kept }: PurgePlan,
): Promise<{ tables: number; problems: string[] }> {
  const names = async (query: string): Promise<string[]> =>
    (await test.admin(query, [schema])).map(({ name }) => String(name));
  const [tables, functions] = [await names(TABLES), await names(FUNCTIONS)];
  const purged = [...deleted, ...anonymized].map((table) => `purge_${table}`);
  const decided = [...deleted, ...Object.keys(kept)];
  return {
    tables: tables.length,
    problems: [
      ...tables.filter((table) => !decided.includes(table)).map((table) => `${table} is neither purged nor kept`),
      ...deleted.filter((table) => table in kept).map((table) => `${table} is both purged and kept`),
      ...anonymized.filter((table) => !(table in kept)).map((table) => `${table} loses its people and is not kept`),
      ...decided.filter((table) => !tables.includes(table)).map((table) => `${table} is no table of organizations`),
      ...purged.filter((name) => !functions.includes(name)).map((name) => `${name} is not there`),
      ...functions.filter((name) => !purged.includes(name)).map((name) => `${name} is in no plan`),
    ],
  };
}

/** How many rows each table of a schema has of an organization, those without any left out. */
export async function rowsOf(test: TestDatabase, schema: string, org: string): Promise<Record<string, number>> {
  const tables = await test.admin(TABLES, [schema]);
  const counts = tables.map(
    ({ name }) => `select '${name}' as name, count(*)::int as rows from ${schema}.${name} where org_id = $1`,
  );
  const found = await test.admin(counts.join(' union all '), [org]);
  return Object.fromEntries(found.filter(({ rows }) => rows !== 0).map(({ name, rows }) => [name, rows as number]));
}
