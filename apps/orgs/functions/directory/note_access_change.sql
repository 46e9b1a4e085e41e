create or replace function orgs.note_access_change(of_org uuid, person uuid)
returns void
language plpgsql
as $$
begin
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
  values (uuidv7(), of_org, person, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c
  where c.id in (
    select o.id
    from orgs.access_changes o
    where o.at < now() - interval '1 hour'
    order by o.at
    limit 100
    for update skip locked
  );
end
$$;

comment on function orgs.note_access_change is
  'The access of a person to the organization changed, or everybody’s where none is named. Also forgets some changes '
  'that nobody asks about any more.';

revoke all on function orgs.note_access_change from public;
