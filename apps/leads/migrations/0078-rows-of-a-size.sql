-- What a process may be given of a row has a bound, of every text, list, JSON and bytes of every table, whatever SQL wrote it (A79). Said
-- of each table once: what was bounded otherwise is so here. Rows that are there are not looked at.

alter table leads.lead_fields drop constraint lead_fields_bounded;
alter table leads.lead_fields add constraint lead_fields_bounded check (key ~ '^[a-z][a-z0-9_]{0,59}$' and length(label) <= 100
  and kind in ('text', 'number', 'date', 'select', 'multi_select', 'money') and cardinality(options) <= 100) not valid;
alter table leads.leads drop constraint leads_bounded;
alter table leads.leads add constraint leads_bounded check (cardinality(tags) <= 50 and version between 1 and 2000000000) not valid;
alter table leads.imports drop constraint imports_bounded;
alter table leads.imports add constraint imports_bounded check (length(file_name) <= 200 and length(delimiter) <= 1 and length(default_contact_name) <= 200 and value_decimals between 0 and 4 and status in ('receiving', 'running', 'finished', 'failed', 'undoing', 'undone') and rows_total between 0 and 1000000 and rows_read between 0 and 1000000 and created between 0 and 1000000 and updated between 0 and 1000000 and unchanged between 0 and 1000000 and refused between 0 and 1000000 and rows_undone between 0 and 2000000 and errors_noted between 0 and 10000 and cells_left_out between 0 and 1999999999 and received_bytes between 0 and 134217728 and attempts between 0 and 1000 and extract(epoch from created_at) between 0 and 9999999999) not valid;
alter table leads.import_chunks drop constraint import_chunks_bounded;
alter table leads.import_chunks add constraint import_chunks_bounded check (seq between 0 and 10000 and length(sha256) = 64) not valid;
alter table leads.import_changes drop constraint import_changes_bounded;
alter table leads.import_changes add constraint import_changes_bounded check (version between 1 and 2000000000) not valid;
alter table leads.import_mappings drop constraint import_mappings_bounded;
alter table leads.import_mappings add constraint import_mappings_bounded check (length(name) <= 100);
alter table leads.activities add constraint activities_sized check (octet_length(kind) <= 10000 and octet_length(actor) <= 10000 and octet_length(detail::text) <= 16384) not valid;
alter table leads.lead_fields add constraint lead_fields_sized check (octet_length(key) <= 10000 and octet_length(label) <= 10000 and octet_length(kind) <= 10000 and octet_length(options::text) <= 65536) not valid;
alter table leads.imports add constraint imports_sized check (octet_length(file_name) <= 10000 and octet_length(status) <= 10000 and octet_length(mapping::text) <= 524288 and octet_length(delimiter) <= 10000 and octet_length(default_contact_name) <= 10000 and octet_length(settings::text) <= 2097152 and octet_length(reading::text) <= 524288 and octet_length(undo::text) <= 65536 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;
alter table leads.import_chunks add constraint import_chunks_sized check (octet_length(sha256) <= 10000 and octet_length(data) <= 524288) not valid;
alter table leads.import_errors add constraint import_errors_sized check (octet_length(column_name) <= 10000 and octet_length(problem) <= 10000) not valid;
alter table leads.import_changes add constraint import_changes_sized check (octet_length(before::text) <= 524288 and octet_length(after::text) <= 524288) not valid;
alter table leads.import_mappings add constraint import_mappings_sized check (octet_length(name) <= 10000 and octet_length(settings::text) <= 131072) not valid;
alter table leads.leads add constraint leads_sized check (octet_length(contact_name) <= 10000 and octet_length(company) <= 10000 and octet_length(email) <= 10000 and octet_length(phone) <= 10000 and octet_length(site) <= 10000 and octet_length(city) <= 10000 and octet_length(state) <= 10000 and octet_length(country) <= 10000 and octet_length(tags::text) <= 65536 and octet_length(custom_fields::text) <= 262144 and octet_length(external_id) <= 10000) not valid;
alter table leads.pipelines add constraint pipelines_sized check (octet_length(name) <= 10000) not valid;
alter table leads.stages add constraint stages_sized check (octet_length(name) <= 10000 and octet_length(kind) <= 10000) not valid;
alter table leads.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;
alter table leads.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;
alter table leads.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table leads.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table leads.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table leads.inbox add constraint inbox_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;
alter table leads.dead_letters add constraint dead_letters_sized check (octet_length(type) <= 10000 and octet_length(source) <= 10000 and octet_length(entity) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 1048576 and octet_length(reason) <= 10000) not valid;
alter table leads.blocked_entities add constraint blocked_entities_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;
alter table leads.event_positions add constraint event_positions_sized check (octet_length(source) <= 10000 and octet_length(mark) <= 10000) not valid;
alter table leads.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;
