-- Whatever begins, goes on or ends holds the person before their sessions: two in another order refused each other. A second
-- factor that takes another's place ends the sessions that were begun with that one.
create function identity.hold_person(person uuid) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  perform from identity.accounts a where a.user_id = person for no key update;
end $$;
revoke all on function identity.hold_person from public;
grant execute on function identity.hold_person to identity_app;

create or replace function identity.close_sessions(sessions uuid[], person uuid) returns table (session_id uuid) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  if sessions is null then
    update identity.accounts a set sign_outs = a.sign_outs + 1 where a.user_id = person;
  else
    perform from identity.accounts a where a.user_id = person for no key update;
  end if;
  return query delete from identity.open_sessions o
    where o.user_id = person and (sessions is null or o.session_id = any (sessions)) returning o.session_id;
end $$;

create function identity.close_other_sessions(kept uuid, person uuid) returns table (session_id uuid) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a set sign_outs = a.sign_outs + 1 where a.user_id = person;
  update identity.open_sessions o set sign_outs = a.sign_outs from identity.accounts a
    where a.user_id = person and o.user_id = person and o.session_id = kept;
  return query delete from identity.open_sessions o where o.user_id = person and o.session_id <> kept returning o.session_id;
end $$;
revoke all on function identity.close_other_sessions from public;
grant execute on function identity.close_other_sessions to identity_app;
