-- Leads are found and sorted without case, accents and shapes of letters. The table is written anew.

alter table leads.leads drop column name_key, drop column search_text;
alter table leads.leads
  add column name_key text generated always as (replace(replace(replace(translate(regexp_replace(lower(normalize(contact_name, nfkd) collate "pg_c_utf8"), '[\u0300-\u036f]', '', 'g'), 'ςøłđı’‘ʼ', 'σoldi'''''''), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')) stored collate "pg_c_utf8" not null,
  add column search_text text generated always as (replace(replace(replace(translate(regexp_replace(lower(normalize(contact_name || chr(10) || coalesce(company, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone, ''), nfkd) collate "pg_c_utf8"), '[\u0300-\u036f]', '', 'g'), 'ςøłđı’‘ʼ', 'σoldi'''''''), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')) stored collate "pg_c_utf8" not null;
create index leads_org_id_name_key_id_index on leads.leads (org_id, left(name_key, 200), id);
