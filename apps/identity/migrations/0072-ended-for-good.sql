-- A session that has ended stays so, and a refresh token that was used: which sessions are open, until when, and by which
-- token they go on, stands in a directory that no person's tag writes.

create table "identity"."open_sessions" ("user_id" uuid not null, "session_id" uuid not null, "token_hash" text not null, "rotated_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, primary key ("user_id", "session_id"));
create index "open_sessions_expires_at_index" on "identity"."open_sessions" ("expires_at");
alter table "identity"."open_sessions" enable row level security;
alter table "identity"."open_sessions" force row level security;
create policy "tenancy_permissive_identity_owner" on "identity"."open_sessions" to "identity_owner" using (true) with check (true);

-- Those that are open now. What their rows say is believed this once, and for no longer than a session lasts.
alter table identity.sessions no force row level security;
alter table identity.refresh_tokens no force row level security;
insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at)
  select s.user_id, s.id, t.token_hash, t.created_at, least(s.expires_at, t.expires_at, now() + interval '30 days')
  from identity.sessions s cross join lateral (
    select r.token_hash, r.created_at, r.expires_at from identity.refresh_tokens r
    where r.user_id = s.user_id and r.session_id = s.id and r.used_at is null order by r.created_at desc limit 1) t
  where s.ended_at is null and s.expires_at > now();
alter table identity.sessions force row level security;
alter table identity.refresh_tokens force row level security;

create function identity.my_session(session uuid) returns table (operator boolean, token_hash text, rotated_at timestamptz, expires_at timestamptz) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select a.operator, o.token_hash, o.rotated_at, o.expires_at
    from identity.open_sessions o join identity.accounts a on a.user_id = o.user_id
    where o.user_id = tenancy.self_id() and o.session_id = session;
end $$;
revoke all on function identity.my_session from public;
grant execute on function identity.my_session to identity_app;

create function identity.open_session(session uuid, person uuid, token text, moment timestamptz, until timestamptz) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  delete from identity.open_sessions o where (o.user_id, o.session_id) in (
    select e.user_id, e.session_id from identity.open_sessions e where e.expires_at < moment order by e.expires_at limit 10 for update skip locked);
  insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at)
    values (person, session, token, moment, until);
end $$;
revoke all on function identity.open_session from public;
grant execute on function identity.open_session to identity_app;

create function identity.renew_session(session uuid, person uuid, token text, moment timestamptz, until timestamptz) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.open_sessions o set token_hash = token, rotated_at = moment, expires_at = until
    where o.user_id = person and o.session_id = session;
end $$;
revoke all on function identity.renew_session from public;
grant execute on function identity.renew_session to identity_app;

create function identity.close_sessions(sessions uuid[], person uuid) returns table (session_id uuid) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query delete from identity.open_sessions o
    where o.user_id = person and (sessions is null or o.session_id = any (sessions)) returning o.session_id;
end $$;
revoke all on function identity.close_sessions from public;
grant execute on function identity.close_sessions to identity_app;
