create or replace function identity.set_password(person uuid, password_hash text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
  set password_digest = encode(sha256(convert_to(password_hash, 'UTF8')), 'hex'), pending_factor_id = null
  where a.user_id = person;
end
$$;

comment on function identity.set_password is
  'The password hash that is in force: a row with another one is of a password of before. A second factor that waits '
  'was begun by that one, and is not confirmed any more.';

revoke all on function identity.set_password from public;
grant execute on function identity.set_password to identity_app;
