create or replace function identity.begin_factor(
  person uuid,
  factor uuid,
  until timestamptz default now() + interval '15 minutes'
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
    pending_factor_session = null
  where a.user_id = person;
end
$$;

comment on function identity.begin_factor is
  'As await_factor, for instances of the release before, which do not say by which session, nor, of the one before '
  'that, until when.';

revoke all on function identity.begin_factor from public;
grant execute on function identity.begin_factor to identity_app;
