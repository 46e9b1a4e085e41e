create or replace function identity.find_account(address_key text)
returns table (user_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select a.user_id
  from identity.accounts a
  where a.email_key = address_key;
end
$$;

comment on function identity.find_account is
  'The account of an address, for signing in: under the platform’s tag alone.';

revoke all on function identity.find_account from public;
grant execute on function identity.find_account to identity_app;
