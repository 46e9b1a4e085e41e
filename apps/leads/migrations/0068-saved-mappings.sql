-- How files of one origin are read can be saved under a name.

create table "leads"."import_mappings" ("org_id" uuid not null, "id" uuid not null, "name" text not null, "settings" jsonb not null, "saved_at" timestamptz(3) not null, primary key ("org_id", "id"));
create unique index import_mappings_name on leads.import_mappings (org_id, lower(name));
alter table "leads"."import_mappings" enable row level security;
alter table "leads"."import_mappings" force row level security;
create policy "tenancy_restrictive" on "leads"."import_mappings" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."import_mappings" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table leads.import_mappings add constraint import_mappings_bounded check (length(name) <= 100 and octet_length(settings::text) <= 131072);
create function leads.delete_import_mappings(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.import_mappings d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_import_mappings from public;
grant execute on function leads.delete_import_mappings to leads_app;
grant select, insert, update (name, settings, saved_at) on leads.import_mappings to leads_app;
