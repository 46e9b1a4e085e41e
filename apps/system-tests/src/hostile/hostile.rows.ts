import type pg from 'pg';

/** Tables that change by themselves: what is remembered of requests is forgotten after a while. */
const FLEETING = ['org_commands'];

/** What every table of every service holds of organizations, as one text each. @param ids of the organizations */
export async function rowsOf(admin: pg.Pool, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attname = 'org_id' and c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and c.relname <> all($1)
     order by 1`,
    [FLEETING],
  );
  const held = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await admin.query<{ digest: string | null }>(
      `select md5(string_agg(t::text, ',' order by t::text)) as digest from ${name} t where org_id = any($1)`,
      [ids],
    );
    held.set(name, String(rows[0]?.digest));
  }
  return held;
}

/** How often texts stand in what a table holds of an organization. */
export async function found(admin: pg.Pool, table: string, org: string, texts: readonly string[]): Promise<number> {
  const { rows } = await admin.query<{ found: string }>(
    `select count(*) as found from ${table} t, unnest($2::text[]) s where t.org_id = $1 and strpos(t::text, s) > 0`,
    [org, texts],
  );
  return Number(rows[0]?.found);
}
