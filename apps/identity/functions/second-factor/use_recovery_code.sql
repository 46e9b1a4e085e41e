create or replace function identity.use_recovery_code(person uuid, code_hash text)
returns table (used boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  update identity.accounts a
  set recovery_codes = array_remove(a.recovery_codes, code_hash)
  where a.user_id = person and code_hash = any (a.recovery_codes)
  returning true;
end
$$;

comment on function identity.use_recovery_code is
  'Uses a recovery code up. No row where it is not left.';

revoke all on function identity.use_recovery_code from public;
grant execute on function identity.use_recovery_code to identity_app;
