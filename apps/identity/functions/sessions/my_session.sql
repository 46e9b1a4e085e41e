create or replace function identity.my_session(session uuid)
returns table (operator boolean, token_hash text, rotated_at timestamptz, expires_at timestamptz)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select a.operator, o.token_hash, o.rotated_at, o.expires_at
  from identity.open_sessions o
  join identity.accounts a on a.user_id = o.user_id
  where o.user_id = tenancy.self_id() and o.session_id = session;
end
$$;

comment on function identity.my_session is
  'The directory’s row of an open session of the acting person; no row where it has ended.';

revoke all on function identity.my_session from public;
grant execute on function identity.my_session to identity_app;
