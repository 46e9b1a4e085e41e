create or replace function orgs.delete_org(until timestamptz)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  -- The clocks of those who delete it may differ from this one by a day.
  if until is null or until not between now() + interval '29 days' and now() + interval '1 year' then
    raise exception 'what is deleted is kept for 30 days at least and for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d
  set status = 'deleted'
  where d.org_id = org and orgs.stands(org, d.status) = 'active';
  if found then
    update orgs.organizations o
    set
      status = 'deleted',
      deleted_at = now(),
      purge_after = until,
      version = least(o.version, 1999999999) + 1
    where o.org_id = org and o.id = org;
    insert into orgs.purges (org_id, due_at, look_at, parts)
    values (org, until, until, '{}');
    delete from orgs.seats d
    where d.org_id = org;
    update orgs.invitation_links d
    set closed = true
    where d.org_id = org;
  end if;
end
$$;

comment on function orgs.delete_org is
  'Ends the organization of the tag for good, unless operators have suspended it: it is kept for at least 30 '
  'days, nobody has a seat in it, and none of its invitations opens.';

revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;
