import { ownPostgres, type OwnPostgres, specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import pg from 'pg';
import { policiesOf, type PolicyText } from './policy.text.js';
import { assertProtected, prepareDatabase, UnprotectedDatabaseError } from './index.js';

describe('the check before a service starts', () => {
  // A role belongs to the whole server: one that may bypass the policies would do so in every spec beside this one.
  let server: OwnPostgres;
  let test: TestDatabase;
  beforeAll(async () => {
    server = await ownPostgres();
    test = await testDatabase(await specimenSchema(), { server: server.adminUrl });
  }, 60_000);
  afterAll(async () => {
    await test?.drop();
    await server?.stop();
  });

  const findings = async (production = false): Promise<string[]> => {
    try {
      await assertProtected(test.appUrl, 'specimen', production);
      return [];
    } catch (error) {
      if (error instanceof UnprotectedDatabaseError) return [...error.findings];
      throw error;
    }
  };

  it('passes on the database as it is prepared and migrated', async () => {
    expect(await findings()).toEqual([]);
  });

  const defects: [name: string, seed: string, heal: string, finding: RegExp][] = [
    [
      'A01 FORCE dropped',
      'alter table specimen.papers no force row level security',
      'alter table specimen.papers force row level security',
      /papers does not force/,
    ],
    [
      'A40 row security disabled',
      'alter table specimen.papers disable row level security',
      'alter table specimen.papers enable row level security',
      /papers does not force/,
    ],
    [
      'A39 a second permissive policy',
      'create policy open on specimen.papers using (true)',
      'drop policy open on specimen.papers',
      /exactly its own policies/,
    ],
    [
      'A38 WITH CHECK (true)',
      'alter policy tenancy_permissive on specimen.papers with check (true)',
      'alter policy tenancy_permissive on specimen.papers with check (org_id = (select tenancy.org_id()))',
      /exactly its own policies/,
    ],
    [
      'the restrictive policy for one role only',
      'alter policy tenancy_restrictive on specimen.papers to specimen_app',
      'alter policy tenancy_restrictive on specimen.papers to public',
      /exactly its own policies/,
    ],
    [
      'A71 a policy without the comparison that goes first',
      'alter policy tenancy_permissive on specimen.papers using (org_id = (select tenancy.org_id()))',
      'alter policy tenancy_permissive on specimen.papers using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()))',
      /exactly its own policies/,
    ],
    [
      'A71 a comparison that costs something again, as after a restored dump',
      "update pg_proc set procost = 1 where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace",
      "update pg_proc set procost = -1 where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace",
      /less than nothing/,
    ],
    [
      'A71 a comparison that costs nothing, which can be tied with',
      "update pg_proc set procost = 0 where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace",
      "update pg_proc set procost = -1 where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace",
      /less than nothing/,
    ],
    [
      'A71 another comparison under its name',
      "update pg_proc set prosrc = 'uuid_ne' where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace",
      "update pg_proc set prosrc = 'uuid_eq' where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace",
      /less than nothing/,
    ],
    [
      'A71 another function that costs nothing',
      "update pg_proc set procost = 0 where oid = 'pg_catalog.texteq'::regproc",
      "update pg_proc set procost = 1 where oid = 'pg_catalog.texteq'::regproc",
      /another function costs nothing/,
    ],
    [
      'A71 a role that can name the comparison',
      'grant usage on schema tenancy_hidden to specimen_app',
      'revoke usage on schema tenancy_hidden from specimen_app',
      /may name what policies compare with/,
    ],
    [
      'A71 an index that does not begin with the key',
      'create index papers_by_title on specimen.papers (title, org_id)',
      'drop index specimen.papers_by_title',
      /index that does not begin with its key \(specimen\.papers_by_title\)/,
    ],
    [
      'A71 an index on an expression that does not begin with the key',
      'create index papers_by_lower on specimen.papers (lower(title))',
      'drop index specimen.papers_by_lower',
      /index that does not begin with its key/,
    ],
    [
      'A71 row versions that can be followed',
      'grant execute on function currtid2(text, tid) to public',
      'revoke execute on function currtid2(text, tid) from public',
      /follow or signal/,
    ],
    [
      'A21 a default that says what a tag says',
      `do $$ begin execute format('alter role specimen_app in database %I set backtrace_functions = ''org_1''', current_database()); end $$`,
      `do $$ begin execute format('alter role specimen_app in database %I reset backtrace_functions', current_database()); end $$`,
      /may say by itself what its tag says/,
    ],
    [
      'A43 TRUNCATE granted',
      'grant truncate on specimen.papers to specimen_app',
      'revoke truncate on specimen.papers from specimen_app',
      /papers grants specimen_app more than rows/,
    ],
    ...['update', 'delete', 'maintain', 'references'].map((right): [string, string, string, RegExp] => [
      `A68 ${right.toUpperCase()} of a whole table`,
      `grant ${right} on specimen.folders to specimen_app`,
      `revoke ${right} on specimen.folders from specimen_app${right === 'update' ? '; grant update (name) on specimen.folders to specimen_app' : ''}`,
      /^specimen\.folders grants specimen_app more than rows/m,
    ]),
    [
      'A68 a table that the relay could lock',
      'grant delete on specimen.outbox to specimen_relay',
      'revoke delete on specimen.outbox from specimen_relay',
      /^specimen\.outbox grants specimen_relay more than rows/m,
    ],
    [
      'A68 a table from outside the factory that everybody could lock',
      'grant update on specimen.schema_migrations to public',
      'revoke update on specimen.schema_migrations from public',
      /^specimen\.schema_migrations grants specimen_app more than rows/m,
    ],
    [
      'A68 a view of the server that everybody could lock',
      'grant update on pg_settings to public',
      'revoke update on pg_settings from public',
      /^pg_settings grants specimen_app more than rows/m,
    ],
    [
      'A60 TRIGGER granted to everybody',
      'grant trigger on specimen.papers to public',
      'revoke trigger on specimen.papers from public',
      /papers grants specimen_app more than rows/,
    ],
    [
      'A51 statistics of values',
      "update pg_attribute set attstattarget = 100 where attrelid = 'specimen.papers'::regclass and attname = 'secret'",
      'alter table specimen.papers alter column secret set statistics 0',
      /papers keeps statistics/,
    ],
    [
      'A51 an index on an expression, which has statistics of its own',
      "create index papers_lower on specimen.papers (org_id, lower(title)); update pg_attribute set attstattarget = 100 where attrelid = 'specimen.papers_lower'::regclass and attnum = 2",
      'drop index specimen.papers_lower',
      /papers keeps statistics/,
    ],
    [
      'a disabled trigger against statistics',
      'alter event trigger tenancy_refuse_statistics disable',
      'alter event trigger tenancy_refuse_statistics enable',
      /event trigger/,
    ],
    ['A02 BYPASSRLS', 'alter role specimen_app bypassrls', 'alter role specimen_app nobypassrls', /role is privileged/],
    [
      'A03 membership in the owner',
      'grant specimen_owner to specimen_app',
      'revoke specimen_owner from specimen_app',
      /member of another role/,
    ],
    [
      'A64 membership in a monitoring role',
      'grant pg_monitor to specimen_app',
      'revoke pg_monitor from specimen_app',
      /member of another role/,
    ],
    [
      'A07 a view',
      'create view specimen.open as select * from specimen.papers',
      'drop view specimen.open',
      /view or foreign table/,
    ],
    [
      'A10 a materialized view',
      'create materialized view specimen.copy as select 1 as n',
      'drop materialized view specimen.copy',
      /view or foreign table/,
    ],
    [
      'A41 a readable table from outside the factory',
      'create table specimen.extra (n int); grant select on specimen.extra to specimen_app',
      'drop table specimen.extra',
      /not made by the table factory/,
    ],
    [
      'a readable directory',
      'grant select on specimen.directory to specimen_app',
      'revoke select on specimen.directory from specimen_app',
      /must not be readable/,
    ],
    [
      'A08 a definer function of the superuser',
      'create function specimen.everything() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$ select count(*) from specimen.papers $$',
      'drop function specimen.everything()',
      /specimen\.everything\(\) runs with rights/,
    ],
    [
      'A09 a definer function with an open search path',
      'create function specimen.open() returns int language sql security definer as $$ select 1 $$; alter function specimen.open() owner to specimen_owner',
      'drop function specimen.open()',
      /specimen\.open\(\) runs with rights/,
    ],
    [
      'A08 a definer function of somebody who may log in',
      `create role specimen_clerk login; grant create on schema specimen to specimen_clerk;
       create function specimen.clerked() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$ select 1::bigint $$;
       alter function specimen.clerked() owner to specimen_clerk; revoke create on schema specimen from specimen_clerk`,
      'drop function specimen.clerked(); drop role specimen_clerk',
      /specimen\.clerked\(\) runs with rights/,
    ],
    [
      'A08 a definer function of somebody whom no policy holds',
      `create role specimen_clerk bypassrls; grant create on schema specimen to specimen_clerk;
       create function specimen.clerked() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$ select 1::bigint $$;
       alter function specimen.clerked() owner to specimen_clerk; revoke create on schema specimen from specimen_clerk`,
      'drop function specimen.clerked(); drop role specimen_clerk',
      /specimen\.clerked\(\) runs with rights/,
    ],
    [
      'temporary objects allowed',
      `do $$ begin execute format('grant temporary on database %I to specimen_app', current_database()); end $$`,
      `do $$ begin execute format('revoke temporary on database %I from specimen_app', current_database()); end $$`,
      /may create objects/,
    ],
    [
      'a schema open for new objects',
      'grant create on schema specimen to specimen_app',
      'revoke create on schema specimen from specimen_app',
      /may create objects/,
    ],
    [
      'A50 a language',
      'grant usage on language plpgsql to specimen_app',
      'revoke usage on language plpgsql from specimen_app',
      /procedural language/,
    ],
    [
      'a disabled event trigger',
      'alter event trigger tenancy_refuse_runtime_ddl disable',
      'alter event trigger tenancy_refuse_runtime_ddl enable',
      /event trigger/,
    ],
    [
      'a table that is missing',
      'alter table specimen.stamps rename to stamps_old',
      'alter table specimen.stamps_old rename to stamps',
      /stamps is missing/,
    ],
  ];
  it.each(defects)('finds %s', async (_name, seed, heal, finding) => {
    await test.admin(seed);
    const found = await findings();
    await test.admin(heal);
    expect(found.join('\n')).toMatch(finding);
    expect(await findings()).toEqual([]);
  });

  it('lets a table of a newer version be there that is protected as its own are, and no other', async () => {
    const policy = ({ name, type, using, check }: PolicyText): string =>
      `create policy ${name} on specimen.tomorrows as ${type} using (${using}) with check (${check});`;
    await test.admin(
      `create table specimen.tomorrows (org_id uuid, id uuid, primary key (org_id, id));
       grant select, insert on specimen.tomorrows to specimen_app;
       ${policiesOf('org', 'specimen').map(policy).join('\n')}`,
    );
    const before = await findings();
    await test.admin('drop policy tenancy_restrictive on specimen.tomorrows');
    const after = await findings();
    await test.admin('drop table specimen.tomorrows');
    expect([before, after]).toEqual([[], ['specimen.tomorrows was not made by the table factory']]);
  });

  it('A26 A27 refuses a server with known holes in production', async () => {
    const [row] = await test.admin(`select current_setting('server_version_num')::int as version`);
    const old = Number(row?.['version']) < 180006;
    expect((await findings(true)).some((finding) => finding.includes('known row-level-security holes'))).toBe(old);
  });

  it('forces row-level security on a table somebody makes by hand, and grants nothing on it (A41)', async () => {
    const client = new pg.Client({ connectionString: test.migrateUrl, options: '-c role=specimen_owner' });
    await client.connect();
    await client.query('create table specimen.by_hand (secret text)');
    await client.query('create table specimen.by_hand_too as select 1 as n');
    await expect(client.query(`insert into specimen.by_hand values ('x')`)).rejects.toMatchObject({ code: '42501' });
    expect((await client.query('select * from specimen.by_hand_too')).rows).toEqual([]);
    const forced = await test.admin(
      `select relname from pg_class where relname like 'by_hand%' and relrowsecurity and relforcerowsecurity order by 1`,
    );
    expect(forced.map((row) => row['relname'])).toEqual(['by_hand', 'by_hand_too']);
    await client.query('drop table specimen.by_hand, specimen.by_hand_too');
    await client.end();
  });

  it('leaves the role of the migrations a few hours to log in, the others any time', async () => {
    const roles = await test.admin(
      "select rolname, rolvaliduntil is null as always, rolvaliduntil > now() and rolvaliduntil <= now() + interval '4 hours' as now_only from pg_roles where rolname in ('specimen_migrate', 'specimen_app', 'specimen_relay') order by 1",
    );
    expect(roles).toEqual([
      { rolname: 'specimen_app', always: true, now_only: null },
      { rolname: 'specimen_migrate', always: false, now_only: true },
      { rolname: 'specimen_relay', always: true, now_only: null },
    ]);
  });

  it('repairs what was damaged when the database is prepared again', async () => {
    await test.admin('alter role specimen_app bypassrls');
    const [here] = await test.admin('select current_database() as name');
    await test.admin(`alter role specimen_app set row_security = off`);
    await test.admin(`alter role specimen_app in database ${String(here?.['name'])} set statement_timeout = 1`);
    await prepareDatabase({
      adminUrl: test.adminUrl,
      service: 'specimen',
      passwords: { migrate: 'migrate-in-tests', app: 'app-in-tests', relay: 'relay-in-tests' },
      tagKey: test.tagKey,
    });
    expect(await findings()).toEqual([]);
    expect(
      await test.admin(`select 1 from pg_db_role_setting s join pg_roles r on r.oid = s.setrole where rolname = 'specimen_app'
      and ((setdatabase = 0 and setconfig::text like '%row_security%') or setdatabase = (select oid from pg_database where datname = current_database()))`),
    ).toEqual([]);
  });
});
