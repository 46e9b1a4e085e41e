-- The data of a deleted organization is purged once its time is up, and what went is noted. Those that are deleted already are
-- purged as they were told. A place of whoever created one is free once it is purged, and no more when it is to be.

create table "orgs"."purges" (
  "org_id" uuid not null,
  "due_at" timestamptz(3) not null,
  "look_at" timestamptz(3) not null,
  "parts" jsonb not null,
  "purged_at" timestamptz(3) null,
  primary key ("org_id")
);
create index purges_due on orgs.purges (look_at) where purged_at is null;

alter table "orgs"."purges" enable row level security;
alter table "orgs"."purges" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."purges" to "orgs_owner" using (true) with check (true);

alter table orgs.purges add constraint purges_sized check (octet_length(parts::text) <= 65536) not valid;

insert into orgs.purges (org_id, due_at, look_at, parts)
select d.org_id, d.due_at, d.due_at, '{}'
from (
  select s.org_id, coalesce(c.purge_after, now() + interval '30 days') as due_at
  from orgs.slugs s
  left join orgs.creations c on c.org_id = s.org_id
  where s.status = 'deleted'
) d;

alter table "orgs"."creations" drop column "purge_after";

create table "orgs"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "orgs"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

alter table "orgs"."purge_receipts" enable row level security;
alter table "orgs"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "orgs"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));

alter table orgs.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select on orgs.purge_receipts to orgs_app;
