create or replace function orgs.close_org(by_actor text, request text, trace_parent text)
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
  until timestamptz := date_trunc('milliseconds', now()) + interval '30 days 1 millisecond';
begin
  update orgs.slugs d
  set status = 'deleted'
  where d.org_id = org and orgs.stands(org, d.status) = 'active';
  if not found then
    return null;
  end if;
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
  perform orgs.write_event('orgs.org.deleted.v1', org, by_actor, null, request, trace_parent, '{}');
  return until;
end
$$;

comment on function orgs.close_org is
  'Ends the organization of the tag for good, unless operators have suspended it: nobody has a seat in it, none of its '
  'invitations opens, and it is kept for 30 days by the clock of the database. Others are told with it, whatever SQL '
  'ends it: what others do not hear of would go on there. Gives the moment until when; null where nothing was ended.';

revoke all on function orgs.close_org from public;
grant execute on function orgs.close_org to orgs_app;
