create or replace function leads.find_stalled_imports(
  after uuid default '00000000-0000-0000-0000-000000000000'
)
returns table (org_id uuid, import_id uuid, started_by uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
end
$$;

comment on function leads.find_stalled_imports is
  'What instances of the release before call while they are replaced: they find nothing more to take up.';

revoke all on function leads.find_stalled_imports from public;
grant execute on function leads.find_stalled_imports to leads_app;
