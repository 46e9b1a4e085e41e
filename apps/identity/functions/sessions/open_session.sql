create or replace function identity.open_session(
  session uuid,
  person uuid,
  token text,
  moment timestamptz,
  until timestamptz,
  known int default null
)
returns table (opened boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  select a.sign_outs
  into known
  from identity.accounts a
  where a.user_id = person and a.sign_outs = coalesce(known, a.sign_outs)
  for no key update;
  if not found then
    return query select false;
    return;
  end if;
  delete from identity.open_sessions o
  where (o.user_id, o.session_id) in (
    select e.user_id, e.session_id
    from identity.open_sessions e
    where e.expires_at < moment
    order by e.expires_at
    limit 10
    for update skip locked
  );
  insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at, sign_outs)
  values (person, session, token, moment, until, known);
  delete from identity.open_sessions o
  where o.user_id = person
    and o.session_id in (
      select s.session_id
      from identity.open_sessions s
      where s.user_id = person
      order by s.rotated_at desc, s.session_id desc
      offset 100
    );
  return query select true;
end
$$;

comment on function identity.open_session is
  'Opens a session, unless the person was signed out everywhere since that often was known: who is in the '
  'course of it holds the row, so that each session is opened before, and ends with the others, or not at all. '
  'A process of the release before does not say what it knows. Also forgets some that nobody has refreshed in '
  'time, and what is more of one person than there may be, whatever rows say.';

revoke all on function identity.open_session from public;
grant execute on function identity.open_session to identity_app;
