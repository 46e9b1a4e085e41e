create or replace function identity.close_other_sessions(kept uuid, person uuid)
returns table (session_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
  set sign_outs = a.sign_outs + 1, pending_factor_id = null
  where a.user_id = person;
  update identity.open_sessions o
  set sign_outs = a.sign_outs
  from identity.accounts a
  where a.user_id = person and o.user_id = person and o.session_id = kept;
  return query
  delete from identity.open_sessions o
  where o.user_id = person and o.session_id <> kept
  returning o.session_id;
end
$$;

comment on function identity.close_other_sessions is
  'Ends all sessions of the person but one. Counts as all of them, and the one that is kept as begun after '
  'that.';

revoke all on function identity.close_other_sessions from public;
grant execute on function identity.close_other_sessions to identity_app;
