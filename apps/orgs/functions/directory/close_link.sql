create or replace function orgs.close_link(invitation uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update orgs.invitation_links d
  set closed = true
  where d.org_id = tenancy.org_id() and d.invitation_id = invitation;
end
$$;

comment on function orgs.close_link is
  'The links of an invitation open nothing any more.';

revoke all on function orgs.close_link from public;
grant execute on function orgs.close_link to orgs_app;
