-- Imports keep what was said of their file and how it is read; a cell that cannot be read costs the cell; rows may be recognized
-- by address or phone.

alter table leads.imports
  add column settings jsonb not null default '{}',
  add column reading jsonb not null default '{}',
  add column cells_left_out int not null default 0;
grant update (settings, reading, cells_left_out) on leads.imports to leads_app;
alter table leads.import_errors add column refused boolean not null default true;
create index leads_email on leads.leads (org_id, left(lower(email), 254));
create index leads_phone on leads.leads (org_id, left(phone, 254));
