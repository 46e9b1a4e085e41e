import type { TestDatabase } from './test.database.js';

const FUNCTIONS = `
  select p.proname as name, p.prosrc as source from pg_proc p where p.pronamespace = $1::regnamespace and p.prosrc <> ''`;

const MOMENTS = `
  select distinct a.attname as name from pg_attribute a join pg_class r on r.oid = a.attrelid
  where r.relnamespace = $1::regnamespace and a.attnum > 0 and a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype, 'interval'::regtype)`;

/**
 * Looks for functions that make a text of a day or a moment as their caller's settings say: whoever sets DateStyle
 * under a tag of its own then chooses what a key of the same day is called. `to_char` with a pattern heeds none of
 * them.
 *
 * @param test a database of the service, with all its migrations
 * @returns how many functions there are, and the places found, as `function: text`
 */
export async function daysAsText(test: TestDatabase, schema: string): Promise<{ functions: number; found: string[] }> {
  const functions = (await test.admin(FUNCTIONS, [schema])) as { name: string; source: string }[];
  const names = ((await test.admin(MOMENTS, [schema])) as { name: string }[]).map(({ name }) => name);
  const moment = String.raw`(?:\w+\.)?\b(?:${[...names, 'today', 'moment', 'instant'].join('|')})\b`;
  const written = new RegExp(String.raw`\|\|\s*${moment}(?!\s*::)|${moment}\s*(?:\|\||::text)`, 'g');
  const found = functions.flatMap(({ name, source }) =>
    (source.match(written) ?? []).map((text) => `${name}: ${text}`),
  );
  return { functions: functions.length, found };
}
