create or replace function identity.my_sessions()
returns table (session_id uuid, token_hash text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select o.session_id, o.token_hash
  from identity.open_sessions o
  where o.user_id = tenancy.self_id();
end
$$;

comment on function identity.my_sessions is
  'The open sessions of the acting person.';

revoke all on function identity.my_sessions from public;
grant execute on function identity.my_sessions to identity_app;
