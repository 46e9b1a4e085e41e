create or replace function identity.describe_account(person uuid)
returns table (email text, operator boolean, may_create_orgs boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select a.email, a.operator, a.may_create_orgs
  from identity.accounts a
  where a.user_id = person;
end
$$;

comment on function identity.describe_account is
  'What the platform may know of a person: address, and what makes the person more than others.';

revoke all on function identity.describe_account from public;
grant execute on function identity.describe_account to identity_app;
