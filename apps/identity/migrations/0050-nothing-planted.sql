-- What a statement under a person's tag can write lets nobody in. That an account has a second factor is said in the
-- directory. Password hashes, recovery codes and reset links bear the service's key now: those of before are not believed,
-- and people set a new password by the mailed link.

alter table identity.accounts add column second_factor boolean not null default false;

alter table identity.totp_factors no force row level security;
update identity.accounts a set second_factor = true
  where exists (select from identity.totp_factors f where f.user_id = a.user_id and f.state = 'confirmed');
alter table identity.totp_factors force row level security;

drop function identity.my_account();
create function identity.my_account() returns table (email text, operator boolean, second_factor boolean) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select a.email, a.operator, a.second_factor from identity.accounts a where a.user_id = tenancy.self_id();
end $$;
revoke all on function identity.my_account from public;
grant execute on function identity.my_account to identity_app;

create function identity.require_factor(person uuid) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a set second_factor = true where a.user_id = person;
end $$;
revoke all on function identity.require_factor from public;
grant execute on function identity.require_factor to identity_app;
