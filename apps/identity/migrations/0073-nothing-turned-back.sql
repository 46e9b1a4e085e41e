-- What was replaced or used up does not come back by a row: which password hash is in force, which second factor waits to be
-- confirmed, and up to which time step the codes of the confirmed one are used up, stands in the directory, where no person's
-- tag writes. A second factor that waits now is begun anew.

alter table identity.accounts add column factor_step bigint null, add column pending_factor_id uuid null,
  add column password_digest text null;

-- What rows say now is believed this once.
alter table identity.credentials no force row level security;
alter table identity.totp_factors no force row level security;
update identity.accounts a set
  password_digest = (select encode(sha256(convert_to(c.password_hash, 'UTF8')), 'hex') from identity.credentials c
    where c.user_id = a.user_id and c.id = a.user_id),
  factor_step = (select f.last_step from identity.totp_factors f where f.user_id = a.user_id and f.id = a.factor_id);
alter table identity.credentials force row level security;
alter table identity.totp_factors force row level security;

alter table identity.totp_factors drop constraint totp_factors_bounds;
alter table identity.totp_factors drop column last_step;
alter table identity.totp_factors add constraint totp_factors_bounds check (length(state) <= 16 and sealed_secret ~ '^v1(\.[A-Za-z0-9_-]{1,200}){3}$' and isfinite(created_at));

drop function identity.my_account();
drop function identity.require_factor(uuid, uuid, text[]);

create function identity.my_account() returns table (email text, operator boolean, second_factor boolean, factor_step bigint, password_digest text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select a.email, a.operator, a.second_factor, a.factor_step, a.password_digest
    from identity.accounts a where a.user_id = tenancy.self_id();
end $$;
revoke all on function identity.my_account from public;
grant execute on function identity.my_account to identity_app;

create function identity.begin_factor(person uuid, factor uuid) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a set pending_factor_id = factor where a.user_id = person;
end $$;
revoke all on function identity.begin_factor from public;
grant execute on function identity.begin_factor to identity_app;

create function identity.require_factor(person uuid, factor uuid, step bigint, codes text[]) returns table (required boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update identity.accounts a
    set second_factor = true, factor_id = factor, factor_step = step, pending_factor_id = null, recovery_codes = codes
    where a.user_id = person and a.pending_factor_id = factor returning true;
end $$;
revoke all on function identity.require_factor from public;
grant execute on function identity.require_factor to identity_app;

create function identity.use_factor_step(person uuid, factor uuid, step bigint) returns table (used boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update identity.accounts a set factor_step = step
    where a.user_id = person and a.factor_id = factor and (a.factor_step < step or a.factor_step is null) returning true;
end $$;
revoke all on function identity.use_factor_step from public;
grant execute on function identity.use_factor_step to identity_app;

create function identity.set_password(person uuid, password_hash text) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a set password_digest = encode(sha256(convert_to(password_hash, 'UTF8')), 'hex') where a.user_id = person;
end $$;
revoke all on function identity.set_password from public;
grant execute on function identity.set_password to identity_app;

create function identity.my_sessions() returns table (session_id uuid, token_hash text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select o.session_id, o.token_hash from identity.open_sessions o where o.user_id = tenancy.self_id();
end $$;
revoke all on function identity.my_sessions from public;
grant execute on function identity.my_sessions to identity_app;

-- A person has no more open sessions there than there may be, whatever rows are counted.
create or replace function identity.open_session(session uuid, person uuid, token text, moment timestamptz, until timestamptz) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  delete from identity.open_sessions o where (o.user_id, o.session_id) in (
    select e.user_id, e.session_id from identity.open_sessions e where e.expires_at < moment order by e.expires_at limit 10 for update skip locked);
  insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at)
    values (person, session, token, moment, until);
  delete from identity.open_sessions o where o.user_id = person and o.session_id in (
    select s.session_id from identity.open_sessions s where s.user_id = person
    order by s.rotated_at desc, s.session_id desc offset 100);
end $$;
