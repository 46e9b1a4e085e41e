import { PLATFORM_REALM } from './policy.text.js';

/**
 * A function that answers from what the session's tag was verified to say. Asked once or more by every statement of
 * every service, so it does not verify anything again; see `tenancy.carry()`. Every name in it is written out: a search
 * path of its own would cost more than all the rest.
 *
 * @param answer PL/pgSQL that returns, or falls through to the refusal; `claims` is what the tag said
 * @param refusal what is said where the tag says something else
 */
function reader(name: string, answer: string, refusal: string): string {
  return `create or replace function tenancy.${name}() returns pg_catalog.uuid
language plpgsql stable parallel safe as $$
declare claims pg_catalog.text := pg_catalog.current_setting('backtrace_functions');
begin
  if claims operator(pg_catalog.=) '' then
    raise exception 'no tenant: the session carries no tag' using errcode = '42501';
  end if;
  if ${part(4)}::pg_catalog.int8 operator(pg_catalog.<) extract(epoch from pg_catalog.clock_timestamp()) then
    raise exception 'no tenant: the tag has expired' using errcode = '42501';
  end if;
  ${answer}
  raise exception 'no tenant: ${refusal}' using errcode = '42501';
end $$;
alter function tenancy.${name}() owner to tenancy_owner;`;
}

/** A part of the claims, all names written out. */
const part = (nth: number): string => `pg_catalog.split_part(claims, '_', ${nth})`;
/** Such a part as the id it is. */
const idOf = (nth: number): string => `pg_catalog.translate(${part(nth)}, ',', '')::pg_catalog.uuid`;
/** Whether the claims begin so. */
const begins = (scope: string): string => `pg_catalog.starts_with(claims, '${scope}_')`;

/**
 * The `tenancy` schema: what the database itself knows about the signed session tag. Run by a superuser, idempotent.
 *
 * A tag is `scope.org.actor.expiry.mac`, the actor a person's id or `system:<service>`, the mac an HMAC-SHA256 under a
 * key of the login role (`session_user`), so a tag of one service means nothing on another's connection. Each key's
 * inner and outer pads are stored apart in order to need nothing but the built-in sha256().
 *
 * A session takes a tag by `tenancy.carry()`, which verifies it once and keeps what it says, until the transaction's
 * end, in a setting that only a superuser or a grantee may set: `backtrace_functions`, of which Postgres itself makes
 * use in nothing but the server's log, when one of its own C functions of that name fails. `tenancy_owner`, as which
 * nobody can log in, is the grantee. A custom setting would not do: those can be set by anybody.
 *
 * Every reader raises 42501 instead of returning null where there is no such claim.
 */
export const TENANCY_SCHEMA_SQL = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'tenancy_owner') then
    create role tenancy_owner nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
  end if;
exception when duplicate_object or unique_violation then
  -- Another database of the same server was prepared at the same moment.
  null;
end $$;
create schema if not exists tenancy authorization tenancy_owner;
grant usage on schema tenancy to public;

create table if not exists tenancy.tag_keys (
  role text not null,
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64)
);
alter table tenancy.tag_keys owner to tenancy_owner;
revoke all on tenancy.tag_keys from public;
-- One key a role was all there was; while keys are changed, the old and the new one are valid together.
do $$ begin
  if not exists (select from pg_constraint where conrelid = 'tenancy.tag_keys'::regclass and contype = 'p' and cardinality(conkey) = 2) then
    alter table tenancy.tag_keys drop constraint if exists tag_keys_pkey;
    alter table tenancy.tag_keys add constraint tag_keys_pkey primary key (role, inner_pad);
  end if;
end $$;

-- The setting belongs to the whole server, whose databases may be prepared at the same moment.
do $$ begin
  if not has_parameter_privilege('tenancy_owner', 'backtrace_functions', 'SET') then
    grant set on parameter backtrace_functions to tenancy_owner;
  end if;
exception when unique_violation or internal_error then
  null;
end $$;

