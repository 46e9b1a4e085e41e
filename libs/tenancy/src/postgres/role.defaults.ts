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
 * What the preparation gives each role by ALTER ROLE, for whoever logs in without the library; connections of services
 * pin theirs at start-up. A role may change its own defaults, and some of those cannot be pinned: with a library to
 * load that is not there, it cannot connect any more. So they are looked at.
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

/**
 * Bytes, as they are stored, beyond which nobody looks at what a role's defaults say: the server would take them apart
 * for it.
 */
const MOST_STORED = 8_192;
/**
 * What the preparation gives is far below what is cut off here; anybody's own value may be half a gigabyte of anything.
 */
const DEFAULTS_QUERY = `
  select r.rolname::text as role, s.setdatabase <> 0 as here,
    pg_catalog.pg_column_size(s.setconfig) > ${MOST_STORED} as "tooLarge",
    case when pg_catalog.pg_column_size(s.setconfig) <= ${MOST_STORED} then
      (select pg_catalog.json_agg(pg_catalog.left(e.entry, 200))
        from (select u.entry from pg_catalog.unnest(s.setconfig) as u (entry) limit 100) e) end as entries
  from pg_catalog.pg_roles r left join pg_catalog.pg_db_role_setting s on s.setrole = r.oid
    and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
  where r.rolname = any($1)`;

/** Defaults of a role, for this database or for all; nulls where it has none. */
interface DefaultsRow {
  readonly role: string;
  readonly here: boolean | null;
  readonly tooLarge: boolean | null;
  /** Each is `name=value`. */
  readonly entries: readonly string[] | null;
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
    if (own.some((row) => row.tooLarge)) return [`${role} has defaults that are too large to be looked at`];
    return [
      ...differing(parsed(own, false), ROLE_DEFAULTS[kind]).map(
        (name) => `${role} has a default for ${name} of its own`,
      ),
      ...Object.keys(parsed(own, true)).map((name) => `${role} has a default for ${name} in this database`),
    ];
  });
}

/**
 * Gives a role its defaults and no others. Nothing is changed where they are so; else all are given anew, in one
 * transaction: meanwhile none of them is missing.
 */
export async function giveRoleDefaults(client: pg.Client, service: string, kind: RuntimeRole): Promise<void> {
  const role = `${service}_${kind}`;
  const wanted = ROLE_DEFAULTS[kind];
  const { rows } = await client.query<DefaultsRow>(DEFAULTS_QUERY, [[role]]);
  const isOdd = rows.some((row) => row.here || row.tooLarge);
  if (!isOdd && differing(parsed(rows, false), wanted).length === 0) return;
  const changes = [
    `in database ${client.escapeIdentifier(client.database ?? '')} reset all`,
    'reset all',
    ...Object.entries(wanted).map(([name, value]) => `set ${name} to ${client.escapeLiteral(value)}`),
  ];
  await client.query(changes.map((change) => `alter role ${role} ${change}`).join('; '));
}

function parsed(rows: readonly DefaultsRow[], here: boolean): SessionSettings {
  const entries = rows.find((row) => row.here === here)?.entries ?? [];
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

function differing(found: SessionSettings, wanted: SessionSettings): string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].filter((name) => found[name] !== wanted[name]);
}
