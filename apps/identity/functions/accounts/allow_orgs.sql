create or replace function identity.allow_orgs(person uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
  set may_create_orgs = true
  where a.user_id = person;
end
$$;

comment on function identity.allow_orgs is
  'The person may create organizations from now on.';

revoke all on function identity.allow_orgs from public;
grant execute on function identity.allow_orgs to identity_app;
