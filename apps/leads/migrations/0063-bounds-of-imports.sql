-- What an organization's SQL writes about its imports, fields, stages and leads stops nobody else (A74): everything that a process
-- works with has a bound, and what a worker counts with only goes on. Rows that are there are not looked at: one that does not fit
-- can be claimed no longer, and must not hold up this migration.

alter table leads.pipelines add constraint pipelines_bounded check (length(name) <= 100 and version between 1 and 2000000000) not valid;
alter table leads.stages add constraint stages_bounded check (length(name) <= 100 and position between 0 and 1000000 and kind in ('open', 'won', 'lost')) not valid;
alter table leads.lead_fields add constraint lead_fields_bounded check (key ~ '^[a-z][a-z0-9_]{0,59}$' and length(label) <= 100
  and kind in ('text', 'number', 'date', 'select', 'multi_select', 'money') and cardinality(options) <= 100 and octet_length(options::text) <= 65536) not valid;
alter table leads.leads add constraint leads_bounded check (greatest(octet_length(contact_name), octet_length(company), octet_length(email), octet_length(phone), octet_length(site), octet_length(city), octet_length(state), octet_length(country), octet_length(external_id)) <= 10000
  and cardinality(tags) <= 50 and octet_length(tags::text) <= 65536 and octet_length(custom_fields::text) <= 262144 and version between 1 and 2000000000) not valid;
alter table leads.imports add constraint imports_bounded check (length(file_name) <= 200 and length(delimiter) <= 1 and length(default_contact_name) <= 200 and value_decimals between 0 and 4 and status in ('receiving', 'running', 'finished', 'failed', 'undoing', 'undone') and octet_length(mapping::text) <= 524288 and octet_length(reading::text) <= 524288 and octet_length(settings::text) <= 2097152 and octet_length(undo::text) <= 65536 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000 and rows_total between 0 and 1000000 and rows_read between 0 and 1000000 and created between 0 and 1000000 and updated between 0 and 1000000 and unchanged between 0 and 1000000 and refused between 0 and 1000000 and rows_undone between 0 and 2000000 and errors_noted between 0 and 10000 and cells_left_out between 0 and 1999999999 and received_bytes between 0 and 134217728 and attempts between 0 and 1000 and extract(epoch from created_at) between 0 and 9999999999) not valid;
alter table leads.import_chunks add constraint import_chunks_bounded check (seq between 0 and 10000 and length(sha256) = 64 and octet_length(data) <= 524288) not valid;
alter table leads.import_errors add constraint import_errors_bounded check (position between 1 and 10000 and line between 1 and 1999999999 and length(column_name) <= 200 and length(problem) <= 1000) not valid;
alter table leads.import_changes add constraint import_changes_bounded check (pg_column_size(before) <= 1048576 and version between 1 and 2000000000) not valid;
create function leads.import_goes_on() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.rows_read < old.rows_read or new.created < old.created or new.updated < old.updated or new.unchanged < old.unchanged or new.refused < old.refused or new.errors_noted < old.errors_noted or new.cells_left_out < old.cells_left_out or new.received_bytes < old.received_bytes
    or (old.rows_total is not null and new.rows_total is distinct from old.rows_total)
    or (new.rows_undone < old.rows_undone and not (new.status = 'undoing' and old.status in ('finished', 'failed')))
    or (new.attempts < old.attempts and new.rows_read = old.rows_read and new.rows_undone <= old.rows_undone and not (new.status = 'undoing' and old.status in ('finished', 'failed')))
    or (new.status <> old.status and not (old.status, new.status) in (('receiving', 'running'), ('receiving', 'failed'), ('running', 'finished'), ('running', 'failed'),
      ('finished', 'undoing'), ('failed', 'undoing'), ('undoing', 'finished'), ('undoing', 'undone')))
  then
    raise exception 'the work on an import goes on, and not back' using errcode = '42501';
  end if;
  return new;
end $$;
revoke all on function leads.import_goes_on from public;
create trigger imports_go_on before update on leads.imports for each row execute function leads.import_goes_on();
