import { readFile } from 'node:fs/promises';
import { migrationFiles, type ServiceSchema } from '@apollo/tenancy/postgres';
import type { TestDatabase } from './test.database.js';

/** Octets that the texts of an index's row may have together: a B-tree takes no row of more than 2,704. */
const MOST_OCTETS = 2_600;

// The platform's own tables have its realm first: no organization's tag writes a row of them.
const TEXTS = `
  select r.relname as table, x.relname as index, coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_indexdef(x.oid, a.attnum, true)) as text,
    (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where k.conrelid = r.oid and k.contype = 'c') as rules
  from pg_index i join pg_class r on r.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_attribute a on a.attrelid = x.oid
    left join pg_attribute c on c.attrelid = r.oid and c.attnum = i.indkey[a.attnum - 1] and c.attgenerated <> ''
    left join pg_attrdef d on d.adrelid = r.oid and d.adnum = c.attnum
  where r.relnamespace = $1::regnamespace and r.relname <> 'schema_migrations' and a.atttypid not in (select oid from pg_type where typcategory in ('U', 'N', 'D', 'B') and oid <> 'jsonb'::regtype)
    and not exists (select from pg_attribute p where p.attrelid = r.oid and p.attname = 'realm' and not p.attisdropped)
  order by 1, 2, a.attnum`;

/**
 * Looks for indexes that a migration puts on rows that are there already, and that a row may be too long for, as SQL
 * under a tag may have written it: such a row would stop the migration. What is indexed since its table exists meets no
 * row.
 *
 * @param test a database of the service, with all its migrations
 * @returns how many texts are indexed, and the unbounded ones among those of later indexes, as `table.index: text`
 */
export async function indexBounds(
  test: TestDatabase,
  schema: ServiceSchema,
): Promise<{ texts: number; unbounded: string[] }> {
  const files = await migrationFiles(schema);
  const migrations = await Promise.all(
    files.map((file) => readFile(new URL(`migrations/${file}`, schema.packageUrl), 'utf8')),
  );
  const rows = (await test.admin(TEXTS, [schema.service])) as {
    table: string;
    index: string;
    text: string;
    rules: string | null;
  }[];
  const octets = new Map<string, number>();
  const unbounded: string[] = [];
  for (const { table, index, text, rules } of rows) {
    const born = migrations.findIndex((sql) => new RegExp(`create table (\\S+\\.)?"?${table}"? `).test(sql));
    const made = migrations.findLastIndex((sql) => new RegExp(`(index|constraint) "?${index}"? `).test(sql));
    if (born < 0) throw new Error(`No migration makes the table ${table}`);
    if (made < 0 || made === born) continue;
    const [, characters] = /^"left"\(.*, (\d+)\)/.exec(text) ?? [];
    const [, bound] = new RegExp(`octet_length\\(${text}\\) <= (\\d+)`).exec(rules ?? '') ?? [];
    // A character has four octets at most.
    const most = characters === undefined ? Number(bound ?? Infinity) : 4 * Number(characters);
    const sum = (octets.get(index) ?? 0) + most;
    octets.set(index, sum);
    if (sum > MOST_OCTETS) unbounded.push(`${table}.${index}: ${text}`);
  }
  return { texts: rows.length, unbounded };
}
