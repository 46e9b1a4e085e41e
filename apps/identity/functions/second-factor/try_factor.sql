create or replace function identity.try_factor(
  person uuid,
  attempt uuid,
  moment timestamptz,
  most integer
)
returns table (tries integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  update identity.accounts a
  set
    pending_factor_tries = a.pending_factor_tries + case
      when a.pending_factor_try = attempt then 0
      else 1
    end,
    pending_factor_try = attempt
  where a.user_id = person
    and a.pending_factor_id is not null
    and a.pending_factor_until > moment
    and (a.pending_factor_tries < most or a.pending_factor_try = attempt)
    and (
      a.pending_factor_session is null
      or exists (
        select
        from identity.open_sessions o
        where o.user_id = person and o.session_id = a.pending_factor_session
      )
    )
  returning a.pending_factor_tries;
end
$$;

comment on function identity.try_factor is
  'Counts an attempt at the first code of the factor that waits, once however often the same attempt is told. '
  'No row where too many were made, or none waits any more, because the session has ended that began it, or else.';

revoke all on function identity.try_factor from public;
grant execute on function identity.try_factor to identity_app;
