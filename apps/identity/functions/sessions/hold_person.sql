create or replace function identity.hold_person(person uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  perform from identity.accounts a
  where a.user_id = person
  for no key update;
end
$$;

comment on function identity.hold_person is
  'Keeps the person’s sessions as they are until the commit. Whatever begins, goes on or ends locks the account '
  'before any session of the person’s: two that lock in another order would wait for each other until one of '
  'them is refused.';

revoke all on function identity.hold_person from public;
grant execute on function identity.hold_person to identity_app;
