-- How often somebody was signed out everywhere is counted, and each session knows how often it was when it began: what was granted
-- to services in a session of before is of no use any more. A number needs no clocks that agree. Instances of the release before
-- count as well, since the functions do.

alter table "identity"."accounts" add column "sign_outs" int not null default 0;
alter table "identity"."open_sessions" add column "sign_outs" int not null default 0;

create function identity.my_sign_outs(session uuid) returns table (sign_outs int) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select o.sign_outs from identity.open_sessions o where o.user_id = tenancy.self_id() and o.session_id = session;
end $$;
revoke all on function identity.my_sign_outs from public;
grant execute on function identity.my_sign_outs to identity_app;

create function identity.sign_outs_of(person uuid) returns table (sign_outs int) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select a.sign_outs from identity.accounts a where a.user_id = person;
end $$;
revoke all on function identity.sign_outs_of from public;
grant execute on function identity.sign_outs_of to identity_app;

create or replace function identity.open_session(session uuid, person uuid, token text, moment timestamptz, until timestamptz) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  delete from identity.open_sessions o where (o.user_id, o.session_id) in (
    select e.user_id, e.session_id from identity.open_sessions e where e.expires_at < moment order by e.expires_at limit 10 for update skip locked);
  insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at, sign_outs)
    values (person, session, token, moment, until, coalesce((select a.sign_outs from identity.accounts a where a.user_id = person), 0));
  delete from identity.open_sessions o where o.user_id = person and o.session_id in (
    select s.session_id from identity.open_sessions s where s.user_id = person
    order by s.rotated_at desc, s.session_id desc offset 100);
end $$;

create or replace function identity.close_sessions(sessions uuid[], person uuid) returns table (session_id uuid) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  if sessions is null then
    update identity.accounts a set sign_outs = a.sign_outs + 1 where a.user_id = person;
  end if;
  return query delete from identity.open_sessions o
    where o.user_id = person and (sessions is null or o.session_id = any (sessions)) returning o.session_id;
end $$;
