create or replace function orgs.open_link(hash text, invitation uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into orgs.invitation_links (token_hash, org_id, invitation_id, opened_at)
  values (hash, tenancy.org_id(), invitation, clock_timestamp());
end
$$;

comment on function orgs.open_link is
  'A link opens an invitation of the tag’s organization.';

revoke all on function orgs.open_link from public;
grant execute on function orgs.open_link to orgs_app;
