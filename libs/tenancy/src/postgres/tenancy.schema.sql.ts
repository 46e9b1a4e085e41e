/**
 * A function that verifies the session's tag and answers from it. The verification stands in each of them: calling it in a
 * function of its own costs almost as much as the verification does, and nearly every statement of the system pays for it.
 *
 * @param answer PL/pgSQL that ends with a return; `claims` is the tag without its mac
 */
function reader(name: string, returns: string, answer: string): string {
  return `create or replace function tenancy.${name}() returns ${returns}
language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
  tag text := current_setting('tenancy.tag', true);
  claims text := left(tag, -65);
  inner_key bytea;
  outer_key bytea;
begin
  if claims is null or claims = '' then
    raise exception 'no tenant: the session carries no tag' using errcode = '42501';
  end if;
  select inner_pad, outer_pad into inner_key, outer_key from tenancy.tag_keys where role = session_user;
  if inner_key is null
    or encode(sha256(outer_key || sha256(inner_key || convert_to(claims, 'UTF8'))), 'hex')
       <> right(tag, 64) then
    raise exception 'no tenant: the tag is not genuine' using errcode = '42501';
  end if;
  if split_part(claims, '.', 4)::bigint < extract(epoch from clock_timestamp()) then
    raise exception 'no tenant: the tag has expired' using errcode = '42501';
  end if;${answer}
end $$;
alter function tenancy.${name}() owner to tenancy_owner;`;
}

/**
 * The `tenancy` schema: what the database itself knows about the signed session tag. Run by a superuser, idempotent.
 *
 * A tag is `scope.org.actor.expiry.mac`, the actor a person's id or `system:<service>`, the mac an HMAC-SHA256 under the key of the login role (`session_user`),
 * so a tag of one service means nothing on another's connection. The key's inner and outer pads are stored apart
 * in order to need nothing but the built-in sha256(). Every reader raises 42501 instead of returning null: an
 * untagged query is an error, never "all rows" and never "no rows".
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
  role text primary key,
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64)
);
alter table tenancy.tag_keys owner to tenancy_owner;
revoke all on tenancy.tag_keys from public;

${reader(
  'org_id',
  'uuid',
  `
  if split_part(claims, '.', 1) <> 'org' then
    raise exception 'no tenant: the session acts for no organization' using errcode = '42501';
  end if;
  return split_part(claims, '.', 2)::uuid;`,
)}

${reader(
  'actor_id',
  'uuid',
  `
  if split_part(claims, '.', 3) = '-' or strpos(split_part(claims, '.', 3), ':') > 0 then
    raise exception 'no tenant: the session acts for no person' using errcode = '42501';
  end if;
  return split_part(claims, '.', 3)::uuid;`,
)}

${reader(
  'self_id',
  'uuid',
  `
  if split_part(claims, '.', 1) <> 'self' then
    raise exception 'no tenant: the session acts for no person alone' using errcode = '42501';
  end if;
  return split_part(claims, '.', 3)::uuid;`,
)}

${reader(
  'is_platform',
  'boolean',
  `
  if split_part(claims, '.', 1) <> 'platform' then
    raise exception 'no tenant: the session does not act for the platform' using errcode = '42501';
  end if;
  return true;`,
)}
drop function if exists tenancy.claims();

-- What a vault's functions call before anything else: the tag is verified, and its organization is noted for the owner's
-- policies to compare with. Whatever the session noted there before is gone; nobody but an owner's function heeds it.
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
-- verified the tag. A tag of before names no system: under it no person can be named.
create or replace function tenancy.acting(named text) returns text
language plpgsql stable as $$
declare actor text := coalesce(pg_catalog.split_part(pg_catalog.current_setting('tenancy.tag', true), '.', 3), '');
begin
  if named is null or (actor = '-' and named !~ '^(system:[a-z-]+|anonymous)$') or (actor <> '-' and named <> actor) or actor = '' then
    raise exception 'the session acts for somebody else' using errcode = '42501';
  end if;
  return named;
end $$;
alter function tenancy.acting(text) owner to tenancy_owner;

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
 * the next tenant, to signal another connection, or to look at one. Run by a superuser, idempotent.
 */
export const HARDENING_SQL = `
revoke create on schema public from public;
revoke usage on language plpgsql from public;
revoke usage on language sql from public;
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
        'pg_sleep_until', 'pg_log_backend_memory_contexts', 'pg_current_wal_lsn', 'pg_current_wal_insert_lsn', 'pg_current_wal_flush_lsn')
      or p.proname like 'pg\\_stat\\_get\\_%')
  loop
    execute format('revoke execute on function %s from public', f.signature);
  end loop;
end $$;
`;
