-- Leads are found by what their custom fields hold, too. The table is written anew.

alter table leads.leads drop column search_text;
alter table leads.leads add column search_text text generated always as (replace(replace(replace(translate(regexp_replace(lower(normalize(contact_name || chr(10) || coalesce(company, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone, '') || chr(10) || jsonb_path_query_array(custom_fields, '$.*')::text, nfkd) collate "pg_c_utf8"), '[\u0300-\u036f]', '', 'g'), 'ςøłđı’‘ʼ', 'σoldi'''''''), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')) stored collate "pg_c_utf8" not null;
