create or replace function identity.my_sign_outs(session uuid)
returns table (sign_outs int)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select o.sign_outs
  from identity.open_sessions o
  where o.user_id = tenancy.self_id() and o.session_id = session;
end
$$;

comment on function identity.my_sign_outs is
  'How often the acting person had been signed out everywhere when the session began.';

revoke all on function identity.my_sign_outs from public;
grant execute on function identity.my_sign_outs to identity_app;
