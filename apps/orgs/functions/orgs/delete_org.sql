create or replace function orgs.delete_org(until timestamptz)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform orgs.close_org(tenancy.actor_id()::text, uuidv7()::text, null);
end
$$;

comment on function orgs.delete_org is
  'What replicas of the release before call; until when it is kept is not theirs to say. They '
  'tell of it once more. Goes with the release after.';

revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;
