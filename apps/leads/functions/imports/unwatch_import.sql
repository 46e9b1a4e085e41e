create or replace function leads.unwatch_import(watched uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform leads.end_job(watched, null, 'cancelled', null, null);
end
$$;

comment on function leads.unwatch_import is
  'What instances of the release before call while they are replaced: the job of the import ends.';

revoke all on function leads.unwatch_import from public;
grant execute on function leads.unwatch_import to leads_app;
