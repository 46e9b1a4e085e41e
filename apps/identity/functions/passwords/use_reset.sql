create or replace function identity.use_reset(person uuid, token_hash text, moment timestamptz)
returns table (email text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  update identity.accounts a
  set reset_hash = null, reset_until = null
  where a.user_id = person and a.reset_hash = token_hash and a.reset_until > moment
  returning a.email;
end
$$;

comment on function identity.use_reset is
  'Uses the reset link up. No row where it is another one, was used, or has expired.';

revoke all on function identity.use_reset from public;
grant execute on function identity.use_reset to identity_app;
