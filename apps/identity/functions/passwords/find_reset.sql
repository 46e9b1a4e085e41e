create or replace function identity.find_reset(person uuid, token_hash text, moment timestamptz)
returns table (email text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select a.email
  from identity.accounts a
  where a.user_id = person and a.reset_hash = token_hash and a.reset_until > moment;
end
$$;

comment on function identity.find_reset is
  'Whose the reset link is, before it is used. No row where it is another one, was used, or has expired.';

revoke all on function identity.find_reset from public;
grant execute on function identity.find_reset to identity_app;
