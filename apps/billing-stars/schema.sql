-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "billing_stars"."audit_entries" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "at" timestamptz not null,
  "actor" text not null,
  "action" text not null,
  "outcome" text not null,
  "subject" text null,
  "detail" jsonb not null,
  "request_id" text not null,
  "hash" text not null,
  primary key ("org_id", "id")
);
create index "audit_entries_org_id_actor_seq_index" on "billing_stars"."audit_entries" ("org_id", "actor", "seq");
alter table "billing_stars"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "billing_stars"."audit_heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "hash" text not null,
  primary key ("org_id", "id")
);

create table "billing_stars"."blocked_entities" (
  "org_id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "since" timestamptz(3) not null,
  "replay" boolean not null,
  primary key ("org_id", "source", "entity", "entity_id")
);
create index blocked_entities_in_turn on billing_stars.blocked_entities (org_id, replay desc, since);

create table "billing_stars"."caps" (
  "org_id" uuid not null,
  "id" uuid not null,
  "layer" text not null,
  "subject" text not null,
  "agent_id" uuid null,
  "person_id" uuid null,
  "stars" bigint null,
  "raise_to" bigint null,
  "raise_until" timestamptz(6) null,
  "version" int not null default 1,
  "changed_by" text not null,
  "changed_at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."caps" add constraint "caps_org_id_layer_subject_unique" unique ("org_id", "layer", "subject");
alter table "billing_stars"."caps" add constraint "caps_layer_check" check ("layer" in ('org_month', 'agent_day', 'user_agent_month'));

create table "billing_stars"."cap_counters" (
  "org_id" uuid not null,
  "id" uuid not null,
  "layer" text not null,
  "subject" text not null,
  "starts" date not null,
  "spent" bigint not null default '0',
  "held" bigint not null default '0',
  "overrun" bigint not null default '0',
  "allowed" bigint null,
  "warned" int not null default 0,
  primary key ("org_id", "id")
);
alter table "billing_stars"."cap_counters" add constraint "cap_counters_org_id_layer_starts_subject_unique" unique ("org_id", "layer", "starts", "subject");
alter table "billing_stars"."cap_counters" add constraint "cap_counters_layer_check" check ("layer" in ('org_month', 'agent_day', 'user_agent_month'));

create table "billing_stars"."charges" (
  "org_id" uuid not null,
  "id" uuid not null,
  "payment_id" uuid not null,
  "provider" text not null,
  "name" text not null,
  "cents" bigint null,
  "currency" text null,
  "amount" bigint null,
  "amount_currency" text null,
  "paid_at" timestamptz(6) null,
  "told_refunded" bigint not null default '0',
  "refunded" bigint not null default '0',
  "disputed" bigint not null default '0',
  "lost" bigint not null default '0',
  "noted_at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."charges" add constraint "charges_org_id_payment_id_provider_name_unique" unique ("org_id", "payment_id", "provider", "name");

create table "billing_stars"."claims" (
  "org_id" uuid not null,
  "id" uuid not null,
  "charge_id" uuid not null,
  "kind" text not null,
  "name" text not null,
  "amount" bigint not null,
  "currency" text not null,
  "state" text not null,
  "told_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."claims" add constraint "claims_org_id_charge_id_kind_name_unique" unique ("org_id", "charge_id", "kind", "name");
alter table "billing_stars"."claims" add constraint "claims_kind_check" check ("kind" in ('refund', 'dispute'));
alter table "billing_stars"."claims" add constraint "claims_state_check" check ("state" in ('given', 'failed', 'asked', 'open', 'won', 'lost'));

create table "billing_stars"."dead_letters" (
  "org_id" uuid not null,
  "id" uuid not null,
  "type" text not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "entity_version" bigint not null,
  "request_id" text not null,
  "trace" text null,
  "body" text not null,
  "reason" text not null,
  "at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "billing_stars"."event_positions" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "source" text not null,
  "mark" text not null,
  primary key ("realm", "id")
);
alter table "billing_stars"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "billing_stars"."grants" (
  "org_id" uuid not null,
  "id" uuid not null,
  "source" text not null,
  "compartment" text not null,
  "stars" bigint not null,
  "period" date not null,
  "granted_by" text not null,
  "granted_at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."grants" add constraint "grants_org_id_source_unique" unique ("org_id", "source");
alter table "billing_stars"."grants" add constraint "grants_compartment_check" check ("compartment" in ('monthly', 'package'));

create table "billing_stars"."holds" (
  "org_id" uuid not null,
  "id" uuid not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "state" text not null,
  "agent_id" uuid not null,
  "person_id" uuid null,
  "run_id" uuid not null,
  "actor" text not null,
  "price_version" int not null,
  "period" date not null,
  "day" date not null,
  "stars" bigint not null,
  "from_monthly" bigint not null,
  "from_package" bigint not null,
  "settled" bigint not null default '0',
  "paid_monthly" bigint not null default '0',
  "paid_package" bigint not null default '0',
  "overrun" bigint not null default '0',
  "created_at" timestamptz(6) not null,
  "answered_until" timestamptz(6) not null,
  "expires_at" timestamptz(6) not null,
  "ended_at" timestamptz(6) null,
  "given_back_at" timestamptz(6) null,
  primary key ("org_id", "id")
);
create index "holds_org_id_created_at_index" on "billing_stars"."holds" ("org_id", "created_at");
create index holds_open on billing_stars.holds (org_id, expires_at) where state = 'open';
alter table "billing_stars"."holds" add constraint "holds_org_id_idempotency_key_unique" unique ("org_id", "idempotency_key");
alter table "billing_stars"."holds" add constraint "holds_state_check" check ("state" in ('open', 'settled', 'released', 'expired'));

create table "billing_stars"."inbox" (
  "org_id" uuid not null,
  "id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "version" bigint not null,
  "at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "billing_stars"."ledger_entries" (
  "org_id" uuid not null,
  "id" uuid not null,
  "transaction_id" uuid not null,
  "account" text not null,
  "debit" bigint not null,
  "credit" bigint not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."ledger_entries" add constraint "ledger_entries_org_id_transaction_id_account_unique" unique ("org_id", "transaction_id", "account");
alter table "billing_stars"."ledger_entries" add constraint "ledger_entries_account_check" check ("account" in ('monthly', 'package', 'carried', 'overdraft', 'granted', 'used', 'expired'));

create table "billing_stars"."ledger_transactions" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "at" timestamptz(6) not null,
  "kind" text not null,
  "actor" text not null,
  "agent_id" uuid null,
  "person_id" uuid null,
  "run_id" uuid null,
  "price_version" int not null,
  "idempotency_key" text not null,
  "hold_id" uuid null,
  "grant_id" uuid null,
  "period" date not null,
  "day" date null,
  primary key ("org_id", "id")
);
create index "ledger_transactions_org_id_hold_id_index" on "billing_stars"."ledger_transactions" ("org_id", "hold_id");
alter table "billing_stars"."ledger_transactions" add constraint "ledger_transactions_org_id_seq_unique" unique ("org_id", "seq");
alter table "billing_stars"."ledger_transactions" add constraint "ledger_transactions_kind_check" check ("kind" in ('grant', 'reversal', 'reinstatement', 'repayment', 'charge', 'late_charge', 'hold_lapsed', 'period_end'));

create table "billing_stars"."org_commands" (
  "org_id" uuid not null,
  "id" uuid not null,
  "actor" text not null,
  "message_type" text not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "reply" text not null,
  "created_at" timestamptz not null default now(),
  primary key ("org_id", "id")
);
create index "org_commands_org_id_created_at_index" on "billing_stars"."org_commands" ("org_id", "created_at");
alter table "billing_stars"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "billing_stars"."outbox" (
  "org_id" uuid not null,
  "id" uuid not null,
  "type" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "entity_version" bigint not null,
  "actor" text not null,
  "person_id" uuid null,
  "request_id" text not null,
  "trace" text null,
  "body" text not null,
  "created_at" timestamptz(3) not null,
  "written_in" bigint not null,
  "published_at" timestamptz(3) null,
  "refused" text null,
  primary key ("org_id", "id")
);
create index outbox_unpublished on billing_stars.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on billing_stars.outbox (written_in, id);
create index outbox_of_org on billing_stars.outbox (org_id, written_in, id);
alter table "billing_stars"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "billing_stars"."overpayments" (
  "org_id" uuid not null,
  "payment_id" uuid not null,
  "noted_at" timestamptz(6) not null,
  primary key ("org_id", "payment_id")
);

create table "billing_stars"."payments" (
  "org_id" uuid not null,
  "id" uuid not null,
  "kind" text not null,
  "item" text not null,
  "stars" bigint not null,
  "cents" bigint not null,
  "currency" text not null,
  "plan_stars" bigint null,
  "plan_cents" bigint null,
  "state" text not null,
  "provider" text null,
  "checkout_url" text null,
  "checkout_until" timestamptz(3) null,
  "grant_source" text not null,
  "period" date not null,
  "ordered_by" text not null,
  "ordered_at" timestamptz(6) not null,
  "paid_by" text null,
  "paid_at" timestamptz(6) null,
  "paid_cents" bigint not null default '0',
  "refunded_cents" bigint not null default '0',
  "disputed_cents" bigint not null default '0',
  "refunded_stars" bigint not null default '0',
  "taken_monthly" bigint not null default '0',
  "taken_package" bigint not null default '0',
  primary key ("org_id", "id")
);
alter table "billing_stars"."payments" add constraint "payments_org_id_grant_source_unique" unique ("org_id", "grant_source");
alter table "billing_stars"."payments" add constraint "payments_kind_check" check ("kind" in ('pack', 'plan', 'renewal'));
alter table "billing_stars"."payments" add constraint "payments_state_check" check ("state" in ('open', 'paid', 'disputed', 'refunded', 'void'));

create table "billing_stars"."payment_events" (
  "org_id" uuid not null,
  "id" uuid not null,
  "event_id" text not null,
  "payment_id" uuid not null,
  "what" text not null,
  "at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."payment_events" add constraint "payment_events_org_id_event_id_unique" unique ("org_id", "event_id");
alter table "billing_stars"."payment_events" add constraint "payment_events_what_check" check ("what" in ('paid', 'refunded', 'refund', 'dispute'));

create table "billing_stars"."payment_references" (
  "reference" text not null,
  "org_id" uuid not null,
  "payment_id" uuid not null,
  "noted_at" timestamptz(6) not null,
  primary key ("reference", "org_id")
);

create table "billing_stars"."person_commands" (
  "user_id" uuid not null,
  "id" uuid not null,
  "actor" text not null,
  "message_type" text not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "reply" text not null,
  "created_at" timestamptz not null default now(),
  primary key ("user_id", "id")
);
create index "person_commands_user_id_created_at_index" on "billing_stars"."person_commands" ("user_id", "created_at");
alter table "billing_stars"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "billing_stars"."platform_commands" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "actor" text not null,
  "message_type" text not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "reply" text not null,
  "created_at" timestamptz not null default now(),
  primary key ("realm", "id")
);
create index "platform_commands_realm_created_at_index" on "billing_stars"."platform_commands" ("realm", "created_at");
alter table "billing_stars"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "billing_stars"."prices" (
  "org_id" uuid not null,
  "id" uuid not null,
  "version" int not null,
  "action" text not null,
  "stars" bigint not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."prices" add constraint "prices_org_id_version_action_unique" unique ("org_id", "version", "action");

create table "billing_stars"."price_versions" (
  "org_id" uuid not null,
  "id" uuid not null,
  "version" int not null,
  "starts_on" date not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."price_versions" add constraint "price_versions_org_id_version_unique" unique ("org_id", "version");

create table "billing_stars"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

create table "billing_stars"."reversals" (
  "org_id" uuid not null,
  "id" uuid not null,
  "source" text not null,
  "grant_id" uuid not null,
  "stars" bigint not null,
  "reversed_by" text not null,
  "reversed_at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
create index "reversals_org_id_grant_id_index" on "billing_stars"."reversals" ("org_id", "grant_id");
alter table "billing_stars"."reversals" add constraint "reversals_org_id_source_unique" unique ("org_id", "source");

create table "billing_stars"."subscriptions" (
  "org_id" uuid not null,
  "id" uuid not null,
  "plan" text null,
  "stars" bigint not null default '0',
  "cents" bigint not null default '0',
  "since" date null,
  "changes" boolean not null default false,
  "next_plan" text null,
  "next_stars" bigint not null default '0',
  "next_cents" bigint not null default '0',
  "payment_id" uuid null,
  primary key ("org_id", "id")
);

create table "billing_stars"."wallets" (
  "org_id" uuid not null,
  "id" uuid not null,
  "monthly_balance" bigint not null default '0',
  "package_balance" bigint not null default '0',
  "monthly_held" bigint not null default '0',
  "package_held" bigint not null default '0',
  "carried" bigint not null default '0',
  "overdraft" bigint not null default '0',
  "state" text not null,
  "standing" text not null default 'open',
  "time_zone" text not null,
  "period" date not null,
  "day" date not null,
  "moment" timestamptz(6) not null,
  "due_at" timestamptz(6) null,
  "allotted" bigint not null default '0',
  "warned" int not null default 0,
  "warn_at" bigint not null default '-1',
  "price_version" int not null,
  "ledger_seq" bigint not null default '0',
  "opened_at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
alter table "billing_stars"."wallets" add constraint "wallets_state_check" check ("state" in ('active', 'owing'));
alter table "billing_stars"."wallets" add constraint "wallets_standing_check" check ("standing" in ('open', 'suspended', 'closed'));

create table "billing_stars"."wallet_watch" (
  "org_id" uuid not null,
  "due_at" timestamptz(6) not null,
  primary key ("org_id")
);
create index wallet_watch_due on billing_stars.wallet_watch (due_at);

create table "billing_stars"."warnings" (
  "org_id" uuid not null,
  "id" uuid not null,
  "layer" text not null,
  "subject" text not null,
  "starts" date not null,
  "threshold" int not null,
  "agent_id" uuid null,
  "person_id" uuid null,
  "stars" bigint not null,
  "used" bigint not null,
  "at" timestamptz(6) not null,
  primary key ("org_id", "id")
);
create index "warnings_org_id_starts_at_index" on "billing_stars"."warnings" ("org_id", "starts", "at");
alter table "billing_stars"."warnings" add constraint "warnings_org_id_layer_starts_subject_threshold_unique" unique ("org_id", "layer", "starts", "subject", "threshold");
alter table "billing_stars"."warnings" add constraint "warnings_layer_check" check ("layer" in ('wallet', 'org_month', 'agent_day', 'user_agent_month'));

alter table billing_stars.reversals add constraint reversals_grant foreign key (org_id, grant_id) references billing_stars.grants (org_id, id);

alter table billing_stars.holds add constraint holds_price foreign key (org_id, price_version) references billing_stars.price_versions (org_id, version);

alter table billing_stars.ledger_entries add constraint ledger_entries_transaction foreign key (org_id, transaction_id) references billing_stars.ledger_transactions (org_id, id);

alter table billing_stars.subscriptions add constraint subscriptions_payment foreign key (org_id, payment_id) references billing_stars.payments (org_id, id);

alter table billing_stars.payment_events add constraint payment_events_payment foreign key (org_id, payment_id) references billing_stars.payments (org_id, id);

alter table billing_stars.charges add constraint charges_payment foreign key (org_id, payment_id) references billing_stars.payments (org_id, id);

alter table billing_stars.claims add constraint claims_charge foreign key (org_id, charge_id) references billing_stars.charges (org_id, id);

alter table "billing_stars"."audit_entries" enable row level security;
alter table "billing_stars"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "billing_stars"."audit_heads" enable row level security;
alter table "billing_stars"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "billing_stars"."blocked_entities" enable row level security;
alter table "billing_stars"."blocked_entities" force row level security;
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."blocked_entities" to "billing_stars_owner" using (true) with check (true);
alter table "billing_stars"."caps" enable row level security;
alter table "billing_stars"."caps" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."caps" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."caps" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."caps" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."caps" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."caps" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."cap_counters" enable row level security;
alter table "billing_stars"."cap_counters" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."cap_counters" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."cap_counters" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."cap_counters" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."cap_counters" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."cap_counters" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."charges" enable row level security;
alter table "billing_stars"."charges" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."charges" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."charges" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."charges" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."charges" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."charges" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."claims" enable row level security;
alter table "billing_stars"."claims" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."claims" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."claims" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."claims" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."claims" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."claims" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."dead_letters" enable row level security;
alter table "billing_stars"."dead_letters" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."dead_letters" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."dead_letters" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "billing_stars"."event_positions" enable row level security;
alter table "billing_stars"."event_positions" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."event_positions" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "billing_stars"."event_positions" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "billing_stars"."grants" enable row level security;
alter table "billing_stars"."grants" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."grants" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."grants" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."grants" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."grants" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."grants" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."holds" enable row level security;
alter table "billing_stars"."holds" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."holds" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."holds" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."holds" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."holds" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."holds" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."inbox" enable row level security;
alter table "billing_stars"."inbox" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."inbox" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."inbox" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "billing_stars"."ledger_entries" enable row level security;
alter table "billing_stars"."ledger_entries" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."ledger_entries" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."ledger_entries" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."ledger_entries" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."ledger_entries" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."ledger_entries" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."ledger_transactions" enable row level security;
alter table "billing_stars"."ledger_transactions" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."ledger_transactions" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."ledger_transactions" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."ledger_transactions" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."ledger_transactions" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."ledger_transactions" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."org_commands" enable row level security;
alter table "billing_stars"."org_commands" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "billing_stars"."outbox" enable row level security;
alter table "billing_stars"."outbox" force row level security;
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."outbox" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."outbox" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_relay" on "billing_stars"."outbox" to "billing_stars_relay" using (true) with check (true);
alter table "billing_stars"."overpayments" enable row level security;
alter table "billing_stars"."overpayments" force row level security;
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."overpayments" to "billing_stars_owner" using (true) with check (true);
alter table "billing_stars"."payments" enable row level security;
alter table "billing_stars"."payments" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."payments" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."payments" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."payments" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."payments" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."payments" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."payment_events" enable row level security;
alter table "billing_stars"."payment_events" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."payment_events" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."payment_events" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."payment_events" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."payment_events" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."payment_events" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."payment_references" enable row level security;
alter table "billing_stars"."payment_references" force row level security;
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."payment_references" to "billing_stars_owner" using (true) with check (true);
alter table "billing_stars"."person_commands" enable row level security;
alter table "billing_stars"."person_commands" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "billing_stars"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "billing_stars"."platform_commands" enable row level security;
alter table "billing_stars"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "billing_stars"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "billing_stars"."prices" enable row level security;
alter table "billing_stars"."prices" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."prices" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."prices" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."prices" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."prices" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."prices" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."price_versions" enable row level security;
alter table "billing_stars"."price_versions" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."price_versions" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."price_versions" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."price_versions" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."price_versions" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."price_versions" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."purge_receipts" enable row level security;
alter table "billing_stars"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "billing_stars"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "billing_stars"."reversals" enable row level security;
alter table "billing_stars"."reversals" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."reversals" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."reversals" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."reversals" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."reversals" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."reversals" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."subscriptions" enable row level security;
alter table "billing_stars"."subscriptions" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."subscriptions" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."subscriptions" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."subscriptions" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."subscriptions" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."subscriptions" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."wallets" enable row level security;
alter table "billing_stars"."wallets" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."wallets" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."wallets" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."wallets" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."wallets" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."wallets" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."wallet_watch" enable row level security;
alter table "billing_stars"."wallet_watch" force row level security;
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."wallet_watch" to "billing_stars_owner" using (true) with check (true);
alter table "billing_stars"."warnings" enable row level security;
alter table "billing_stars"."warnings" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."warnings" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."warnings" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."warnings" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."warnings" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."warnings" for select to "billing_stars_checker" using (true);

alter table billing_stars.wallets add constraint wallets_one check (id = org_id);

alter table billing_stars.wallets add constraint wallets_monthly check (monthly_held >= 0 and monthly_held <= monthly_balance);

alter table billing_stars.wallets add constraint wallets_package check (package_held >= 0 and package_held <= package_balance);

alter table billing_stars.wallets add constraint wallets_rest check (carried >= 0 and overdraft >= 0 and (state = 'owing') = (overdraft > 0));

alter table billing_stars.wallets add constraint wallets_time check (period = date_trunc('month', day::timestamp)::date);

alter table billing_stars.cap_counters add constraint cap_counters_kept check (held >= 0 and overrun >= 0 and spent >= overrun and (allowed is null or spent - overrun + held <= allowed));

alter table billing_stars.caps add constraint caps_raise check ((raise_to is null) = (raise_until is null));

alter table billing_stars.holds add constraint holds_split check (stars > 0 and from_monthly >= 0 and from_package >= 0 and from_monthly + from_package = stars);

alter table billing_stars.holds add constraint holds_settled check (settled >= 0 and overrun >= 0 and overrun <= settled and (settled > 0) = (state = 'settled') and (ended_at is null) = (state = 'open'));

alter table billing_stars.ledger_entries add constraint ledger_entries_one_side check (debit >= 0 and credit >= 0 and (debit > 0) <> (credit > 0));

alter table billing_stars.subscriptions add constraint subscriptions_one check (id = org_id);

alter table billing_stars.subscriptions add constraint subscriptions_terms check (stars >= 0 and cents >= 0 and (plan is null) = (stars = 0) and (since is null) = (plan is null));

alter table billing_stars.subscriptions add constraint subscriptions_paid check (plan is not null or payment_id is null);

alter table billing_stars.subscriptions add constraint subscriptions_next check (next_stars >= 0 and next_cents >= 0 and (next_plan is null) = (next_stars = 0) and (changes or next_plan is null));

alter table billing_stars.payments add constraint payments_amounts check (stars > 0 and cents > 0 and paid_cents >= 0 and refunded_cents >= 0 and disputed_cents >= 0 and refunded_cents + disputed_cents <= paid_cents);

alter table billing_stars.payments add constraint payments_taken check (refunded_stars between 0 and stars and taken_monthly >= 0 and taken_package >= 0 and taken_monthly + taken_package <= refunded_stars);

alter table billing_stars.payments add constraint payments_plan check ((kind = 'plan') = (plan_stars is not null) and (plan_stars is null) = (plan_cents is null));

alter table billing_stars.payments add constraint payments_paid check ((state in ('paid', 'disputed', 'refunded')) = (paid_at is not null) and (paid_at is null) = (paid_by is null));

alter table billing_stars.charges add constraint charges_amounts check (told_refunded >= 0 and refunded >= 0 and disputed >= 0 and lost >= 0 and cents >= 0 and amount > 0 and refunded + disputed + lost <= coalesce(amount, 0));

alter table billing_stars.charges add constraint charges_paid check (num_nulls(paid_at, cents, currency, amount, amount_currency) in (0, 5));

alter table billing_stars.claims add constraint claims_amount check (amount > 0);

alter table billing_stars.inbox add constraint inbox_version check (version > 0);

alter table billing_stars.wallets add constraint wallets_sized check (octet_length(state) <= 10000 and octet_length(standing) <= 10000 and octet_length(time_zone) <= 10000) not valid;

alter table billing_stars.grants add constraint grants_sized check (octet_length(source) <= 10000 and octet_length(compartment) <= 10000 and octet_length(granted_by) <= 10000) not valid;

alter table billing_stars.reversals add constraint reversals_sized check (octet_length(source) <= 10000 and octet_length(reversed_by) <= 10000) not valid;

alter table billing_stars.caps add constraint caps_sized check (octet_length(layer) <= 10000 and octet_length(subject) <= 10000 and octet_length(changed_by) <= 10000) not valid;

alter table billing_stars.cap_counters add constraint cap_counters_sized check (octet_length(layer) <= 10000 and octet_length(subject) <= 10000) not valid;

alter table billing_stars.holds add constraint holds_sized check (octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(state) <= 10000 and octet_length(actor) <= 10000) not valid;

alter table billing_stars.ledger_transactions add constraint ledger_transactions_sized check (octet_length(kind) <= 10000 and octet_length(actor) <= 10000 and octet_length(idempotency_key) <= 10000) not valid;

alter table billing_stars.ledger_entries add constraint ledger_entries_sized check (octet_length(account) <= 10000) not valid;

alter table billing_stars.prices add constraint prices_sized check (octet_length(action) <= 10000) not valid;

alter table billing_stars.warnings add constraint warnings_sized check (octet_length(layer) <= 10000 and octet_length(subject) <= 10000) not valid;

alter table billing_stars.subscriptions add constraint subscriptions_sized check (octet_length(plan) <= 10000 and octet_length(next_plan) <= 10000) not valid;

alter table billing_stars.payments add constraint payments_sized check (octet_length(kind) <= 10000 and octet_length(item) <= 10000 and octet_length(currency) <= 10000 and octet_length(state) <= 10000 and octet_length(provider) <= 10000 and octet_length(checkout_url) <= 10000 and octet_length(grant_source) <= 10000 and octet_length(ordered_by) <= 10000 and octet_length(paid_by) <= 10000) not valid;

alter table billing_stars.payment_events add constraint payment_events_sized check (octet_length(event_id) <= 10000 and octet_length(what) <= 10000) not valid;

alter table billing_stars.payment_references add constraint payment_references_sized check (octet_length(reference) <= 2000) not valid;

alter table billing_stars.charges add constraint charges_sized check (octet_length(provider) <= 10000 and octet_length(name) <= 10000 and octet_length(currency) <= 10000 and octet_length(amount_currency) <= 10000) not valid;

alter table billing_stars.claims add constraint claims_sized check (octet_length(kind) <= 10000 and octet_length(name) <= 10000 and octet_length(currency) <= 10000 and octet_length(state) <= 10000) not valid;

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

alter table billing_stars.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select on billing_stars.wallets to billing_stars_app;

grant select on billing_stars.wallets to billing_stars_checker;

grant select on billing_stars.grants to billing_stars_app;

grant select on billing_stars.grants to billing_stars_checker;

grant select on billing_stars.reversals to billing_stars_app;

grant select on billing_stars.reversals to billing_stars_checker;

grant select on billing_stars.caps to billing_stars_app;

grant select on billing_stars.caps to billing_stars_checker;

grant select on billing_stars.cap_counters to billing_stars_app;

grant select on billing_stars.cap_counters to billing_stars_checker;

grant select on billing_stars.holds to billing_stars_app;

grant select on billing_stars.holds to billing_stars_checker;

grant select on billing_stars.ledger_transactions to billing_stars_app;

grant select on billing_stars.ledger_transactions to billing_stars_checker;

grant select on billing_stars.ledger_entries to billing_stars_app;

grant select on billing_stars.ledger_entries to billing_stars_checker;

grant select on billing_stars.price_versions to billing_stars_app;

grant select on billing_stars.price_versions to billing_stars_checker;

grant select on billing_stars.prices to billing_stars_app;

grant select on billing_stars.prices to billing_stars_checker;

grant select on billing_stars.warnings to billing_stars_app;

grant select on billing_stars.warnings to billing_stars_checker;

grant select on billing_stars.subscriptions to billing_stars_app;

grant select on billing_stars.subscriptions to billing_stars_checker;

grant select on billing_stars.payments to billing_stars_app;

grant select on billing_stars.payments to billing_stars_checker;

grant select on billing_stars.payment_events to billing_stars_app;

grant select on billing_stars.payment_events to billing_stars_checker;

grant select on billing_stars.charges to billing_stars_app;

grant select on billing_stars.charges to billing_stars_checker;

grant select on billing_stars.claims to billing_stars_app;

grant select on billing_stars.claims to billing_stars_checker;

grant select on billing_stars.audit_entries to billing_stars_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on billing_stars.org_commands to billing_stars_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on billing_stars.person_commands to billing_stars_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on billing_stars.platform_commands to billing_stars_app;

grant select on billing_stars.inbox to billing_stars_app;

grant select on billing_stars.dead_letters to billing_stars_app;

grant select, insert, update (source, mark) on billing_stars.event_positions to billing_stars_app;

grant select, update (published_at, refused) on billing_stars.outbox to billing_stars_relay;

grant select on billing_stars.purge_receipts to billing_stars_app;
