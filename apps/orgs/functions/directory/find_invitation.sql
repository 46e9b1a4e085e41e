create or replace function orgs.find_invitation(hash text)
returns table (org_id uuid, invitation_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select l.org_id, l.invitation_id
  from orgs.find_link(hash) l;
end
$$;

comment on function orgs.find_invitation is
  'What replicas of the release before call: find_link without its last column. Goes with the release after.';

revoke all on function orgs.find_invitation from public;
grant execute on function orgs.find_invitation to orgs_app;
