create or replace function identity.close_sessions(sessions uuid[], person uuid)
returns table (session_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  if sessions is null then
    update identity.accounts a
    set sign_outs = a.sign_outs + 1, pending_factor_id = null
    where a.user_id = person;
  else
    perform from identity.accounts a
    where a.user_id = person
    for no key update;
  end if;
  return query
  delete from identity.open_sessions o
  where o.user_id = person and (sessions is null or o.session_id = any (sessions))
  returning o.session_id;
end
$$;

comment on function identity.close_sessions is
  'Ends these sessions of the person, or all of them where none are named; that is counted, so that what they '
  'granted to services ends with them, and a second factor that waits to be confirmed.';

revoke all on function identity.close_sessions from public;
grant execute on function identity.close_sessions to identity_app;
