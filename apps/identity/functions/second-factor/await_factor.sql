create or replace function identity.await_factor(
  person uuid,
  factor uuid,
  until timestamptz,
  session uuid
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
  set
    pending_factor_id = factor,
    pending_factor_until = until,
    pending_factor_tries = 0,
    pending_factor_try = null,
    pending_factor_session = session
  where a.user_id = person;
end
$$;

comment on function identity.await_factor is
  'A second factor waits to be confirmed, and takes the place of one that waited before. It waits no longer than the '
  'session stands that began it; with null, than the person is signed out everywhere.';

revoke all on function identity.await_factor from public;
grant execute on function identity.await_factor to identity_app;