create or replace function tenancy.carry(tag text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  claims text := left(tag, -65);
  kept text;
begin
  -- One statement, since each costs as much as the hashes. The case has what the setting is given evaluated for a genuine tag
  -- that is in time, and for no other. The setting takes letters, digits, underscores, commas and blanks.
  select case when split_part(claims, '.', 4)::bigint >= extract(epoch from clock_timestamp())
    then set_config('backtrace_functions', translate(claims, '.-:', '_, '), true) end
  into kept
  from tenancy.tag_keys where role = session_user
    and encode(sha256(outer_pad || sha256(inner_pad || convert_to(claims, 'UTF8'))), 'hex') = right(tag, 64);
  if kept is null then
    raise exception 'no tenant: the tag %', case when found then 'has expired' else 'is not genuine' end using errcode = '42501';
  end if;
end $$;
alter function tenancy.carry(text) owner to tenancy_owner;

${reader('org_id', `if ${begins('org')} then return ${idOf(2)}; end if;`, 'the session acts for no organization')}

${reader('actor_id', `if ${part(3)} operator(pg_catalog.~) '^[0-9a-f]' then return ${idOf(3)}; end if;`, 'the session acts for no person')}

${reader('self_id', `if ${begins('self')} then return ${idOf(3)}; end if;`, 'the session acts for no person alone')}

${reader('realm', `if ${begins('platform')} then return '${PLATFORM_REALM}'; end if;`, 'the session does not act for the platform')}

drop function if exists tenancy.claims();

create or replace function tenancy.is_platform() returns boolean
language sql stable parallel safe set search_path = pg_catalog, pg_temp as $$
  select tenancy.realm() is not null
$$;
alter function tenancy.is_platform() owner to tenancy_owner;

-- What an owner's functions call before anything else: what the tag says is noted for the owner's policies to compare with.
-- Whatever the session noted there before is gone; nobody but an owner's function heeds it.
create or replace function tenancy.enter() returns uuid
language plpgsql volatile as $$
declare org uuid := tenancy.org_id();
begin
  perform pg_catalog.set_config('tenancy.entered', org::text, true);
  return org;
end $$;
alter function tenancy.enter() owner to tenancy_owner;

-- As tenancy.enter(), for what the platform does with an organization and no organization may do with itself: the tag is the
-- platform's, and the caller names the organization.
create or replace function tenancy.enter_as_platform(org uuid) returns uuid
language plpgsql volatile as $$
begin
  perform tenancy.is_platform();
  if org is null then
    raise exception 'no tenant: no organization is named' using errcode = '42501';
  end if;
  perform pg_catalog.set_config('tenancy.entered', enter_as_platform.org::text, true);
  return org;
end $$;
alter function tenancy.enter_as_platform(uuid) owner to tenancy_owner;

-- Gives the name back if it is who the tag says is acting. For functions that write down who did something, once they have
-- asked what the tag says. Nobody in particular is anonymous.
create or replace function tenancy.acting(named text) returns text
language plpgsql stable as $$
declare actor text := pg_catalog.translate(pg_catalog.split_part(pg_catalog.current_setting('backtrace_functions'), '_', 3), ', ', '-:');
begin
  if named is distinct from (case actor when '-' then 'anonymous' else actor end) then
    raise exception 'the session acts for somebody else' using errcode = '42501';
  end if;
  return named;
end $$;
alter function tenancy.acting(text) owner to tenancy_owner;

-- The wall: a comparison that costs less than anything an asker can write, in a schema that no runtime role may name. A
-- policy needs no usage of the schema when it is evaluated, only when it is made. Neither a cost of nothing nor the least
-- one that DDL takes would do: both can be tied with. CREATE OR REPLACE would reset the cost, so it is only made if missing.
create schema if not exists tenancy_hidden authorization tenancy_owner;
revoke all on schema tenancy_hidden from public;
do $$ begin
  if to_regprocedure('tenancy_hidden.same(uuid, uuid)') is null then
    create function tenancy_hidden.same(uuid, uuid) returns boolean language internal immutable strict parallel safe as 'uuid_eq';
  end if;
  if to_regoperator('tenancy_hidden.===(uuid, uuid)') is null then
    create operator tenancy_hidden.=== (leftarg = uuid, rightarg = uuid, function = tenancy_hidden.same, restrict = neqsel, join = neqjoinsel);
  end if;
  update pg_proc set procost = -1 where oid = to_regprocedure('tenancy_hidden.same(uuid, uuid)') and procost <> -1;
end $$;

create or replace function tenancy.is_runtime_role() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from tenancy.tag_keys where role = session_user)
$$;
alter function tenancy.is_runtime_role() owner to tenancy_owner;

