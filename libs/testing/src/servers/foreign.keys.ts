import type { TestDatabase } from './test.database.js';

// Whose a row is stands first in its table's key, or, in a directory, wherever a column of that name is.
const KEYS = `
  select k.conrelid::regclass::text as table, k.conname as name, pg_get_constraintdef(k.oid) as text,
    (select attname from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) as first,
    (select attname from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) as aim,
    (select array_agg(distinct a.attname::text) from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
      where a.attrelid in (k.conrelid, k.confrelid) and not a.attisdropped and (a.attname = 'org_id' or a.attnum = i.indkey[0])) as whose
  from pg_constraint k where k.connamespace = $1::regnamespace and k.contype = 'f' and k.conparentid = 0 order by 1, 2`;

/**
 * Looks for references that could lead from one organization's rows, one person's or the platform's, to others': the
 * database follows foreign keys outside row-level security. Each has to begin, on both sides, with the one column that
 * says whose the rows of both tables are.
 *
 * @param test a database of the service, with all its migrations
 * @returns how many foreign keys its catalog has, and those that are not so, as `table.name: definition`
 */
export async function foreignKeys(test: TestDatabase, service: string): Promise<{ keys: number; strays: string[] }> {
  const found = (await test.admin(KEYS, [service])) as {
    table: string;
    name: string;
    text: string;
    first: string;
    aim: string;
    whose: string[];
  }[];
  const strays = found.filter(
    ({ first, aim, whose }) =>
      whose.length !== 1 || first !== aim || !['org_id', 'user_id', 'realm'].includes(first) || first !== whose[0],
  );
  return { keys: found.length, strays: strays.map(({ table, name, text }) => `${table}.${name}: ${text}`) };
}
