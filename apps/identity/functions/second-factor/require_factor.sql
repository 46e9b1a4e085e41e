create or replace function identity.require_factor(
  person uuid,
  factor uuid,
  step bigint,
  codes text[]
)
returns table (required boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  update identity.accounts a
  set
    second_factor = true,
    factor_id = factor,
    factor_step = step,
    pending_factor_id = null,
    recovery_codes = codes
  where a.user_id = person
    and a.pending_factor_id = factor
    and (
      a.pending_factor_session is null
      or exists (
        select
        from identity.open_sessions o
        where o.user_id = person and o.session_id = a.pending_factor_session
      )
    )
  returning true;
end
$$;

comment on function identity.require_factor is
  'The factor that waited is confirmed: nobody signs in as the person without it, or one of these recovery '
  'codes. No row where another one waits, or the session has ended that began it.';

revoke all on function identity.require_factor from public;
grant execute on function identity.require_factor to identity_app;
