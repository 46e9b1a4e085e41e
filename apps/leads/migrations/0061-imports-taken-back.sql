-- An import can be taken back: leads that it changed are kept as they were.

alter table leads.imports add column undo jsonb, add column rows_undone int not null default 0;
grant update (undo, rows_undone) on leads.imports to leads_app;

create table "leads"."import_changes" ("org_id" uuid not null, "id" uuid not null, "import_id" uuid not null, "lead_id" uuid not null, "version" int not null, "before" jsonb not null, primary key ("org_id", "id"));
alter table "leads"."import_changes" add constraint "import_changes_org_id_import_id_lead_id_unique" unique ("org_id", "import_id", "lead_id");
alter table leads.import_changes add constraint import_changes_import foreign key (org_id, import_id) references leads.imports (org_id, id) on delete cascade;
alter table "leads"."import_changes" enable row level security;
alter table "leads"."import_changes" force row level security;
create policy "tenancy_restrictive" on "leads"."import_changes" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."import_changes" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create function leads.delete_import_changes(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.import_changes d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_import_changes from public;
grant execute on function leads.delete_import_changes to leads_app;
grant select, insert, update (import_id, lead_id, version, before) on leads.import_changes to leads_app;
