-- What was used up or has expired does not open again: which second factor is confirmed, the recovery codes that are left and
-- the reset link that works stand in the directory, where no person's tag writes. Links of before are not believed: people
-- ask for another one.

alter table identity.accounts add column factor_id uuid null, add column recovery_codes text[] not null default '{}',
  add column reset_hash text null, add column reset_until timestamptz(3) null;

alter table identity.totp_factors no force row level security;
alter table identity.recovery_codes no force row level security;
update identity.accounts a set
  factor_id = (select f.id from identity.totp_factors f where f.user_id = a.user_id and f.state = 'confirmed'
    -- One that stands in two persons' rows was copied there.
    and not exists (select from identity.totp_factors o where o.id = f.id and o.user_id <> f.user_id)),
  recovery_codes = array(select c.code_hash from identity.recovery_codes c
    where c.user_id = a.user_id and length(c.code_hash) = 43 limit 100)
  where a.second_factor;
alter table identity.totp_factors force row level security;

drop function identity.delete_recovery_codes(uuid[]);
drop function identity.delete_password_resets(uuid[]);
drop table identity.recovery_codes;
drop table identity.password_resets;
drop function identity.my_account();
drop function identity.require_factor(uuid);

create function identity.my_account() returns table (email text, operator boolean, second_factor boolean, factor_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select a.email, a.operator, a.second_factor, a.factor_id from identity.accounts a where a.user_id = tenancy.self_id();
end $$;
revoke all on function identity.my_account from public;
grant execute on function identity.my_account to identity_app;

create function identity.require_factor(person uuid, factor uuid, codes text[]) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a set second_factor = true, factor_id = factor, recovery_codes = codes where a.user_id = person;
end $$;
revoke all on function identity.require_factor from public;
grant execute on function identity.require_factor to identity_app;

create function identity.use_recovery_code(person uuid, code_hash text) returns table (used boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update identity.accounts a set recovery_codes = array_remove(a.recovery_codes, code_hash)
    where a.user_id = person and code_hash = any (a.recovery_codes) returning true;
end $$;
revoke all on function identity.use_recovery_code from public;
grant execute on function identity.use_recovery_code to identity_app;

create function identity.set_reset(person uuid, token_hash text, until timestamptz) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a set reset_hash = token_hash, reset_until = until where a.user_id = person;
end $$;
revoke all on function identity.set_reset from public;
grant execute on function identity.set_reset to identity_app;

create function identity.use_reset(person uuid, token_hash text, moment timestamptz) returns table (email text) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update identity.accounts a set reset_hash = null, reset_until = null
    where a.user_id = person and a.reset_hash = token_hash and a.reset_until > moment returning a.email;
end $$;
revoke all on function identity.use_reset from public;
grant execute on function identity.use_reset to identity_app;
