import type { TestDatabase } from './test.database.js';

// What the database derives of other columns has their bounds.
const COLUMNS = `
  select r.relname as table, a.attname as column, coalesce(string_agg(pg_get_constraintdef(k.oid), ' '), '') as rules
  from pg_class r join pg_attribute a on a.attrelid = r.oid join pg_type t on t.oid = a.atttypid
    left join pg_constraint k on k.conrelid = r.oid and k.contype = 'c'
  where r.relnamespace = $1::regnamespace and r.relkind = 'r' and r.relname <> 'schema_migrations'
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and t.typlen = -1
  group by 1, 2 order by 1, 2`;

/**
 * Looks for what a row may hold any amount of, as SQL under a tag may write it: a process that serves everybody is
 * given it.
 *
 * @param test a database of the service, with all its migrations
 * @returns how many columns of no fixed length there are, and those without a bound, as `table.column`
 */
export async function rowBounds(test: TestDatabase, schema: string): Promise<{ columns: number; unbounded: string[] }> {
  const rows = (await test.admin(COLUMNS, [schema])) as { table: string; column: string; rules: string }[];
  const unbounded = rows.filter(
    ({ column, rules }) => !new RegExp(`octet_length\\(\\(?"?${column}"?(\\)::text)?\\) <= \\d+`).test(rules),
  );
  return { columns: rows.length, unbounded: unbounded.map(({ table, column }) => `${table}.${column}`) };
}
