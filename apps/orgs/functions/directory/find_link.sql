create or replace function orgs.find_link(hash text)
returns table (org_id uuid, invitation_id uuid, of_before boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select d.org_id, d.invitation_id, d.of_before
  from orgs.invitation_links d
  where d.token_hash = hash
    and not d.closed
    and not exists (select from orgs.invitation_links e where e.token_hash = hash and e.opened_at < d.opened_at);
end
$$;

comment on function orgs.find_link is
  'The invitation that a link opens: the one that the link opened first, unless it is closed. Also whether that was '
  'before proofs named the organization.';

revoke all on function orgs.find_link from public;
grant execute on function orgs.find_link to orgs_app;
