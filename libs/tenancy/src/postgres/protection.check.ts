import { KEY_COLUMN, policiesOf, type PolicyText, type TableKind } from './policy.text.js';
import { roleDefaultFindings } from './role.defaults.js';
import { asRuntimeRole } from './session.check.js';
import { tablesOf } from './table.factory.js';
import { precedenceFindings } from './precedence.check.js';

/** Thrown when a service would run unprotected; lists everything that is wrong. */
export class UnprotectedDatabaseError extends Error {
  constructor(readonly findings: readonly string[]) {
    super(`The database does not protect its tenants: ${findings.join('; ')}`);
    this.name = 'UnprotectedDatabaseError';
  }
}

/** First release of each major without the known row-level-security holes; older ones are refused in production. */
const PATCHED: Readonly<Record<number, number>> = { 18: 180006 };

/** A policy text as the catalog prints it. */
function printed(text: string): string {
  const conditions = text
    .replaceAll('operator(tenancy_hidden.===)', 'OPERATOR(tenancy_hidden.===)')
    .replace(/\(select (tenancy\.(\w+)\(\))\)/g, '( SELECT $1 AS $2)')
    .replaceAll(
      "(select current_setting('tenancy.entered')::uuid)",
      "( SELECT (current_setting('tenancy.entered'::text))::uuid AS current_setting)",
    )
    .split(' and ');
  if (text === 'true') return text;
  return conditions.length > 1 ? `(${conditions.map((each) => `(${each})`).join(' AND ')})` : `(${conditions.join()})`;
}

/** A policy as TABLE_QUERY gives it. */
function asPrinted({ type, command, role, using, check }: PolicyText): string {
  const row: PolicyRow = {
    permissive: type === 'permissive',
    command: command === 'all' ? '*' : 'r',
    roles: role ?? 'public',
    using: printed(using),
    check: check === undefined ? null : printed(check),
  };
  return JSON.stringify(row);
}

const ROLE_QUERY = `
  select r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication as privileged,
    exists (select from pg_auth_members m where m.member = r.oid) as member,
    exists (select from pg_class c where c.relowner = r.oid) or exists (select from pg_proc p where p.proowner = r.oid) as owns,
    has_database_privilege(r.oid, current_database(), 'TEMP') or has_database_privilege(r.oid, current_database(), 'CREATE') as creates,
    exists (select from pg_namespace n where has_schema_privilege(r.oid, n.oid, 'CREATE')) as creates_in_schema,
    has_language_privilege(r.oid, 'plpgsql', 'USAGE') or has_language_privilege(r.oid, 'sql', 'USAGE') as programs,
    (select count(*) from tenancy.runtime_guards()) as guards,
    current_setting('server_version_num')::int as version
  from pg_roles r where r.rolname = session_user`;

const TABLE_QUERY = `
  select c.relname, c.relkind, c.relrowsecurity and c.relforcerowsecurity as forced,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attstattarget is distinct from 0)
      or exists (select from pg_index i join pg_attribute a on a.attrelid = i.indexrelid
        where i.indrelid = c.oid and i.indkey[a.attnum - 1] = 0 and a.attstattarget is distinct from 0)
      or exists (select from pg_statistic_ext e where e.stxrelid = c.oid) as statistics,
    has_table_privilege(session_user, c.oid, 'SELECT') or has_any_column_privilege(session_user, c.oid, 'SELECT') as readable,
    coalesce((select json_agg(json_build_object('name', i.indexrelid::regclass::text, 'leads', a.attname)) from pg_index i
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attnum > 0 where i.indrelid = c.oid), '[]') as indexes,
    coalesce((select json_agg(json_build_object('permissive', p.polpermissive, 'command', p.polcmd,
      'roles', (select coalesce(string_agg(r.rolname, ','), 'public') from pg_roles r where r.oid = any (p.polroles)),
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))) from pg_policy p where p.polrelid = c.oid), '[]') as policies
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')`;

/**
 * With a right to update, delete, truncate or maintain the whole of a table, `LOCK TABLE` stops everybody; the others
 * are for its owner.
 */
const EXCESS_QUERY = `
  select r.rolname as role, c.oid::regclass::text as name from pg_class c cross join pg_roles r
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and r.rolname in ($1 || '_app', $1 || '_relay', $1 || '_checker')
    and has_table_privilege(r.oid, c.oid, 'UPDATE, DELETE, TRUNCATE, MAINTAIN, REFERENCES, TRIGGER')`;

const DEFINER_QUERY = `
  select p.oid::regprocedure::text as name from pg_proc p join pg_roles o on o.oid = p.proowner
  where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    and (o.rolsuper or o.rolbypassrls or o.rolcanlogin or p.proconfig is null or not exists (
      select from unnest(p.proconfig) setting where setting like 'search_path=pg_catalog, pg_temp%'))`;

