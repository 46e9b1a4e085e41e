create or replace function identity.set_reset(person uuid, token_hash text, until timestamptz)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
  set reset_hash = token_hash, reset_until = until
  where a.user_id = person;
end
$$;

comment on function identity.set_reset is
  'The one reset link of the person that works, by the hash of its token, and until when.';

revoke all on function identity.set_reset from public;
grant execute on function identity.set_reset to identity_app;
