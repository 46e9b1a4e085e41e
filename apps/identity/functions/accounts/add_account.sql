create or replace function identity.add_account(
  person uuid,
  address text,
  address_key text,
  grants_orgs boolean,
  moment timestamptz
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  insert into identity.accounts (user_id, email, email_key, operator, may_create_orgs, created_at)
  values (person, address, address_key, false, grants_orgs, moment);
end
$$;

comment on function identity.add_account is
  'A new account, of nobody who is an operator.';

revoke all on function identity.add_account from public;
grant execute on function identity.add_account to identity_app;
