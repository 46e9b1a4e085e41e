-- While an organization's currency changes no amount of its leads is taken: what orgs was told of them holds until it is decided.

create table "leads"."amount_holds" (
  "org_id" uuid not null,
  "id" uuid not null,
  "hold" uuid not null,
  "until" timestamptz(3) null,
  "currency" text null,
  primary key ("org_id", "id")
);

alter table "leads"."amount_holds" enable row level security;
alter table "leads"."amount_holds" force row level security;
create policy "tenancy_restrictive" on "leads"."amount_holds" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."amount_holds" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table leads.amount_holds add constraint amount_holds_bounded check (length(currency) = 3);

alter table leads.amount_holds add constraint amount_holds_sized check (octet_length(currency) <= 10000) not valid;

grant select, insert, update (hold, until, currency) on leads.amount_holds to leads_app;

