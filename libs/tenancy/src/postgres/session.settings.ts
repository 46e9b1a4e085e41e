import pg from 'pg';
import { GatedClient } from './gated.client.js';

/** Settings of a session by name, as PostgreSQL shows them. */
export type SessionSettings = Readonly<Record<string, string>>;

const on = (...names: string[]): SessionSettings => Object.fromEntries(names.map((name) => [name, 'on']));

/**
 * What every connection of a service starts with, above anything its role could have been given by ALTER ROLE: all that
 * changes what a statement means, how durable a commit is, how values look, how long something may take, and by which
 * kind of plan rows are found. What servers are tuned by (memory, costs, parallel workers) is left to them.
 *
 * Plans are generic: every statement begins at its organization, whose rows are found by the same index whoever it is,
 * and with many organizations the server would otherwise plan each execution anew. They never read a table whole where
 * there is an index: one that was empty when a plan was made would be read so by its connection until somebody counts
 * its rows.
 */
export const SESSION_SETTINGS: SessionSettings = {
  plan_cache_mode: 'force_generic_plan',
  search_path: 'pg_catalog',
  row_security: 'on',
  restrict_nonsystem_relation_kind: '',
  synchronous_commit: 'on',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read committed',
  statement_timeout: '15s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '15s',
  transaction_timeout: '0',
  idle_session_timeout: '0',
  exit_on_error: 'off',
  client_min_messages: 'notice',
  log_parameter_max_length_on_error: '0',
  debug_print_parse: 'off',
  debug_print_rewritten: 'off',
  debug_print_plan: 'off',
  debug_parallel_query: 'off',
  trace_notify: 'off',
  trace_sort: 'off',
  client_encoding: 'UTF8',
  bytea_output: 'hex',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  timezone_abbreviations: 'Default',
  extra_float_digits: '1',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  default_text_search_config: 'pg_catalog.simple',
  xmlbinary: 'base64',
  xmloption: 'content',
  array_nulls: 'on',
  backslash_quote: 'safe_encoding',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  transform_null_equals: 'off',
  gin_fuzzy_search_limit: '0',
  default_tablespace: '',
  temp_tablespaces: '',
  constraint_exclusion: 'partition',
  ...on('enable_bitmapscan', 'enable_hashagg', 'enable_hashjoin', 'enable_incremental_sort', 'enable_indexonlyscan'),
  ...on('enable_indexscan', 'enable_material', 'enable_memoize', 'enable_mergejoin', 'enable_nestloop'),
  enable_seqscan: 'off',
  ...on('enable_sort', 'enable_tidscan', 'enable_partition_pruning', 'enable_presorted_aggregate'),
};

/**
 * As above, for what reads an outbox. Everything there is read in the order of an index. Without statistics the planner
 * would rather collect a bitmap and sort it, and a bitmap scan meets the entries of all that was published since the
 * last vacuum again at every turn; an index scan marks them as dead. A table that was empty when a plan was made, and
 * whose rows come and go faster than anybody counts them, is never to be read whole.
 */
export const RELAY_SETTINGS: SessionSettings = {
  ...SESSION_SETTINGS,
  plan_cache_mode: 'auto',
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/** As above, for what looks at a whole vault at one instant. */
export const CHECKER_SETTINGS: SessionSettings = {
  ...SESSION_SETTINGS,
  plan_cache_mode: 'auto',
  default_transaction_read_only: 'on',
  default_transaction_isolation: 'repeatable read',
  statement_timeout: '2min',
};

/** The start-up options by which a connection gets its settings. */
export function startupOptions(settings: SessionSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
    .join(' ');
}

/** A connection that has not the settings it was given, or not a server process of its own. */
export class UnpinnedSessionError extends Error {
  constructor(readonly findings: readonly string[]) {
    super(`The database connection is not as it was asked for:\n${findings.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'UnpinnedSessionError';
  }
}

/** Milliseconds for which anybody waits for a connection, as far as the process did not stand still meanwhile. */
export const CONNECTED_WITHIN_MS = 5_000;
/** Milliseconds after which one that is not made is given up by the pool too, whatever stood still. */
const GIVEN_UP_AFTER_MS = 2 * CONNECTED_WITHIN_MS;

/**
 * Looks whether a connection is what it was asked to be: that its settings are in force, and that the server process
 * which answers is the one that introduced itself when the connection was made. A pooler in between introduces itself
 * instead, drops the settings, and has others run what one has left under a statement's name.
 *
 * @returns what is wrong, in words
 */
export async function sessionFindings(client: pg.ClientBase, settings: SessionSettings): Promise<string[]> {
  const shown = Object.keys(settings).map((name) => `pg_catalog.current_setting('${name}') as "${name}"`);
  const query = {
    text: `select pg_catalog.pg_backend_pid() as pid, ${shown.join(', ')}`,
    query_timeout: GIVEN_UP_AFTER_MS,
  };
  const [found = {}] = (await client.query<Record<string, unknown>>(query)).rows;
  const unlike = Object.entries(settings).filter(([name, value]) => found[name] !== value);
  const introduced = (client as unknown as { processID: number | null }).processID;
  return [
    ...(found['pid'] === introduced
      ? []
      : ['another process answers than was connected to: there is a connection pooler']),
    ...unlike.map(([name, value]) => `${name} is '${String(found[name])}', not '${value}'`),
  ];
}

/**
 * Seconds after which a connection is replaced: what somebody's SQL left in the memory of its server process ends with
 * it. Not sooner, because where the server is full of others' connections none can take its place.
 */
const LIVES_FOR_S = 1_800;

/** Which database, as whom, how. */
export interface PoolRequest {
  readonly url: string;
  readonly max: number;
  readonly name: string;
  readonly settings: SessionSettings;
  /** Milliseconds after which a connection that nobody uses is closed. */
  readonly idleMs?: number;
}

/**
 * A pool whose connections have their settings; one that does not have them is closed at once, and asking for it
 * throws.
 */
export function pinnedPool({ url, max, name, settings, idleMs = 10_000 }: PoolRequest): pg.Pool {
  const pool = new pg.Pool({
    Client: GatedClient as unknown as new () => pg.ClientBase,
    connectionString: url,
    max,
    options: startupOptions(settings),
    application_name: name,
    connectionTimeoutMillis: GIVEN_UP_AFTER_MS,
    idleTimeoutMillis: idleMs,
    maxLifetimeSeconds: LIVES_FOR_S,
    verify: (client, done) => {
      sessionFindings(client, settings).then(
        (findings) => done(findings.length > 0 ? new UnpinnedSessionError(findings) : undefined),
        (error: Error) => done(error),
      );
    },
  });
  // A connection that the server closes, idle or between two statements of a transaction, is replaced at the next use;
  // without a listener it ends the process. The transaction fails at its next statement.
  pool.on('error', () => undefined);
  return pool;
}
