-- What is left of an organization whose data was purged: how many rows of which table those were.

create table "leads"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "leads"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

alter table "leads"."purge_receipts" enable row level security;
alter table "leads"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "leads"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));

alter table leads.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select on leads.purge_receipts to leads_app;
