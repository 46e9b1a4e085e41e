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
    perform orgs.note_access_change(old.org_id, old.id);
  end if;
  if tg_op <> 'DELETE' then
    insert into orgs.seats (user_id, slug, org_id, role, version)
    select new.id, s.slug, new.org_id, new.role, new.version
    from (select d.slug from orgs.slugs d where d.org_id = new.org_id and d.status <> 'deleted' for share) s;
    perform orgs.note_access_change(new.org_id, new.id);
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