const KINDS = Object.keys(KEY_COLUMN) as TableKind[];

interface PolicyRow {
  permissive: boolean;
  command: string;
  roles: string;
  using: string | null;
  check: string | null;
}
interface IndexRow {
  name: string;
  /** Its first column; null for an expression. */
  leads: string | null;
}
interface TableRow {
  relname: string;
  relkind: string;
  forced: boolean;
  statistics: boolean;
  readable: boolean;
  indexes: IndexRow[];
  policies: PolicyRow[];
}

/**
 * Looks at the database with the eyes of the runtime role and refuses to let a service start unprotected: a role that
 * could bypass, a table without exactly its two policies or that a role could lock, a definer function that should not
 * be.
 *
 * @param url connection of the runtime role
 * @param schema the service's schema; its tables must have been defined through the factory in this process
 * @param production also refuse server versions with known row-level-security holes
 * @throws UnprotectedDatabaseError with every finding; WrongRoleError;
 *   UnpinnedSessionError where the connection is not the server's
 *   own
 */
export async function assertProtected(url: string, schema: string, production: boolean): Promise<void> {
  await asRuntimeRole(url, schema, async (client) => {
    const role = (await client.query(ROLE_QUERY)).rows[0] as Record<string, unknown>;
    const tables = (await client.query(TABLE_QUERY, [schema])).rows as TableRow[];
    const excesses = (await client.query(EXCESS_QUERY, [schema])).rows as { role: string; name: string }[];
    const definers = (await client.query(DEFINER_QUERY)).rows as { name: string }[];
    const findings = [
      ...roleFindings(role, production),
      ...tableFindings(schema, tables),
      ...(await precedenceFindings(client)),
      ...(await roleDefaultFindings(client, schema)),
      ...excesses.map((excess) => `${excess.name} grants ${excess.role} more than rows and columns`),
      ...definers.map(({ name }) => `${name} runs with rights it must not have`),
    ];
    if (findings.length > 0) throw new UnprotectedDatabaseError(findings);
  });
}

function roleFindings(role: Record<string, unknown>, production: boolean): string[] {
  const findings: string[] = [];
  const say = (wrong: unknown, text: string): void => void (wrong && findings.push(text));
  say(role['privileged'], 'the runtime role is privileged');
  say(role['member'], 'the runtime role is a member of another role');
  say(role['owns'], 'the runtime role owns objects');
  say(role['creates'] || role['creates_in_schema'], 'the runtime role may create objects');
  say(role['programs'], 'the runtime role may use a procedural language');
  say(Number(role['guards']) < 3, 'an event trigger is missing or disabled');
  const version = Number(role['version']);
  const major = Math.floor(version / 10_000);
  const patched = PATCHED[major] ?? (major < 18 ? Infinity : 0);
  say(production && version < patched, `server version ${version} has known row-level-security holes`);
  return findings;
}

function tableFindings(schema: string, rows: readonly TableRow[]): string[] {
  const expected = new Map(tablesOf(schema).map((table) => [table.table, table]));
  const found = new Set(rows.map((row) => row.relname));
  const missing = [...expected.keys()]
    .filter((table) => !found.has(table))
    .map((table) => `${schema}.${table} is missing`);
  return [...missing, ...rows.flatMap((row) => rowFindings(schema, row, expected.get(row.relname)?.kind))];
}

function rowFindings(schema: string, row: TableRow, kind: TableKind | undefined): string[] {
  const name = `${schema}.${row.relname}`;
  if (!['r', 'p'].includes(row.relkind)) return [`${name} is a view or foreign table`];
  // One of a newer version is none of this one's: it may be there where it is protected like those that are known.
  if (!kind) {
    const known = !row.readable || KINDS.some((each) => rowFindings(schema, row, each).length === 0);
    return known ? [] : [`${name} was not made by the table factory`];
  }
  const findings: string[] = [];
  if (!row.forced) findings.push(`${name} does not force row-level security`);
  if (row.statistics) findings.push(`${name} keeps statistics of its values`);
  if (kind === 'global' && row.readable) findings.push(`${name} is a directory and must not be readable`);
  if (kind !== 'global' && row.readable) {
    const foreign = row.indexes.filter(({ leads }) => leads !== KEY_COLUMN[kind]).map((index) => index.name);
    if (foreign.length > 0)
      findings.push(`${name} has an index that does not begin with its key (${foreign.join(', ')})`);
  }
  const wanted = policiesOf(kind, schema).map(asPrinted);
  const there = row.policies.map((policy) => JSON.stringify(policy));
  if (there.length !== wanted.length || !wanted.every((policy) => there.includes(policy)))
    findings.push(`${name} does not have exactly its own policies`);
  return findings;
}
