create or replace function orgs.follow_members()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op <> 'INSERT' then
    delete from orgs.seats d
    where d.org_id = old.org_id and d.user_id = old.id;
    insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), old.org_id, old.id, pg_current_xact_id()::text::bigint, now());
    delete from orgs.access_changes c
    where c.id in (
      select o.id
      from orgs.access_changes o
      where o.at < now() - interval '1 hour'
      order by o.at
      limit 100
      for update skip locked
    );
  end if;
  if tg_op <> 'DELETE' then
    insert into orgs.seats (user_id, slug, org_id, role, version)
    select new.id, s.slug, new.org_id, new.role, new.version
    from (select d.slug from orgs.slugs d where d.org_id = new.org_id and d.status <> 'deleted' for share) s;
    insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, new.id, pg_current_xact_id()::text::bigint, now());
    delete from orgs.access_changes c
    where c.id in (
      select o.id
      from orgs.access_changes o
      where o.at < now() - interval '1 hour'
      order by o.at
      limit 100
      for update skip locked
    );
  end if;
  return null;
end
$$;

comment on function orgs.follow_members is
  'The seats follow from the list of members, whatever statement changes that: nobody is let in whom it does '
  'not show. The slug is held meanwhile: whoever joins while the organization is deleted is seated before, and '
  'unseated with the others.';

revoke all on function orgs.follow_members from public;

create or replace trigger follow_members
after insert or update or delete on orgs.members
for each row
execute function orgs.follow_members();
