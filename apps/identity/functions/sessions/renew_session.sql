create or replace function identity.renew_session(
  session uuid,
  person uuid,
  token text,
  moment timestamptz,
  until timestamptz
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  update identity.open_sessions o
  set token_hash = token, rotated_at = moment, expires_at = until
  where o.user_id = person and o.session_id = session;
end
$$;

comment on function identity.renew_session is
  'The session goes on with another refresh token.';

revoke all on function identity.renew_session from public;
grant execute on function identity.renew_session to identity_app;