create or replace function tenancy.refuse_runtime_ddl() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tenancy.is_runtime_role() then
    raise exception 'a runtime role changes no schema (%)', tg_tag using errcode = '42501';
  end if;
end $$;

create or replace function tenancy.force_row_security() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare created record;
begin
  for created in
    select c.oid::regclass as name from pg_event_trigger_ddl_commands() d
    join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relpersistence <> 't'
      and n.nspname <> 'tenancy' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
  loop
    execute format('alter table %s enable row level security', created.name);
    execute format('alter table %s force row level security', created.name);
  end loop;
end $$;

-- Statistics hold values of all organizations, and EXPLAIN answers from them whatever the policies say: none are kept.
create or replace function tenancy.keep_no_statistics(kept regclass) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  changes text;
  expression record;
begin
  select string_agg(format('alter column %I set statistics 0', a.attname), ', ') into changes from pg_attribute a
    where a.attrelid = kept and a.attnum > 0 and not a.attisdropped and a.attstattarget is distinct from 0;
  if changes is not null then
    execute format('alter table %s %s', kept, changes);
  end if;
  -- What an index computes has statistics of its own.
  for expression in
    select i.indexrelid::regclass as name, a.attnum from pg_index i join pg_attribute a on a.attrelid = i.indexrelid
    where i.indrelid = kept and i.indkey[a.attnum - 1] = 0 and a.attstattarget is distinct from 0
  loop
    execute format('alter index %s alter column %s set statistics 0', expression.name, expression.attnum);
  end loop;
end $$;

create or replace function tenancy.refuse_statistics() returns event_trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare changed record;
begin
  for changed in
    select distinct c.oid::regclass as name from pg_event_trigger_ddl_commands() d
    left join pg_index i on i.indexrelid = d.objid
    join pg_class c on c.oid = coalesce(i.indrelid, d.objid) and d.classid = 'pg_class'::regclass
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
  loop
    perform tenancy.keep_no_statistics(changed.name);
  end loop;
end $$;

create or replace function tenancy.runtime_guards() returns setof text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select evtname::text from pg_event_trigger
  where evtname in ('tenancy_refuse_runtime_ddl', 'tenancy_force_row_security', 'tenancy_refuse_statistics') and evtenabled in ('O', 'A')
$$;
alter function tenancy.runtime_guards() owner to tenancy_owner;

-- Names of the migrations that were applied for the service whose role asks.
create or replace function tenancy.applied_migrations() returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format('select name::text from %I.schema_migrations', regexp_replace(session_user, '_[a-z]+$', ''));
end $$;
alter function tenancy.applied_migrations() owner to tenancy_owner;

