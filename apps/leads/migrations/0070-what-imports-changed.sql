-- What an import made of a lead is kept beside what the lead was, for whoever asks what it changed; both go with the lead.

alter table "leads"."import_changes" add column "after" jsonb null;
create index "import_changes_org_id_lead_id_index" on "leads"."import_changes" ("org_id", "lead_id");
alter table leads.import_changes add constraint import_changes_lead foreign key (org_id, lead_id) references leads.leads (org_id, id) on delete cascade not valid;
alter table leads.import_changes drop constraint import_changes_bounded;
alter table leads.import_changes add constraint import_changes_bounded check (greatest(pg_column_size(before), pg_column_size(after)) <= 1048576 and version between 1 and 2000000000) not valid;
grant update (after) on leads.import_changes to leads_app;
