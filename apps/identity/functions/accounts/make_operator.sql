create or replace function identity.make_operator(person uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
  set operator = true
  where a.user_id = person;
end
$$;

comment on function identity.make_operator is
  'The person is an operator from now on.';

revoke all on function identity.make_operator from public;
grant execute on function identity.make_operator to identity_app;
