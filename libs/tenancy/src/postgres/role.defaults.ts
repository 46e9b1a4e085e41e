import type pg from 'pg';
import type { SessionSettings } from './session.settings.js';

/** Roles of a service that its processes log in as. */
export type RuntimeRole = 'app' | 'relay' | 'checker';

const ALWAYS: SessionSettings = {
  track_activities: 'off',
  statement_timeout: '15s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '15s',
  search_path: 'pg_catalog',
};

/**
 * What the preparation gives each role by ALTER ROLE, for whoever logs in without the library; connections of services pin
 * theirs at start-up. A role may change its own defaults, and some of those cannot be pinned: with a library to load that is
 * not there, it cannot connect any more. So they are looked at.
 */
const ROLE_DEFAULTS: Readonly<Record<RuntimeRole, SessionSettings>> = {
  app: ALWAYS,
  relay: ALWAYS,
  checker: {
    ...ALWAYS,
    default_transaction_read_only: 'on',
    default_transaction_isolation: 'repeatable read',
    statement_timeout: '120s',
  },
};

const DEFAULTS_QUERY = `
  select pg_catalog.array_to_string(s.setconfig, E'\\n') as settings, s.setdatabase <> 0 as here, r.rolname::text as role
  from pg_catalog.pg_roles r left join pg_catalog.pg_db_role_setting s on s.setrole = r.oid
    and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
  where r.rolname = any($1)`;

interface DefaultsRow {
  readonly settings: string | null;
  /** For this database only. */
  readonly here: boolean | null;
  readonly role: string;
}

/** Whatever runs a query: a client, a pool. */
type Asked = Pick<pg.ClientBase, 'query'>;

/**
 * Compares the defaults of a service's roles with what the preparation gives them.
 *
 * @param service the service's schema
 * @returns each default that differs, by name; values are not told
 */
export async function roleDefaultFindings(asked: Asked, service: string): Promise<string[]> {
  const kinds = Object.keys(ROLE_DEFAULTS) as RuntimeRole[];
  const names = kinds.map((kind) => `${service}_${kind}`);
  const { rows } = await asked.query<DefaultsRow>(DEFAULTS_QUERY, [names]);
  return kinds.flatMap((kind) => {
    const role = `${service}_${kind}`;
    const own = rows.filter((row) => row.role === role);
    if (own.length === 0) return [];
    return [
      ...differing(parsed(own, false), ROLE_DEFAULTS[kind]).map(
        (name) => `${role} has a default for ${name} of its own`,
      ),
      ...Object.keys(parsed(own, true)).map((name) => `${role} has a default for ${name} in this database`),
    ];
  });
}

/** Gives a role its defaults and no others. Nothing is changed where they are so; meanwhile none of them is missing. */
export async function giveRoleDefaults(client: pg.Client, service: string, kind: RuntimeRole): Promise<void> {
  const role = `${service}_${kind}`;
  const wanted = ROLE_DEFAULTS[kind];
  const { rows } = await client.query<DefaultsRow>(DEFAULTS_QUERY, [[role]]);
  if (rows.some((row) => row.here))
    await client.query(`alter role ${role} in database ${client.escapeIdentifier(client.database ?? '')} reset all`);
  for (const name of differing(parsed(rows, false), wanted)) {
    const value = wanted[name];
    const change = value === undefined ? `reset ${client.escapeIdentifier(name)}` : `set ${name} to '${value}'`;
    await client.query(`alter role ${role} ${change}`);
  }
}

function parsed(rows: readonly DefaultsRow[], here: boolean): SessionSettings {
  const settings = rows.find((row) => row.settings !== null && row.here === here)?.settings ?? '';
  const pairs = settings.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function differing(found: SessionSettings, wanted: SessionSettings): string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].filter((name) => found[name] !== wanted[name]);
}
