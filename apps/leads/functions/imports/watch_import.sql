create or replace function leads.watch_import(watched uuid, seconds double precision)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from leads.imports i where i.org_id = (select tenancy.org_id()) and i.id = watched) then
    perform leads.start_job(watched, 'lead-import', '{}', tenancy.actor_id()::text, seconds);
  end if;
end
$$;

comment on function leads.watch_import is
  'What instances of the release before call while they are replaced: what they expect becomes a job.';

revoke all on function leads.watch_import from public;
grant execute on function leads.watch_import to leads_app;
