create or replace function service_schema.delete_some_table(ids uuid[])
returns setof uuid
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query
  delete from service_schema.some_table d
  where d.user_id = own_user_id and d.id = any(ids)
  returning d.id;
end
$$;

comment on function service_schema.delete_some_table is
  'The only way of the runtime role to delete rows of the table, by their ids: those of the tag, as the policies, '
  'which bind the schema’s owner too, say once more. Each claim raises 42501 where the session carries none.';

revoke all on function service_schema.delete_some_table from public;
grant execute on function service_schema.delete_some_table to service_schema_app;
