import { Attacker, specimenSchema, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import pg from 'pg';
import {
  assertPinned,
  assertProtected,
  OutboxDatabase,
  platformStatement,
  prepareDatabase,
  RELAY_SETTINGS,
  TenantDatabase,
  UnpinnedSessionError,
} from './index.js';
import { AnswerTooLargeError } from './database.errors.js';
import { GatedClient } from './gated.client.js';
import { roleDefaultFindings } from './role.defaults.js';
import { asRuntimeRole } from './session.check.js';
import { SESSION_SETTINGS, sessionFindings } from './session.settings.js';

/**
 * What each role of a service can set for itself and servers are tuned by: it changes neither meaning, nor durability,
 * nor form, nor patience.
 */
const TUNING = new RegExp(
  `^(${[
    '.*_cost',
    'geqo.*',
    'jit.*',
    'vacuum_.*',
    'tcp_.*',
    '(enable|max|min)_parallel_.*',
    'enable_(async_append|distinct_reordering|gathermerge|group_by_reordering|partitionwise_.*|self_join_elimination)',
    '(jit_.*_above|parallel_.*)_cost|parallel_leader_participation|recursive_worktable_factor',
    'effective_cache_size|cursor_tuple_fraction|default_statistics_target|(from|join)_collapse_limit|stats_fetch_consistency',
    '(maintenance_|logical_decoding_)?work_mem|hash_mem_multiplier|temp_buffers|gin_pending_list_limit',
    '(effective|maintenance)_io_concurrency|io_combine_limit|backend_flush_after|file_copy_method|synchronize_seqscans',
    'commit_siblings|wal_skip_threshold|wal_sender_timeout|client_connection_check_interval',
    'default_table_access_method|default_toast_compression|check_function_bodies|createrole_self_grant|icu_validation_level',
    'password_encryption|md5_password_warnings|scram_iterations',
    'application_name|escape_string_warning|debug_pretty_print|debug_logical_replication_streaming',
  ].join('|')})$`,
);
/** Set for each transaction from a default that is pinned. */
const PER_TRANSACTION = ['transaction_deferrable', 'transaction_isolation', 'transaction_read_only'];
/** Loaded before anything could be pinned: looked at instead. */
const LOOKED_AT = ['local_preload_libraries'];

/** What the role that poisons its own defaults sets each pinned setting to. */
const POISON: Record<string, string> = {
  plan_cache_mode: 'force_custom_plan',
  search_path: 'specimen',
  restrict_nonsystem_relation_kind: 'view',
  synchronous_commit: 'off',
  default_transaction_isolation: 'serializable',
  statement_timeout: '14s',
  lock_timeout: '4s',
  idle_in_transaction_session_timeout: '14s',
  transaction_timeout: '20min',
  idle_session_timeout: '20min',
  client_min_messages: 'log',
  log_parameter_max_length_on_error: '100',
  debug_parallel_query: 'regress',
  client_encoding: 'LATIN1',
  bytea_output: 'escape',
  DateStyle: 'German',
  IntervalStyle: 'iso_8601',
  TimeZone: 'Asia/Tokyo',
  timezone_abbreviations: 'India',
  extra_float_digits: '0',
  lc_monetary: 'C.UTF-8',
  lc_numeric: 'C.UTF-8',
  lc_time: 'C.UTF-8',
  default_text_search_config: 'pg_catalog.german',
  xmlbinary: 'hex',
  xmloption: 'document',
  backslash_quote: 'on',
  gin_fuzzy_search_limit: '1',
  constraint_exclusion: 'off',
};
/** Names of tablespaces that are there are not for a runtime role to have. */
const UNSET = ['default_tablespace', 'temp_tablespaces'];

describe('the settings of a session (A20, A21, A75)', () => {
  const [a] = twoOrgs();
  let test: TestDatabase;
  let defaults: (role: string) => string;
  const roleOf = (url: string): string => new URL(url).username;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    const [here] = await test.admin('select current_database() as name');
    defaults = (role) => `alter role ${role} in database ${String(here?.['name'])}`;
  });
  afterEach(async () => {
    for (const url of [test.appUrl, test.relayUrl]) await test.admin(`${defaults(roleOf(url))} reset all`);
  });
  afterAll(() => test.drop());

  const asRole = async (url: string, statements: readonly string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const switched = (value: string): string => (value === 'on' ? 'off' : 'on');
  const poison = (role: string): string[] =>
    Object.entries({ ...SESSION_SETTINGS, ...POISON })
      .filter(([name]) => !UNSET.includes(name))
      .map(([name, value]) => `${defaults(role)} set ${name} to '${name in POISON ? value : switched(value)}'`);

  it('are pinned wherever a role can change what they mean: a new one of the server is to be thought of', async () => {
    const settable = await test.admin("select name from pg_settings where context = 'user'");
    const forgotten = settable
      .map(({ name }) => String(name))
      .filter((name) => !(name in SESSION_SETTINGS) && ![...PER_TRANSACTION, ...LOOKED_AT].includes(name))
      .filter((name) => !TUNING.test(name));
    expect(forgotten).toEqual([]);
    expect(Object.keys(SESSION_SETTINGS).filter((name) => TUNING.test(name))).toEqual([]);
  });

  it('are as pinned on every connection of a service, whatever its roles have given themselves', async () => {
    await asRole(test.appUrl, poison(roleOf(test.appUrl)));
    await asRole(test.relayUrl, poison(roleOf(test.relayUrl)));
    // The control: who connects without the library gets them.
    const bare = await Attacker.connect(test, a);
    const found = await sessionFindings(bare.client, SESSION_SETTINGS);
    // pg itself asks for its encoding.
    const kept = [...UNSET, 'client_encoding'];
    for (const name of Object.keys(SESSION_SETTINGS).filter((each) => !kept.includes(each)))
      expect(found).toContainEqual(expect.stringMatching(`^${name} is `));
    await bare.close();

    const durable = platformStatement<{ durable: string; style: string }>(
      'durable',
      "select current_setting('synchronous_commit') as durable, current_setting('DateStyle') as style",
    );
    const fresh = new TenantDatabase({ url: test.appUrl, tagKey: test.tagKey, poolSize: 1 });
    expect(await a.as(() => fresh.query(durable, {}))).toEqual([{ durable: 'on', style: 'ISO, MDY' }]);
    await a.as(() => fresh.transaction(async (tx) => tx.defer(durable, {}), { grouped: true }));
    await fresh.close();
    const outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    expect(await outbox.heads(null, null, 1)).toMatchObject({ heads: [], complete: true });
    await outbox.close();
    await assertPinned(test.relayUrl, RELAY_SETTINGS);
  });

  it('are looked at on each new connection: one whose URL brings settings of its own is not used', async () => {
    const url = `${test.appUrl}?options=${encodeURIComponent('-c row_security=off')}`;
    const database = new TenantDatabase({ url, tagKey: test.tagKey, poolSize: 1 });
    const papers = platformStatement('papers', 'select 1 from specimen.papers');
    for (const grouped of [true, false])
      await expect(a.as(() => database.transaction(async (tx) => tx.defer(papers, {}), { grouped }))).rejects.toThrow(
        "row_security is 'off', not 'on'",
      );
    await database.close();
    await expect(assertProtected(url, 'specimen', false)).rejects.toThrow(UnpinnedSessionError);
    const relay = `${test.relayUrl}?options=${encodeURIComponent('-c synchronous_commit=off')}`;
    const outbox = new OutboxDatabase(relay, 'specimen');
    await expect(outbox.heads(null, null, 1)).rejects.toThrow("synchronous_commit is 'off', not 'on'");
    await outbox.close();
  });

  it('are not believed where another process answers than introduced itself', async () => {
    const attacker = await Attacker.connect(test, a);
    const { client } = attacker;
    const none = { server_encoding: 'UTF8' };
    expect(await sessionFindings(client, none)).toEqual([]);
    // As PgBouncer introduces itself: with a number of its own.
    Object.assign(client, { processID: 4711 });
    expect(await sessionFindings(client, none)).toEqual([expect.stringContaining('connection pooler')]);
    await attacker.close();
  });

  describe('and the defaults of its roles', () => {
    it('are what the preparation gave them: the control', async () => {
      expect(await test.database.sessionFindings('specimen')).toEqual([]);
    });

    it.each(['appUrl', 'relayUrl'] as const)(
      'are told before the service starts, and while it runs: %s',
      async (url) => {
        const role = roleOf(test[url]);
        await asRole(test[url], [`${defaults(role)} set work_mem = '64kB'`]);
        const finding = `${role} has a default for work_mem in this database`;
        expect(await test.database.sessionFindings('specimen')).toEqual([finding]);
        await expect(assertProtected(test.appUrl, 'specimen', false)).rejects.toMatchObject({ findings: [finding] });
        await prepareDatabase({
          adminUrl: test.adminUrl,
          service: 'specimen',
          passwords: passwordsOf(test),
          tagKey: test.tagKey,
        });
        expect(await test.database.sessionFindings('specimen')).toEqual([]);
      },
    );

    /** What the server keeps of the app's defaults, in all databases and in this one. */
    const kept = async (): Promise<unknown> => {
      const [row] = await test.admin(
        `select (select array_agg(entry order by entry) from unnest(s.setconfig) entry) as entries from pg_db_role_setting s
         join pg_roles r on r.oid = s.setrole where r.rolname = $1 and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))`,
        [roleOf(test.appUrl)],
      );
      return row?.['entries'];
    };
    const prepare = (): Promise<void> =>
      prepareDatabase({
        adminUrl: test.adminUrl,
        service: 'specimen',
        passwords: passwordsOf(test),
        tagKey: test.tagKey,
      });

    it('are told and put right where one says in its lines what others are', async () => {
      const prepared = await kept();
      const role = roleOf(test.appUrl);
      // As somebody writes it who wants another one taken for what was prepared: by lines, the last one says so.
      const disguised = 'E\'pg_catalog\\n,"\\nlock_timeout=5s\\nsearch_path=pg_catalog\\n"\'';
      await asRole(test.appUrl, [
        `select set_config('search_path', ${disguised}, false)`,
        `${defaults(role)} set search_path from current`,
        `${defaults(role)} set statement_timeout = '14s'`,
      ]);
      expect(await test.database.sessionFindings('specimen')).toEqual(
        ['search_path', 'statement_timeout'].map((name) => `${role} has a default for ${name} in this database`),
      );
      await prepare();
      expect(await test.database.sessionFindings('specimen')).toEqual([]);
      expect(await kept()).toEqual(prepared);
    });

    it('are told and put right however large they are, and cost nobody the memory of what they say', async () => {
      const prepared = await kept();
      const role = roleOf(test.appUrl);
      await asRole(test.appUrl, [
        "select length(set_config('local_preload_libraries', repeat('a', 12000000), false))",
        `${defaults(role)} set local_preload_libraries from current`,
      ]);
      // By another role's connections: those of this one take long to begin.
      const look = new GatedClient({ connectionString: test.relayUrl, mostBytes: 100_000 });
      await look.connect();
      expect(await roleDefaultFindings(look, 'specimen')).toEqual([
        `${role} has defaults that are too large to be looked at`,
      ]);
      await look.end();
      await prepare();
      expect(await test.database.sessionFindings('specimen')).toEqual([]);
      expect(await kept()).toEqual(prepared);
    });
  });

  describe('and what the server says of them', () => {
    it.each([
      ['a row', "select repeat('a', 9000000)"],
      ['a setting', "select length(set_config('search_path', repeat('a', 9000000), false))"],
      ['an error', "select repeat('a', 9000000)::int"],
    ])('ends the connection of a check where it is too large, and not the process: %s', async (_what, text) => {
      await expect(asRuntimeRole(test.appUrl, 'specimen', (client) => client.query(text))).rejects.toThrow(
        AnswerTooLargeError,
      );
    });
  });

  describe('and the connections that there are', () => {
    it('are told where they let nobody connect any more, by the connections there are', async () => {
      await a.as(() => test.database.query(platformStatement('one', 'select 1'), {}));
      await asRole(test.appUrl, [`${defaults(roleOf(test.appUrl))} set local_preload_libraries = 'not_there'`]);
      await expect(asRole(test.appUrl, [])).rejects.toMatchObject({ code: '58P01' });
      expect(await test.database.sessionFindings('specimen')).toEqual([
        'specimen_app has a default for local_preload_libraries in this database',
        'no new connection can be made (58P01)',
      ]);
    });
  });
});

function passwordsOf(test: TestDatabase): { migrate: string; app: string; relay: string } {
  const [migrate, app, relay] = [test.migrateUrl, test.appUrl, test.relayUrl].map((url) => new URL(url).password);
  return { migrate: String(migrate), app: String(app), relay: String(relay) };
}
