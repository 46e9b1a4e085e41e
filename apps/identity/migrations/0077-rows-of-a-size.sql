-- What a process may be given of a row has a bound, of every text, list, JSON and bytes of every table, whatever SQL wrote it (A79).
-- Rows that are there are not looked at.

alter table identity.accounts add constraint accounts_sized check (octet_length(email) <= 10000 and octet_length(email_key) <= 10000 and octet_length(recovery_codes::text) <= 65536 and octet_length(password_digest) <= 10000 and octet_length(reset_hash) <= 10000) not valid;
alter table identity.people add constraint people_sized check (octet_length(name) <= 10000) not valid;
alter table identity.access_grants add constraint access_grants_sized check (octet_length(email) <= 10000 and octet_length(email_key) <= 10000 and octet_length(token_hash) <= 10000 and octet_length(state) <= 10000) not valid;
alter table identity.credentials add constraint credentials_sized check (octet_length(password_hash) <= 10000) not valid;
alter table identity.totp_factors add constraint totp_factors_sized check (octet_length(state) <= 10000 and octet_length(sealed_secret) <= 10000) not valid;
alter table identity.security_events add constraint security_events_sized check (octet_length(kind) <= 10000 and octet_length(address) <= 10000 and octet_length(request_id) <= 10000) not valid;
alter table identity.sessions add constraint sessions_sized check (octet_length(address) <= 10000 and octet_length(user_agent) <= 10000 and octet_length(end_reason) <= 10000) not valid;
alter table identity.refresh_tokens add constraint refresh_tokens_sized check (octet_length(token_hash) <= 10000) not valid;
alter table identity.open_sessions add constraint open_sessions_sized check (octet_length(token_hash) <= 10000) not valid;
alter table identity.signing_keys add constraint signing_keys_sized check (octet_length(public_x) <= 10000 and octet_length(sealed_private) <= 10000) not valid;
alter table identity.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;
alter table identity.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;
alter table identity.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table identity.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table identity.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
