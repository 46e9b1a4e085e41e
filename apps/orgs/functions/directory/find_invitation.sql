create or replace function orgs.find_invitation(hash text)
returns table (org_id uuid, invitation_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select d.org_id, d.invitation_id
  from orgs.invitation_links d
  where d.token_hash = hash
    and not d.closed
    and not exists (select from orgs.invitation_links e where e.token_hash = hash and e.opened_at < d.opened_at);
end
$$;

comment on function orgs.find_invitation is
  'What replicas of the release before call: find_link without its last column. Goes with the release after.';

revoke all on function orgs.find_invitation from public;
grant execute on function orgs.find_invitation to orgs_app;
