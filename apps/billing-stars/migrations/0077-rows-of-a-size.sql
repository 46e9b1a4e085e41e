-- What a process may be given of a row has a bound, of every text, list, JSON and bytes of every table, whatever SQL wrote it (A79).
-- Rows that are there are not looked at.

alter table billing_stars.payment_references drop constraint payment_references_bounded;
alter table billing_stars.caps add constraint caps_sized check (octet_length(layer) <= 10000 and octet_length(subject) <= 10000 and octet_length(changed_by) <= 10000) not valid;
alter table billing_stars.cap_counters add constraint cap_counters_sized check (octet_length(layer) <= 10000 and octet_length(subject) <= 10000) not valid;
alter table billing_stars.grants add constraint grants_sized check (octet_length(source) <= 10000 and octet_length(compartment) <= 10000 and octet_length(granted_by) <= 10000) not valid;
alter table billing_stars.reversals add constraint reversals_sized check (octet_length(source) <= 10000 and octet_length(reversed_by) <= 10000) not valid;
alter table billing_stars.warnings add constraint warnings_sized check (octet_length(layer) <= 10000 and octet_length(subject) <= 10000) not valid;
alter table billing_stars.holds add constraint holds_sized check (octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(state) <= 10000 and octet_length(actor) <= 10000) not valid;
alter table billing_stars.ledger_transactions add constraint ledger_transactions_sized check (octet_length(kind) <= 10000 and octet_length(actor) <= 10000 and octet_length(idempotency_key) <= 10000) not valid;
alter table billing_stars.ledger_entries add constraint ledger_entries_sized check (octet_length(account) <= 10000) not valid;
alter table billing_stars.charges add constraint charges_sized check (octet_length(provider) <= 10000 and octet_length(name) <= 10000 and octet_length(currency) <= 10000 and octet_length(amount_currency) <= 10000) not valid;
alter table billing_stars.claims add constraint claims_sized check (octet_length(kind) <= 10000 and octet_length(name) <= 10000 and octet_length(currency) <= 10000 and octet_length(state) <= 10000) not valid;
alter table billing_stars.payments add constraint payments_sized check (octet_length(kind) <= 10000 and octet_length(item) <= 10000 and octet_length(currency) <= 10000 and octet_length(state) <= 10000 and octet_length(provider) <= 10000 and octet_length(checkout_url) <= 10000 and octet_length(grant_source) <= 10000 and octet_length(ordered_by) <= 10000 and octet_length(paid_by) <= 10000) not valid;
alter table billing_stars.payment_events add constraint payment_events_sized check (octet_length(event_id) <= 10000 and octet_length(what) <= 10000) not valid;
alter table billing_stars.payment_references add constraint payment_references_sized check (octet_length(reference) <= 2000) not valid;
alter table billing_stars.subscriptions add constraint subscriptions_sized check (octet_length(plan) <= 10000 and octet_length(next_plan) <= 10000) not valid;
alter table billing_stars.prices add constraint prices_sized check (octet_length(action) <= 10000) not valid;
alter table billing_stars.wallets add constraint wallets_sized check (octet_length(state) <= 10000 and octet_length(standing) <= 10000 and octet_length(time_zone) <= 10000) not valid;
alter table billing_stars.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;
alter table billing_stars.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;
alter table billing_stars.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table billing_stars.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table billing_stars.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;
alter table billing_stars.inbox add constraint inbox_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;
alter table billing_stars.dead_letters add constraint dead_letters_sized check (octet_length(type) <= 10000 and octet_length(source) <= 10000 and octet_length(entity) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 1048576 and octet_length(reason) <= 10000) not valid;
alter table billing_stars.blocked_entities add constraint blocked_entities_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;
alter table billing_stars.event_positions add constraint event_positions_sized check (octet_length(source) <= 10000 and octet_length(mark) <= 10000) not valid;
alter table billing_stars.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;