-- The oldest transaction that may still write for the service whose role asks, as the asking statement sees it: what was
-- written before it is all there is. A transaction of another service's role or of another database of the server counts for
-- nothing; one that nobody can be named for counts. Stable, so that it judges by the snapshot of whoever asks.
create or replace function tenancy.settled_before() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(min(x.id::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  from pg_snapshot_xip(pg_current_snapshot()) x (id), regexp_replace(session_user, '_[a-z]+$', '') service
  where not exists (select from pg_lock_status() l join pg_stat_get_activity(l.pid) a on true
    where l.pid is not null and l.locktype = 'transactionid' and l.granted and l.mode = 'ExclusiveLock' and l.transactionid = x.id::xid
      and (a.datid <> (select oid from pg_database where datname = current_database())
        or a.usesysid <> (service || '_app')::regrole and not pg_has_role(a.usesysid, service || '_owner', 'member')))
$$;
alter function tenancy.settled_before() owner to tenancy_owner;
grant execute on function pg_lock_status(), pg_stat_get_activity(integer) to tenancy_owner;

do $$ begin
  if not exists (select from pg_event_trigger where evtname = 'tenancy_refuse_runtime_ddl') then
    create event trigger tenancy_refuse_runtime_ddl on ddl_command_start execute function tenancy.refuse_runtime_ddl();
  end if;
  if not exists (select from pg_event_trigger where evtname = 'tenancy_force_row_security') then
    create event trigger tenancy_force_row_security on ddl_command_end
      when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') execute function tenancy.force_row_security();
  end if;
  if not exists (select from pg_event_trigger where evtname = 'tenancy_refuse_statistics') then
    create event trigger tenancy_refuse_statistics on ddl_command_end
      when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE MATERIALIZED VIEW', 'ALTER TABLE', 'CREATE INDEX') execute function tenancy.refuse_statistics();
  end if;
end $$;

-- Tables of before the trigger, and what was gathered about them.
do $$
declare kept record;
begin
  for kept in
    select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
  loop
    perform tenancy.keep_no_statistics(kept.name);
  end loop;
  delete from pg_statistic s using pg_class c, pg_namespace n
    where c.oid = s.starelid and n.oid = c.relnamespace and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema';
end $$;
`;

/**
 * What every role inherits from PUBLIC and no service needs: each is a way to keep something on a connection for
 * the next tenant, to signal another connection, to look at one, or to keep others waiting. Run by a superuser,
 * idempotent.
 */
export const HARDENING_SQL = `
revoke create on schema public from public;
revoke usage on language plpgsql from public;
revoke usage on language sql from public;
-- By a right to update the view, anybody may lock it; SET needs none.
revoke update on pg_settings from public;
-- What is revoked here is revoked in this database alone: in another one, a role may end the sessions it has in this one,
-- see everybody's locks, lock by number. Databases may be prepared at the same moment.
do $$
declare d record;
begin
  for d in
    select datname as name from pg_database where datname in (current_database(), 'postgres', 'template1')
      and exists (select from aclexplode(coalesce(datacl, acldefault('d', datdba))) a where a.grantee = 0 and a.privilege_type = 'CONNECT')
  loop
    execute format('revoke connect on database %I from public', d.name);
  end loop;
exception when unique_violation or internal_error then
  null;
end $$;
do $$
declare f record;
begin
  execute format('revoke temporary, create on database %I from public', current_database());
  for f in
    select p.oid::regprocedure as signature from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace and (
      p.proname like 'lo\\_%' or p.proname in ('loread', 'lowrite', 'lo_import', 'lo_export')
      or p.proname like 'pg\\_advisory%' or p.proname like 'pg\\_try\\_advisory%'
      or p.proname in ('pg_notify', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_lock_status',
        'pg_prepared_statement', 'pg_cursor', 'pg_export_snapshot', 'pg_stat_get_activity', 'pg_prepared_xact',
        'pg_listening_channels', 'pg_stat_get_backend_activity', 'pg_blocking_pids', 'pg_sleep', 'pg_sleep_for',
        'pg_sleep_until', 'pg_log_backend_memory_contexts', 'pg_current_wal_lsn', 'pg_current_wal_insert_lsn', 'pg_current_wal_flush_lsn',
        -- Follows the versions of a row by its place, whoever's it is.
        'currtid2', 'currtid',
        -- Tell how far the server has come with everybody's writing.
        'pg_logical_emit_message', 'pg_control_checkpoint', 'pg_control_recovery', 'pg_control_system', 'pg_control_init',
        'pg_last_committed_xact', 'pg_xact_commit_timestamp', 'pg_xact_commit_timestamp_origin', 'pg_walfile_name',
        'pg_get_multixact_members', 'pg_notification_queue_usage', 'pg_relation_size', 'pg_table_size', 'pg_indexes_size',
        'pg_total_relation_size', 'pg_relation_filenode', 'pg_database_size', 'pg_relation_filepath',
        'pg_tablespace_size', 'pg_tablespace_databases', 'pg_column_toast_chunk_id', 'pg_get_loaded_modules', 'pg_nextoid',
        -- Tell of other sessions and their transactions.
        'pg_isolation_test_session_is_blocked', 'pg_safe_snapshot_blocking_pids', 'pg_xact_status', 'txid_status')
      or p.proname like 'pg\\_%slot%' or p.proname like 'pg\\_logical\\_slot\\_%' or p.proname like 'pg\\_%wal\\_summar%'
      or p.proname like 'pg\\_last\\_%' or p.proname like 'pg\\_clear\\_%\\_stats' or p.proname like 'pg\\_restore\\_%\\_stats'
      or p.proname like 'pg\\_stat\\_get\\_%' or p.proname like 'binary\\_upgrade\\_%')
  loop
    execute format('revoke execute on function %s from public', f.signature);
  end loop;
end $$;
`;
