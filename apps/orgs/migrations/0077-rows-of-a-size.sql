-- What a process may be given of a row has a bound, of every text, list, JSON and bytes of every table, whatever SQL wrote it (A79).
-- Rows that are there are not looked at.

alter table orgs.invitation_links drop constraint invitation_links_bounded;
alter table orgs.slugs add constraint slugs_sized check (octet_length(slug) <= 10000 and octet_length(status) <= 10000) not valid;
alter table orgs.standings add constraint standings_sized check (octet_length(status) <= 10000 and octet_length(reason) <= 10000 and octet_length(decided_by) <= 10000 and octet_length(request_id) <= 10000) not valid;
alter table orgs.seats add constraint seats_sized check (octet_length(slug) <= 10000 and octet_length(role) <= 10000) not valid;
alter table orgs.invitation_links add constraint invitation_links_sized check (octet_length(token_hash) <= 200) not valid;
alter table orgs.invitations add constraint invitations_sized check (octet_length(email) <= 10000 and octet_length(role) <= 10000 and octet_length(status) <= 10000) not valid;
alter table orgs.members add constraint members_sized check (octet_length(email) <= 10000 and octet_length(name) <= 10000 and octet_length(role) <= 10000) not valid;
alter table orgs.organizations add constraint organizations_sized check (octet_length(slug) <= 10000 and octet_length(name) <= 10000 and octet_length(description) <= 10000 and octet_length(country) <= 10000 and octet_length(time_zone) <= 10000 and octet_length(language) <= 10000 and octet_length(currency) <= 10000 and octet_length(status) <= 10000) not valid;
alter table orgs.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;
alter table orgs.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;
alter table orgs.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table orgs.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table orgs.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table orgs.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;
