create or replace function service_schema.purge_some_table(most int)
returns int
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    gone int;
  begin
    perform tenancy.acting('system:purge');
    delete from service_schema.some_table d
    where d.org_id = org
      and d.ctid = any(array(select x.ctid from service_schema.some_table x where x.org_id = org limit most));
    get diagnostics gone = row_count;
    perform service_schema.note_purged('some_table', 'deleted', gone);
    return gone;
  end;
end
$$;

comment on function service_schema.purge_some_table is
  'Deletes so many of the table’s rows at most, of the organization of the tag, and notes how many those were. For '
  'TablePurger alone, which orgs asks once their time is up: nobody of the organization may, and no event or job.';

revoke all on function service_schema.purge_some_table from public;
grant execute on function service_schema.purge_some_table to service_schema_app;
