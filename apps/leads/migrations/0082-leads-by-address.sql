-- An expression of an index is never a condition of it beneath the policy unless its functions are leakproof: each look-up of an
-- address or a phone read every lead of the organization. The table is written anew: writers wait meanwhile.

alter table leads.leads add column "email_key" text generated always as (left(lower(email), 254)) stored null,
  add column "phone_key" text generated always as (left(phone, 254)) stored null;
drop index leads.leads_email;
drop index leads.leads_phone;
create index leads_email on leads.leads (org_id, email_key);
create index leads_phone on leads.leads (org_id, phone_key);
