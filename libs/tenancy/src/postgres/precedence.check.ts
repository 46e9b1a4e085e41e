import type pg from 'pg';

/**
 * One row: each column is whether something is as every policy relies on it to be. A dump restored as it is, an upgrade
 * of the server and a function made anew all reset a cost, without a word.
 */
const PRECEDENCE_QUERY = `
  select
    coalesce((select p.procost = -1 and p.prosrc = 'uuid_eq' and p.provolatile = 'i' and p.proisstrict and not p.proleakproof
      and p.prolang = (select oid from pg_language where lanname = 'internal')
      from pg_proc p where p.oid = wall.same), false) as comparison,
    coalesce((select o.oprcode = wall.same and o.oprcom = 0 and not o.oprcanmerge and not o.oprcanhash
      and o.oprrest = 'neqsel'::regproc and o.oprjoin = 'neqjoinsel'::regproc
      from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where n.nspname = 'tenancy_hidden' and o.oprname = '==='), false) as operator,
    not exists (select from pg_proc p where p.procost <= 0 and p.oid is distinct from wall.same) as lowest,
    not has_schema_privilege('tenancy_hidden', 'USAGE') and not has_schema_privilege('tenancy_hidden', 'CREATE') as hidden,
    not has_parameter_privilege('backtrace_functions', 'SET') and current_setting('backtrace_functions') = '' as claims,
    not exists (select from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace
      and p.proname in ('currtid2', 'pg_notify', 'pg_logical_emit_message') and has_function_privilege(p.oid, 'EXECUTE')) as positions
  from (select (select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'tenancy_hidden' and p.proname = 'same') as same) wall`;

const FINDINGS: Readonly<Record<string, string>> = {
  comparison:
    'the comparison that policies begin with is not the one that costs less than nothing: prepare the database again',
  operator: 'the operator that policies begin with is not the prepared one',
  lowest: 'another function costs nothing, or less: it would be asked before the policies',
  hidden: 'the runtime role may name what policies compare with',
  claims: 'the runtime role may say by itself what its tag says',
  positions: 'the runtime role may follow or signal what others do',
};

/**
 * Looks whether policies are asked before anything else, and whether what they ask cannot be made up, with the eyes of
 * the runtime role.
 *
 * @returns what is wrong, in words
 */
export async function precedenceFindings(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<Record<string, boolean>>(PRECEDENCE_QUERY);
  const [found = {}] = rows;
  return Object.entries(FINDINGS).flatMap(([name, text]) => (found[name] === true ? [] : [text]));
}
