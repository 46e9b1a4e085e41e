create or replace function identity.sign_outs_of(person uuid)
returns table (sign_outs int)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select a.sign_outs
  from identity.accounts a
  where a.user_id = person;
end
$$;

comment on function identity.sign_outs_of is
  'How often the person was signed out everywhere.';

revoke all on function identity.sign_outs_of from public;
grant execute on function identity.sign_outs_of to identity_app;
