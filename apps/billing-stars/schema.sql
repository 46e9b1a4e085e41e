create table "billing_stars"."audit_entries" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "at" timestamptz not null, "actor" text not null, "action" text not null, "outcome" text not null, "subject" text null, "detail" jsonb not null, "request_id" text not null, "hash" text not null, primary key ("org_id", "id"));
create index "audit_entries_org_id_actor_seq_index" on "billing_stars"."audit_entries" ("org_id", "actor", "seq");
alter table "billing_stars"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "billing_stars"."audit_heads" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "hash" text not null, primary key ("org_id", "id"));

create table "billing_stars"."blocked_entities" ("org_id" uuid not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "since" timestamptz(3) not null, "replay" boolean not null, primary key ("org_id", "source", "entity", "entity_id"));
create index blocked_entities_in_turn on billing_stars.blocked_entities (org_id, replay desc, since);

create table "billing_stars"."caps" ("org_id" uuid not null, "id" uuid not null, "layer" text not null, "subject" text not null, "agent_id" uuid null, "person_id" uuid null, "stars" bigint null, "raise_to" bigint null, "raise_until" timestamptz(6) null, "version" int not null default 1, "changed_by" text not null, "changed_at" timestamptz(6) not null, primary key ("org_id", "id"));
alter table "billing_stars"."caps" add constraint "caps_org_id_layer_subject_unique" unique ("org_id", "layer", "subject");
alter table "billing_stars"."caps" add constraint "caps_layer_check" check ("layer" in ('org_month', 'agent_day', 'user_agent_month'));

create table "billing_stars"."cap_counters" ("org_id" uuid not null, "id" uuid not null, "layer" text not null, "subject" text not null, "starts" date not null, "spent" bigint not null default '0', "held" bigint not null default '0', "overrun" bigint not null default '0', "allowed" bigint null, "warned" int not null default 0, primary key ("org_id", "id"));
alter table "billing_stars"."cap_counters" add constraint "cap_counters_org_id_layer_starts_subject_unique" unique ("org_id", "layer", "starts", "subject");
alter table "billing_stars"."cap_counters" add constraint "cap_counters_layer_check" check ("layer" in ('org_month', 'agent_day', 'user_agent_month'));

create table "billing_stars"."charges" ("org_id" uuid not null, "id" uuid not null, "payment_id" uuid not null, "provider" text not null, "name" text not null, "cents" bigint null, "currency" text null, "amount" bigint null, "amount_currency" text null, "paid_at" timestamptz(6) null, "told_refunded" bigint not null default '0', "refunded" bigint not null default '0', "disputed" bigint not null default '0', "lost" bigint not null default '0', "noted_at" timestamptz(6) not null, primary key ("org_id", "id"));
alter table "billing_stars"."charges" add constraint "charges_org_id_payment_id_provider_name_unique" unique ("org_id", "payment_id", "provider", "name");

create table "billing_stars"."claims" ("org_id" uuid not null, "id" uuid not null, "charge_id" uuid not null, "kind" text not null, "name" text not null, "amount" bigint not null, "currency" text not null, "state" text not null, "told_at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "billing_stars"."claims" add constraint "claims_org_id_charge_id_kind_name_unique" unique ("org_id", "charge_id", "kind", "name");
alter table "billing_stars"."claims" add constraint "claims_kind_check" check ("kind" in ('refund', 'dispute'));
alter table "billing_stars"."claims" add constraint "claims_state_check" check ("state" in ('given', 'failed', 'asked', 'open', 'won', 'lost'));

create table "billing_stars"."dead_letters" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "request_id" text not null, "trace" text null, "body" text not null, "reason" text not null, "at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "billing_stars"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "billing_stars"."event_positions" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "source" text not null, "mark" text not null, primary key ("realm", "id"));
alter table "billing_stars"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "billing_stars"."grants" ("org_id" uuid not null, "id" uuid not null, "source" text not null, "compartment" text not null, "stars" bigint not null, "period" date not null, "granted_by" text not null, "granted_at" timestamptz(6) not null, primary key ("org_id", "id"));
alter table "billing_stars"."grants" add constraint "grants_org_id_source_unique" unique ("org_id", "source");
alter table "billing_stars"."grants" add constraint "grants_compartment_check" check ("compartment" in ('monthly', 'package'));

create table "billing_stars"."holds" ("org_id" uuid not null, "id" uuid not null, "idempotency_key" text not null, "request_hash" text not null, "state" text not null, "agent_id" uuid not null, "person_id" uuid null, "run_id" uuid not null, "actor" text not null, "price_version" int not null, "period" date not null, "day" date not null, "stars" bigint not null, "from_monthly" bigint not null, "from_package" bigint not null, "settled" bigint not null default '0', "paid_monthly" bigint not null default '0', "paid_package" bigint not null default '0', "overrun" bigint not null default '0', "created_at" timestamptz(6) not null, "answered_until" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "ended_at" timestamptz(6) null, primary key ("org_id", "id"));
create index "holds_org_id_created_at_index" on "billing_stars"."holds" ("org_id", "created_at");
create index holds_open on billing_stars.holds (org_id, expires_at) where state = 'open';
alter table "billing_stars"."holds" add constraint "holds_org_id_idempotency_key_unique" unique ("org_id", "idempotency_key");
alter table "billing_stars"."holds" add constraint "holds_state_check" check ("state" in ('open', 'settled', 'released', 'expired'));

create table "billing_stars"."inbox" ("org_id" uuid not null, "id" uuid not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "version" bigint not null, "at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "billing_stars"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "billing_stars"."ledger_entries" ("org_id" uuid not null, "id" uuid not null, "transaction_id" uuid not null, "account" text not null, "debit" bigint not null, "credit" bigint not null, primary key ("org_id", "id"));
alter table "billing_stars"."ledger_entries" add constraint "ledger_entries_org_id_transaction_id_account_unique" unique ("org_id", "transaction_id", "account");
alter table "billing_stars"."ledger_entries" add constraint "ledger_entries_account_check" check ("account" in ('monthly', 'package', 'carried', 'overdraft', 'granted', 'used', 'expired'));

create table "billing_stars"."ledger_transactions" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "at" timestamptz(6) not null, "kind" text not null, "actor" text not null, "agent_id" uuid null, "person_id" uuid null, "run_id" uuid null, "price_version" int not null, "idempotency_key" text not null, "hold_id" uuid null, "grant_id" uuid null, "period" date not null, "day" date null, primary key ("org_id", "id"));
create index "ledger_transactions_org_id_hold_id_index" on "billing_stars"."ledger_transactions" ("org_id", "hold_id");
alter table "billing_stars"."ledger_transactions" add constraint "ledger_transactions_org_id_seq_unique" unique ("org_id", "seq");
alter table "billing_stars"."ledger_transactions" add constraint "ledger_transactions_kind_check" check ("kind" in ('grant', 'reversal', 'reinstatement', 'repayment', 'charge', 'late_charge', 'hold_lapsed', 'period_end'));

create table "billing_stars"."org_commands" ("org_id" uuid not null, "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("org_id", "id"));
create index "org_commands_org_id_created_at_index" on "billing_stars"."org_commands" ("org_id", "created_at");
alter table "billing_stars"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "billing_stars"."outbox" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "actor" text not null, "person_id" uuid null, "request_id" text not null, "trace" text null, "body" text not null, "created_at" timestamptz(3) not null, "written_in" bigint not null, "published_at" timestamptz(3) null, "refused" text null, primary key ("org_id", "id"));
create index outbox_unpublished on billing_stars.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on billing_stars.outbox (written_in, id);
create index outbox_of_org on billing_stars.outbox (org_id, written_in, id);
alter table "billing_stars"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "billing_stars"."overpayments" ("org_id" uuid not null, "payment_id" uuid not null, "noted_at" timestamptz(6) not null, primary key ("org_id", "payment_id"));

create table "billing_stars"."payments" ("org_id" uuid not null, "id" uuid not null, "kind" text not null, "item" text not null, "stars" bigint not null, "cents" bigint not null, "currency" text not null, "plan_stars" bigint null, "plan_cents" bigint null, "state" text not null, "provider" text null, "checkout_url" text null, "checkout_until" timestamptz(3) null, "grant_source" text not null, "period" date not null, "ordered_by" text not null, "ordered_at" timestamptz(6) not null, "paid_by" text null, "paid_at" timestamptz(6) null, "paid_cents" bigint not null default '0', "refunded_cents" bigint not null default '0', "disputed_cents" bigint not null default '0', "refunded_stars" bigint not null default '0', "taken_monthly" bigint not null default '0', "taken_package" bigint not null default '0', "ended_plan" boolean not null default false, primary key ("org_id", "id"));
alter table "billing_stars"."payments" add constraint "payments_org_id_grant_source_unique" unique ("org_id", "grant_source");
alter table "billing_stars"."payments" add constraint "payments_kind_check" check ("kind" in ('pack', 'plan', 'renewal'));
alter table "billing_stars"."payments" add constraint "payments_state_check" check ("state" in ('open', 'paid', 'disputed', 'refunded', 'void'));

create table "billing_stars"."payment_events" ("org_id" uuid not null, "id" uuid not null, "event_id" text not null, "payment_id" uuid not null, "what" text not null, "at" timestamptz(6) not null, primary key ("org_id", "id"));
alter table "billing_stars"."payment_events" add constraint "payment_events_org_id_event_id_unique" unique ("org_id", "event_id");
alter table "billing_stars"."payment_events" add constraint "payment_events_what_check" check ("what" in ('paid', 'refunded', 'refund', 'dispute'));

create table "billing_stars"."payment_references" ("reference" text not null, "org_id" uuid not null, "payment_id" uuid not null, "noted_at" timestamptz(6) not null, primary key ("reference", "org_id"));

create table "billing_stars"."person_commands" ("user_id" uuid not null, "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("user_id", "id"));
create index "person_commands_user_id_created_at_index" on "billing_stars"."person_commands" ("user_id", "created_at");
alter table "billing_stars"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "billing_stars"."platform_commands" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("realm", "id"));
create index "platform_commands_realm_created_at_index" on "billing_stars"."platform_commands" ("realm", "created_at");
alter table "billing_stars"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "billing_stars"."prices" ("org_id" uuid not null, "id" uuid not null, "version" int not null, "action" text not null, "stars" bigint not null, primary key ("org_id", "id"));
alter table "billing_stars"."prices" add constraint "prices_org_id_version_action_unique" unique ("org_id", "version", "action");

create table "billing_stars"."price_versions" ("org_id" uuid not null, "id" uuid not null, "version" int not null, "starts_on" date not null, primary key ("org_id", "id"));
alter table "billing_stars"."price_versions" add constraint "price_versions_org_id_version_unique" unique ("org_id", "version");

create table "billing_stars"."reversals" ("org_id" uuid not null, "id" uuid not null, "source" text not null, "grant_id" uuid not null, "stars" bigint not null, "reversed_by" text not null, "reversed_at" timestamptz(6) not null, primary key ("org_id", "id"));
create index "reversals_org_id_grant_id_index" on "billing_stars"."reversals" ("org_id", "grant_id");
alter table "billing_stars"."reversals" add constraint "reversals_org_id_source_unique" unique ("org_id", "source");

create table "billing_stars"."subscriptions" ("org_id" uuid not null, "id" uuid not null, "plan" text null, "stars" bigint not null default '0', "cents" bigint not null default '0', "since" date null, "changes" boolean not null default false, "next_plan" text null, "next_stars" bigint not null default '0', "next_cents" bigint not null default '0', primary key ("org_id", "id"));

create table "billing_stars"."wallets" ("org_id" uuid not null, "id" uuid not null, "monthly_balance" bigint not null default '0', "package_balance" bigint not null default '0', "monthly_held" bigint not null default '0', "package_held" bigint not null default '0', "carried" bigint not null default '0', "overdraft" bigint not null default '0', "state" text not null, "standing" text not null default 'open', "time_zone" text not null, "period" date not null, "day" date not null, "moment" timestamptz(6) not null, "due_at" timestamptz(6) null, "allotted" bigint not null default '0', "warned" int not null default 0, "warn_at" bigint not null default '-1', "price_version" int not null, "ledger_seq" bigint not null default '0', "opened_at" timestamptz(6) not null, primary key ("org_id", "id"));
alter table "billing_stars"."wallets" add constraint "wallets_state_check" check ("state" in ('active', 'owing'));
alter table "billing_stars"."wallets" add constraint "wallets_standing_check" check ("standing" in ('open', 'suspended', 'closed'));

create table "billing_stars"."wallet_watch" ("org_id" uuid not null, "due_at" timestamptz(6) not null, primary key ("org_id"));
create index wallet_watch_due on billing_stars.wallet_watch (due_at);

create table "billing_stars"."warnings" ("org_id" uuid not null, "id" uuid not null, "layer" text not null, "subject" text not null, "starts" date not null, "threshold" int not null, "agent_id" uuid null, "person_id" uuid null, "stars" bigint not null, "used" bigint not null, "at" timestamptz(6) not null, primary key ("org_id", "id"));
create index "warnings_org_id_starts_at_index" on "billing_stars"."warnings" ("org_id", "starts", "at");
alter table "billing_stars"."warnings" add constraint "warnings_org_id_layer_starts_subject_threshold_unique" unique ("org_id", "layer", "starts", "subject", "threshold");
alter table "billing_stars"."warnings" add constraint "warnings_layer_check" check ("layer" in ('wallet', 'org_month', 'agent_day', 'user_agent_month'));

alter table billing_stars.reversals add constraint reversals_grant foreign key (org_id, grant_id) references billing_stars.grants (org_id, id);

alter table billing_stars.holds add constraint holds_price foreign key (org_id, price_version) references billing_stars.price_versions (org_id, version);

alter table billing_stars.ledger_entries add constraint ledger_entries_transaction foreign key (org_id, transaction_id) references billing_stars.ledger_transactions (org_id, id);

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

alter table billing_stars.subscriptions add constraint subscriptions_next check (next_stars >= 0 and next_cents >= 0 and (next_plan is null) = (next_stars = 0) and (changes or next_plan is null));

alter table billing_stars.payments add constraint payments_amounts check (stars > 0 and cents > 0 and paid_cents >= 0 and refunded_cents >= 0 and disputed_cents >= 0 and refunded_cents + disputed_cents <= paid_cents);

alter table billing_stars.payments add constraint payments_taken check (refunded_stars between 0 and stars and taken_monthly >= 0 and taken_package >= 0 and taken_monthly + taken_package <= refunded_stars);

alter table billing_stars.payments add constraint payments_plan check ((kind = 'plan') = (plan_stars is not null) and (plan_stars is null) = (plan_cents is null));

alter table billing_stars.payments add constraint payments_paid check ((state in ('paid', 'disputed', 'refunded')) = (paid_at is not null) and (paid_at is null) = (paid_by is null));

alter table billing_stars.charges add constraint charges_amounts check (told_refunded >= 0 and refunded >= 0 and disputed >= 0 and lost >= 0 and cents >= 0 and amount > 0 and refunded + disputed + lost <= coalesce(amount, 0));

alter table billing_stars.charges add constraint charges_paid check (num_nulls(paid_at, cents, currency, amount, amount_currency) in (0, 5));

alter table billing_stars.claims add constraint claims_amount check (amount > 0);

create function billing_stars.append_audit(entry_id uuid, actor text, action text, outcome text, subject text, detail jsonb, request_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  head billing_stars.audit_heads;
  moment timestamptz := clock_timestamp();
  link text;
begin
  actor := tenancy.acting(actor);
  select * into head from billing_stars.audit_heads h where h.org_id = org and h.id = org for update;
  if not found then
    insert into billing_stars.audit_heads (org_id, id, seq, hash) values (org, org, 0, repeat('0', 64)) on conflict do nothing;
    select * into strict head from billing_stars.audit_heads h where h.org_id = org and h.id = org for update;
  end if;
  link := encode(sha256(convert_to(jsonb_build_array(head.hash, org, head.seq + 1, extract(epoch from moment)::text,
    actor, action, outcome, subject, detail, request_id)::text, 'UTF8')), 'hex');
  insert into billing_stars.audit_entries (org_id, id, seq, at, actor, action, outcome, subject, detail, request_id, hash)
    values (org, entry_id, head.seq + 1, moment, actor, action, outcome, subject, detail, request_id, link);
  update billing_stars.audit_heads h set seq = head.seq + 1, hash = link where h.org_id = org and h.id = org;
end $$;
revoke all on function billing_stars.append_audit from public;
grant execute on function billing_stars.append_audit to billing_stars_app;

alter table billing_stars.inbox add constraint inbox_version check (version > 0);

create function billing_stars.take_turn(of_source text, of_entity text, of_id uuid, of_version bigint) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  if not exists (select from billing_stars.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id) then
    if of_version = 1 then
      insert into billing_stars.inbox (org_id, id, source, entity, entity_id, version, at)
        values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
        on conflict (org_id, source, entity, entity_id) do nothing;
    else
      update billing_stars.inbox d set version = of_version, at = now() where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and d.version = of_version - 1;
    end if;
    if found then
      return;
    end if;
  end if;
  raise exception 'it is not the turn of the event' using errcode = '55000';
end $$;
revoke all on function billing_stars.take_turn from public;
grant execute on function billing_stars.take_turn to billing_stars_app;

create function billing_stars.bury_event(of_source text, of_entity text, of_id uuid, of_type text, of_version bigint, request text, trace_parent text, payload text, why text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  insert into billing_stars.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at)
    values (org, uuidv7(), of_type, of_source, of_entity, of_id, of_version, request, trace_parent, payload, why, now())
    on conflict (org_id, source, entity, entity_id, entity_version) do nothing;
  if (of_source, of_entity) in (('orgs', 'org'), ('orgs', 'standing')) then
    insert into billing_stars.blocked_entities (org_id, source, entity, entity_id, since, replay)
      values (org, of_source, of_entity, of_id, clock_timestamp(), false)
      on conflict do nothing;
  end if;
end $$;
revoke all on function billing_stars.bury_event from public;
grant execute on function billing_stars.bury_event to billing_stars_app;

create function billing_stars.ask_for_replay(of_source text, of_entity text, of_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  update billing_stars.blocked_entities d set replay = true where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  return found;
end $$;
revoke all on function billing_stars.ask_for_replay from public;
grant execute on function billing_stars.ask_for_replay to billing_stars_app;

create function billing_stars.pass_over_event(of_source text, of_entity text, of_id uuid) returns table (type text, entity_version bigint) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  select d.type, d.entity_version into pass_over_event.type, pass_over_event.entity_version from billing_stars.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id order by d.entity_version limit 1;
  if pass_over_event.entity_version = 1 then
    insert into billing_stars.inbox (org_id, id, source, entity, entity_id, version, at)
      values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
      on conflict (org_id, source, entity, entity_id) do nothing;
  else
    update billing_stars.inbox d set version = d.version + 1, at = now() where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and d.version + 1 = pass_over_event.entity_version;
  end if;
  if found then
    return next;
  end if;
end $$;
revoke all on function billing_stars.pass_over_event from public;
grant execute on function billing_stars.pass_over_event to billing_stars_app;

create function billing_stars.dig_up_events(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  delete from billing_stars.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
end $$;
revoke all on function billing_stars.dig_up_events from public;
grant execute on function billing_stars.dig_up_events to billing_stars_app;

create function billing_stars.forget_blocked(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  update billing_stars.blocked_entities d set replay = false where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  delete from billing_stars.blocked_entities d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id
    and not exists (select from billing_stars.dead_letters l where l.org_id = d.org_id and l.source = d.source and l.entity = d.entity and l.entity_id = d.entity_id);
end $$;
revoke all on function billing_stars.forget_blocked from public;
grant execute on function billing_stars.forget_blocked to billing_stars_app;

create function billing_stars.blocked_entities() returns table (org_id uuid, source text, entity text, entity_id uuid, since timestamptz, replay boolean) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from billing_stars.blocked_entities r order by r.org_id limit 1)
    union all
    select (select r.org_id from billing_stars.blocked_entities r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.source, d.entity, d.entity_id, d.since, d.replay from present o cross join lateral (
    select r.*, row_number() over (order by r.replay desc, r.since) as nth from billing_stars.blocked_entities r
    where r.org_id = o.id order by r.replay desc, r.since limit 200) d
  order by d.replay desc, d.nth, d.since limit 2000;
end $$;
revoke all on function billing_stars.blocked_entities from public;
grant execute on function billing_stars.blocked_entities to billing_stars_app;

create or replace function billing_stars.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'billing-stars.wallet.warned.v1' then 'wallet' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if octet_length(payload) > 200000 or greatest(length(by_actor), length(request), length(trace_parent)) > 200 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '[\u0001-\u001f\u007f-\u009f]' or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]' or payload ~ '[\u007f-\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into billing_stars.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from billing_stars.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
revoke all on function billing_stars.write_event from public;
grant execute on function billing_stars.write_event to billing_stars_app;

create or replace function billing_stars.events_of_entity(of text, subject uuid, after bigint, most int) returns table (event uuid, told text, event_version float8, request text, trace_parent text, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select o.id, o.type, o.entity_version::float8, o.request_id, o.trace, o.body, o.created_at::timestamptz
    from billing_stars.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject and o.entity_version > after
    order by o.entity_version limit most;
end
$$;
revoke all on function billing_stars.events_of_entity from public;
grant execute on function billing_stars.events_of_entity to billing_stars_app;

create or replace function billing_stars.events_since(after uuid, from_start boolean, most int) returns table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from billing_stars.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from billing_stars.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from billing_stars.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
      order by o.written_in, o.id limit most) e on true;
end
$$;
revoke all on function billing_stars.events_since from public;
grant execute on function billing_stars.events_since to billing_stars_app;

create or replace function billing_stars.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from billing_stars.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select o.id from billing_stars.outbox o where o.org_id = org and o.written_in < settled order by o.written_in desc, o.id desc limit 1;
end
$$;
revoke all on function billing_stars.newest_event from public;
grant execute on function billing_stars.newest_event to billing_stars_app;

create function billing_stars.price_book() returns table (version int, action text, stars bigint) language sql immutable as $$
  values (1, 'agent.step', 1::bigint), (1, 'agent.delegation', 1::bigint), (1, 'tool.call', 1::bigint), (1, 'document.page', 1::bigint), (1, 'email.draft', 2::bigint), (1, 'campaign.touch', 2::bigint), (1, 'twin.draft', 3::bigint)
$$;
revoke all on function billing_stars.price_book from public;

create function billing_stars.newest_prices()
returns int language plpgsql as $$
begin
  return (select max(b.version) from billing_stars.price_book() b);
end
$$;
revoke all on function billing_stars.newest_prices from public;

create function billing_stars.adopt_prices(org uuid, wanted int, since date)
returns void language plpgsql as $$
begin
  insert into billing_stars.price_versions (org_id, id, version, starts_on) values (org, uuidv7(), wanted, date_trunc('month', since::timestamp)::date);
  insert into billing_stars.prices (org_id, id, version, action, stars)
    select org, uuidv7(), wanted, b.action, b.stars from billing_stars.price_book() b where b.version = wanted;
end
$$;
revoke all on function billing_stars.adopt_prices from public;

create function billing_stars.warn_level(allotted bigint, warned int) returns bigint language sql immutable as $$
  select case when allotted <= 0 then -1 else coalesce(allotted * (100 - (case when warned < 50 then 50 when warned < 80 then 80 when warned < 100 then 100 end)) / 100, -1) end
$$;
revoke all on function billing_stars.warn_level from public;

create function billing_stars.tell(w billing_stars.wallets, told text, payload jsonb)
returns void language plpgsql as $$
declare
  event uuid := uuidv7();
begin
  insert into billing_stars.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
    select w.org_id, event, told, 'wallet', w.org_id, coalesce(max(o.entity_version), 0) + 1, 'system:billing-stars', event::text, payload::text,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from billing_stars.outbox o where o.org_id = w.org_id and o.entity = 'wallet' and o.entity_id = w.org_id;
  perform pg_catalog.set_config('billing_stars.told', 'on', true);
end
$$;
revoke all on function billing_stars.tell from public;

create function billing_stars.warn(w billing_stars.wallets, of billing_stars.warnings)
returns void language plpgsql as $$
begin
  insert into billing_stars.warnings (org_id, id, layer, subject, starts, threshold, agent_id, person_id, stars, used, at)
    values (w.org_id, uuidv7(), of.layer, of.subject, of.starts, of.threshold, of.agent_id, of.person_id, of.stars, of.used, w.moment)
    on conflict (org_id, layer, starts, subject, threshold) do nothing;
  if found then
    perform billing_stars.tell(w, 'billing-stars.wallet.warned.v1', jsonb_build_object('layer', of.layer, 'agent_id', of.agent_id, 'person_id', of.person_id,
      'starts', of.starts, 'threshold', of.threshold, 'stars', of.stars, 'used', of.used));
  end if;
end
$$;
revoke all on function billing_stars.warn from public;

create function billing_stars.warn_wallet(w billing_stars.wallets)
returns billing_stars.wallets language plpgsql as $$
declare
  of billing_stars.warnings;
  free bigint := w.monthly_balance - w.monthly_held + w.package_balance - w.package_held;
  threshold int;
begin
  foreach threshold in array array[50, 80, 100] loop
    if threshold > w.warned and free <= billing_stars.warn_level(w.allotted, threshold - 1) then
      of.layer := 'wallet';
      of.subject := 'org';
      of.starts := w.period;
      of.threshold := threshold;
      of.stars := w.allotted;
      of.used := w.allotted - free;
      perform billing_stars.warn(w, of);
      w.warned := threshold;
    end if;
  end loop;
  update billing_stars.wallets x set warned = w.warned, warn_at = billing_stars.warn_level(w.allotted, w.warned)
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
  return w;
end
$$;
revoke all on function billing_stars.warn_wallet from public;

create function billing_stars.warn_counters(w billing_stars.wallets, agent uuid, person uuid, of_period date, of_day date)
returns void language plpgsql as $$
declare
  of billing_stars.warnings;
  counter record;
  threshold int;
begin
  for counter in
    select l.place, k.id, k.layer, k.subject, k.starts, k.allowed, k.warned, k.spent + k.held as used
    from billing_stars.layers_of(agent, person, of_period, of_day) l
    join billing_stars.cap_counters k on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
    where k.allowed is not null and (k.spent + k.held) * 100 >= k.allowed * case when k.warned < 50 then 50 when k.warned < 80 then 80 when k.warned < 100 then 100 end order by l.place
  loop
    foreach threshold in array array[50, 80, 100] loop
      if threshold > counter.warned and counter.used * 100 >= counter.allowed * threshold then
        of.layer := counter.layer;
        of.subject := counter.subject;
        of.starts := counter.starts;
        of.threshold := threshold;
        of.agent_id := case when counter.place > 1 then agent end;
        of.person_id := case when counter.place > 2 then person end;
        of.stars := counter.allowed;
        of.used := counter.used;
        perform billing_stars.warn(w, of);
        counter.warned := threshold;
      end if;
    end loop;
    update billing_stars.cap_counters k set warned = counter.warned where k.org_id = w.org_id and k.id = counter.id;
  end loop;
end
$$;
revoke all on function billing_stars.warn_counters from public;

create function billing_stars.clock() returns timestamptz language sql as 'select clock_timestamp()';
revoke all on function billing_stars.clock from public;
grant execute on function billing_stars.clock to billing_stars_app;

create function billing_stars.check_stars(stars bigint, lowest bigint)
returns void language plpgsql as $$
begin
  if stars is null or stars < lowest or stars > 1000000000 then
    raise exception 'an amount of Stars is a whole number from % to 1000000000', lowest using errcode = '22003';
  end if;
end
$$;
revoke all on function billing_stars.check_stars from public;

create function billing_stars.knows_zone(zone text)
returns boolean language plpgsql as $$
begin
  if zone is null or zone !~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(/[A-Z][A-Za-z_-]*)+$' and zone <> 'UTC' then return false; end if;
  perform billing_stars.clock() at time zone zone;
  return true;
exception when invalid_parameter_value then
  return false;
end
$$;
revoke all on function billing_stars.knows_zone from public;

create function billing_stars.enter_wallet(org uuid)
returns billing_stars.wallets language plpgsql as $$
declare
  w billing_stars.wallets;
  instant timestamptz;
  today date;
  is_due boolean;
begin
  select * into w from billing_stars.wallets x where x.org_id = org and x.id = org for update;
  if not found then return null; end if;
  instant := greatest(w.moment, billing_stars.clock());
  today := greatest(w.day, (instant at time zone w.time_zone)::date);
  is_due := w.due_at <= instant;
  if is_due then
    w := billing_stars.expire_due_holds(w, instant);
  end if;
  if date_trunc('month', today::timestamp)::date > w.period then
    w := billing_stars.turn_period(w, instant, today);
  end if;
  if is_due then
    w := billing_stars.watch_wallet(w);
  end if;
  w.moment := instant;
  w.day := today;
  return w;
end
$$;
revoke all on function billing_stars.enter_wallet from public;

create function billing_stars.turn_period(w billing_stars.wallets, instant timestamptz, today date)
returns billing_stars.wallets language plpgsql as $$
declare
  entry billing_stars.ledger_transactions;
  kept bigint := w.monthly_held;
  had bigint := w.monthly_balance;
  newest int := billing_stars.newest_prices();
begin
  w.moment := instant;
  if had > 0 then
    entry.kind := 'period_end';
    entry.actor := 'system:billing-stars';
    entry.period := w.period;
    update billing_stars.wallets x set monthly_held = 0 where x.org_id = w.org_id and x.id = w.org_id;
    w := billing_stars.post(w, entry, array['monthly', 'carried', 'expired'], array[-had, kept, had - kept]);
  end if;
  if newest > w.price_version then
    perform billing_stars.adopt_prices(w.org_id, newest, today);
  end if;
  update billing_stars.wallets x set period = date_trunc('month', today::timestamp)::date, day = today, moment = instant, price_version = newest,
      allotted = x.monthly_balance + x.package_balance, warned = 0, warn_at = billing_stars.warn_level(x.monthly_balance + x.package_balance, 0)
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
  return billing_stars.renew_plan(w, false);
end
$$;
revoke all on function billing_stars.turn_period from public;

create function billing_stars.watch_wallet(w billing_stars.wallets)
returns billing_stars.wallets language plpgsql as $$
declare
  next timestamptz := least((select min(h.expires_at) from billing_stars.holds h where h.org_id = w.org_id and h.state = 'open'),
    case when w.monthly_balance > 0 or exists (select from billing_stars.subscriptions s where s.org_id = w.org_id and s.plan is not null)
      then (w.period + interval '1 month') at time zone w.time_zone end);
begin
  update billing_stars.wallets x set due_at = next where x.org_id = w.org_id and x.id = w.org_id and x.due_at is distinct from next;
  select * into strict w from billing_stars.wallets x where x.org_id = w.org_id and x.id = w.org_id;
  if next is null then
    delete from billing_stars.wallet_watch d where d.org_id = w.org_id;
  else
    insert into billing_stars.wallet_watch as d (org_id, due_at) values (w.org_id, next) on conflict (org_id) do update set due_at = excluded.due_at;
  end if;
  return w;
end
$$;
revoke all on function billing_stars.watch_wallet from public;

create function billing_stars.open_wallet(for_org uuid, zone text, by_actor text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  instant timestamptz := billing_stars.clock();
  today date;
  newest int := billing_stars.newest_prices();
begin
  if not billing_stars.knows_zone(zone) then zone := 'UTC'; end if;
  today := (instant at time zone zone)::date;
  insert into billing_stars.wallets (org_id, id, state, time_zone, period, day, moment, price_version, opened_at)
    values (org, org, 'active', zone, date_trunc('month', today::timestamp)::date, today, instant, newest, instant) on conflict do nothing;
  if not found then return false; end if;
  perform billing_stars.adopt_prices(org, newest, today);
  perform billing_stars.grant_stars(org, 'welcome', 'package', 500, by_actor);
  return true;
end;
end
$$;
revoke all on function billing_stars.open_wallet from public;
grant execute on function billing_stars.open_wallet to billing_stars_app;

create function billing_stars.stand(org uuid, becomes text)
returns boolean language plpgsql as $$
declare
  w billing_stars.wallets;
begin
  if not exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.standing not in ('closed', becomes)) then return false; end if;
  w := billing_stars.enter_wallet(org);
  update billing_stars.wallets x set standing = becomes, moment = w.moment, day = w.day where x.org_id = org and x.id = org and x.standing not in ('closed', becomes) returning x.* into w;
  if not found then return false; end if;
  if becomes = 'open' and exists (select from billing_stars.subscriptions s where s.org_id = org and s.id = org and s.since < w.period)
    and not exists (select from billing_stars.grants g where g.org_id = org and g.source = 'plan:' || to_char(w.period, 'YYYY-MM-DD')) then
    perform billing_stars.renew_plan(w, true);
  end if;
  return true;
end
$$;
revoke all on function billing_stars.stand from public;

create function billing_stars.set_standing(becomes text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
begin
  perform tenancy.acting('system:orgs');
  return billing_stars.stand(org, becomes);
end;
end
$$;
revoke all on function billing_stars.set_standing from public;
grant execute on function billing_stars.set_standing to billing_stars_app;

create function billing_stars.follow_org(zone text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets;
begin
  perform tenancy.acting('system:orgs');
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    if billing_stars.knows_zone(zone) then
      w := billing_stars.enter_wallet(org);
      update billing_stars.wallets x set time_zone = zone, moment = w.moment where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
      perform billing_stars.watch_wallet(w);
    end if;
  end if;
end;
end
$$;
revoke all on function billing_stars.follow_org from public;
grant execute on function billing_stars.follow_org to billing_stars_app;

create function billing_stars.sweep_wallet()
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then
    delete from billing_stars.wallet_watch d where d.org_id = org;
  elsif w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then
    perform billing_stars.warn_wallet(w);
  end if;
end;
end
$$;
revoke all on function billing_stars.sweep_wallet from public;
grant execute on function billing_stars.sweep_wallet to billing_stars_app;

create function billing_stars.unknown_zones(zones text[])
returns table (zone text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select z from unnest(zones) z where not exists (select from pg_timezone_names n where n.name = z);
end
$$;
revoke all on function billing_stars.unknown_zones from public;
grant execute on function billing_stars.unknown_zones to billing_stars_app;

create function billing_stars.find_due_wallets(without uuid[] default '{}')
returns table (org_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.org_id from billing_stars.wallet_watch d where d.due_at <= billing_stars.clock() and d.org_id <> all(without) order by d.due_at limit 100;
end
$$;
revoke all on function billing_stars.find_due_wallets from public;
grant execute on function billing_stars.find_due_wallets to billing_stars_app;

create function billing_stars.post(w billing_stars.wallets, entry billing_stars.ledger_transactions, accounts text[], amounts bigint[])
returns billing_stars.wallets language plpgsql as $$
declare
  posted billing_stars.wallets;
begin
  if (select sum(u) from unnest(amounts) u) <> 0 then
    raise exception 'debits and credits differ' using errcode = '22000';
  end if;
  update billing_stars.wallets x set ledger_seq = x.ledger_seq + 1, moment = w.moment, day = w.day,
      monthly_balance = x.monthly_balance + e.monthly, package_balance = x.package_balance + e.package, carried = x.carried + e.carried,
      allotted = greatest(0, x.allotted - e.granted), warn_at = case e.granted when 0 then x.warn_at else billing_stars.warn_level(greatest(0, x.allotted - e.granted), x.warned) end,
      overdraft = x.overdraft - e.overdraft, state = case when x.overdraft - e.overdraft > 0 then 'owing' else 'active' end
    from (select coalesce(sum(n) filter (where a = 'monthly'), 0) as monthly, coalesce(sum(n) filter (where a = 'package'), 0) as package,
        coalesce(sum(n) filter (where a = 'carried'), 0) as carried, coalesce(sum(n) filter (where a = 'overdraft'), 0) as overdraft,
        coalesce(sum(n) filter (where a = 'granted'), 0)::bigint as granted
      from unnest(accounts, amounts) as u (a, n)) e
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict posted;
  entry.org_id := w.org_id;
  entry.id := uuidv7();
  entry.seq := posted.ledger_seq;
  entry.at := w.moment;
  entry.price_version := coalesce(entry.price_version, w.price_version);
  entry.idempotency_key := coalesce(entry.idempotency_key, entry.id::text);
  insert into billing_stars.ledger_transactions select entry.*;
  insert into billing_stars.ledger_entries (org_id, id, transaction_id, account, debit, credit)
    select w.org_id, uuidv7(), entry.id, a, greatest(n, 0), greatest(-n, 0) from unnest(accounts, amounts) as u (a, n) where n <> 0;
  -- What a month takes with it at its end is nobody's use.
  if entry.kind <> 'period_end' and posted.monthly_balance - posted.monthly_held + posted.package_balance - posted.package_held <= posted.warn_at then
    posted := billing_stars.warn_wallet(posted);
  end if;
  return posted;
end
$$;
revoke all on function billing_stars.post from public;

create function billing_stars.repay(w billing_stars.wallets, by_actor text)
returns billing_stars.wallets language plpgsql as $$
declare
  entry billing_stars.ledger_transactions;
  pay bigint := least(w.overdraft, w.monthly_balance - w.monthly_held + w.package_balance - w.package_held);
  monthly bigint := least(pay, w.monthly_balance - w.monthly_held);
begin
  if pay = 0 then return w; end if;
  entry.kind := 'repayment';
  entry.actor := by_actor;
  entry.period := w.period;
  return billing_stars.post(w, entry, array['overdraft', 'monthly', 'package'], array[pay, -monthly, monthly - pay]);
end
$$;
revoke all on function billing_stars.repay from public;

create function billing_stars.book_grant(w billing_stars.wallets, grant_source text, into_compartment text, amount bigint, by_actor text)
returns billing_stars.wallets language plpgsql as $$
declare
  entry billing_stars.ledger_transactions;
begin
  entry.grant_id := uuidv7();
  insert into billing_stars.grants (org_id, id, source, compartment, stars, period, granted_by, granted_at)
    values (w.org_id, entry.grant_id, grant_source, into_compartment, amount, w.period, by_actor, w.moment);
  entry.kind := 'grant';
  entry.actor := by_actor;
  entry.idempotency_key := grant_source;
  entry.period := w.period;
  return billing_stars.repay(billing_stars.post(w, entry, array[into_compartment, 'granted'], array[amount, -amount]), by_actor);
end
$$;
revoke all on function billing_stars.book_grant from public;

create function billing_stars.take_back(w billing_stars.wallets, g billing_stars.grants, reversal_source text, amount bigint, by_actor text)
returns uuid language plpgsql as $$
declare
  reversal uuid := uuidv7();
  entry billing_stars.ledger_transactions;
  monthly bigint := w.monthly_balance - w.monthly_held;
  package bigint := w.package_balance - w.package_held;
begin
  insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
    values (w.org_id, reversal, reversal_source, g.id, amount, by_actor, w.moment);
  if g.compartment = 'monthly' then
    monthly := least(amount, monthly);
    package := least(amount - monthly, package);
  else
    package := least(amount, package);
    monthly := least(amount - package, monthly);
  end if;
  entry.kind := 'reversal';
  entry.actor := by_actor;
  entry.grant_id := g.id;
  entry.idempotency_key := reversal_source;
  entry.period := w.period;
  perform billing_stars.post(w, entry, array['granted', 'monthly', 'package', 'overdraft'], array[amount, -monthly, -package, monthly + package - amount]);
  return reversal;
end
$$;
revoke all on function billing_stars.take_back from public;

create function billing_stars.grant_stars(for_org uuid, grant_source text, into_compartment text, amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  g billing_stars.grants;
begin
  perform billing_stars.check_stars(amount, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into g from billing_stars.grants x where x.org_id = w.org_id and x.source = grant_source;
  if found then
    if g.stars <> amount or g.compartment <> into_compartment then return jsonb_build_object('outcome', 'source_reused'); end if;
    return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', false);
  end if;
  w := billing_stars.book_grant(w, grant_source, into_compartment, amount, by_actor);
  select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = grant_source;
  if into_compartment = 'monthly' then perform billing_stars.watch_wallet(w); end if;
  return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', true);
end;
end
$$;
revoke all on function billing_stars.grant_stars from public;
grant execute on function billing_stars.grant_stars to billing_stars_app;

create function billing_stars.reverse_grant(for_org uuid, reversal_source text, granted_source text, amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  g billing_stars.grants;
  r billing_stars.reversals;
begin
  perform billing_stars.check_stars(amount, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into g from billing_stars.grants x where x.org_id = w.org_id and x.source = granted_source;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into r from billing_stars.reversals x where x.org_id = w.org_id and x.source = reversal_source;
  if found then
    if r.stars <> amount or r.grant_id <> g.id then return jsonb_build_object('outcome', 'source_reused'); end if;
    return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', false);
  end if;
  if amount + (select coalesce(sum(x.stars), 0) from billing_stars.reversals x where x.org_id = w.org_id and x.grant_id = g.id) > g.stars then
    return jsonb_build_object('outcome', 'too_much');
  end if;
  r.id := billing_stars.take_back(w, g, reversal_source, amount, by_actor);
  return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', true);
end;
end
$$;
revoke all on function billing_stars.reverse_grant from public;
grant execute on function billing_stars.reverse_grant to billing_stars_app;

create function billing_stars.repay_overdraft(by_actor text)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then return null; end if;
  return (billing_stars.repay(w, by_actor)).overdraft;
end;
end
$$;
revoke all on function billing_stars.repay_overdraft from public;
grant execute on function billing_stars.repay_overdraft to billing_stars_app;

create function billing_stars.currency() returns text language sql immutable as $$ select 'EUR' $$;
revoke all on function billing_stars.currency from public;

create function billing_stars.remember_payment(by_reference text, org uuid, payment uuid)
returns void language plpgsql as $$
begin
  insert into billing_stars.payment_references (reference, org_id, payment_id, noted_at) values (by_reference, org, payment, clock_timestamp()) on conflict (reference, org_id) do nothing;
  if not exists (select from billing_stars.payment_references r where r.reference = by_reference and r.org_id = org and r.payment_id = payment) then
    raise exception 'the reference belongs to another payment' using errcode = '23505';
  end if;
end
$$;
revoke all on function billing_stars.remember_payment from public;

create function billing_stars.find_payment(by_reference text)
returns table (org_id uuid, payment_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select r.org_id, r.payment_id from billing_stars.payment_references r where r.reference = by_reference order by r.noted_at limit 1;
end
$$;
revoke all on function billing_stars.find_payment from public;
grant execute on function billing_stars.find_payment to billing_stars_app;

create function billing_stars.order_payment(pid uuid, of_kind text, of_item text, of_stars bigint, of_cents bigint, expected_plan text, expected_period date, by_actor text)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  terms record;
begin
  perform billing_stars.check_stars(of_stars, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return 'no_wallet'; end if;
  if w.standing <> 'open' then return w.standing; end if;
  select * into terms from billing_stars.terms_of(w, of_kind, of_item);
  if terms.stars is distinct from of_stars or terms.cents is distinct from of_cents then return 'changed'; end if;
  if of_kind = 'plan' then
    if w.period <> expected_period or (select s.plan from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id) is distinct from expected_plan then return 'changed'; end if;
    update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  end if;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, grant_source, period, ordered_by, ordered_at)
    values (w.org_id, pid, of_kind, of_item, of_stars, of_cents, billing_stars.currency(), terms.month_stars, terms.month_cents, 'open', 'payment:' || pid, w.period, by_actor, w.moment);
  return 'ordered';
end;
end
$$;
revoke all on function billing_stars.order_payment from public;
grant execute on function billing_stars.order_payment to billing_stars_app;

create function billing_stars.offer_checkout(for_org uuid, pid uuid, by_provider text, by_reference text, url text, until timestamptz)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.standing <> 'open' then return w.standing; end if;
  if exists (select from billing_stars.payment_references r where r.reference = by_reference and (r.org_id <> w.org_id or r.payment_id <> pid)) then return 'taken'; end if;
  update billing_stars.payments b set provider = by_provider, checkout_url = url, checkout_until = until where b.org_id = w.org_id and b.id = pid and b.state = 'open';
  if not found then
    return case when exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then 'over' else 'not_found' end;
  end if;
  perform billing_stars.remember_payment(pid::text, w.org_id, pid);
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  return 'offered';
end;
end
$$;
revoke all on function billing_stars.offer_checkout from public;
grant execute on function billing_stars.offer_checkout to billing_stars_app;

create function billing_stars.note_charge(w billing_stars.wallets, pid uuid, by_provider text, by_name text)
returns uuid language plpgsql as $$
declare
  charge uuid;
begin
  insert into billing_stars.charges (org_id, id, payment_id, provider, name, noted_at) values (w.org_id, uuidv7(), pid, by_provider, by_name, w.moment)
    on conflict (org_id, payment_id, provider, name) do nothing;
  if by_provider <> 'manual' then perform billing_stars.remember_payment(by_name, w.org_id, pid); end if;
  select c.id into strict charge from billing_stars.charges c where c.org_id = w.org_id and c.payment_id = pid and c.provider = by_provider and c.name = by_name;
  return charge;
end
$$;
revoke all on function billing_stars.note_charge from public;

create function billing_stars.weigh_charges(w billing_stars.wallets, pid uuid)
returns void language plpgsql as $$
begin
  update billing_stars.charges x set refunded = d.back, lost = d.gone, disputed = least(x.amount - d.back - d.gone, d.open)
    from (
      select c.id, r.back, least(c.amount - r.back, m.lost) as gone, m.open from billing_stars.charges c
      cross join lateral (
        select coalesce(sum(m.amount) filter (where m.kind = 'refund' and m.state = 'given'), 0) as given, coalesce(sum(m.amount) filter (where m.kind = 'refund' and m.state = 'failed'), 0) as failed,
          coalesce(sum(case when m.currency = c.amount_currency then m.amount else c.amount end) filter (where m.kind = 'dispute' and m.state = 'open'), 0) as open, coalesce(sum(case when m.currency = c.amount_currency then m.amount else c.amount end) filter (where m.kind = 'dispute' and m.state = 'lost'), 0) as lost
        from billing_stars.claims m where m.org_id = c.org_id and m.charge_id = c.id) m
      cross join lateral (select least(c.amount, greatest(c.told_refunded - m.failed, m.given)) as back) r
      where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null) d
    where x.org_id = w.org_id and x.id = d.id;
end
$$;
revoke all on function billing_stars.weigh_charges from public;

create function billing_stars.pay(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_cents bigint, in_currency text, of_amount bigint, amount_in text, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'paid', w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);
  update billing_stars.charges c set cents = of_cents, currency = in_currency, amount = of_amount, amount_currency = amount_in, paid_at = coalesce(c.paid_at, w.moment)
    where c.org_id = w.org_id and c.id = charge and (c.paid_at is null
      or (c.currency = billing_stars.currency(), c.cents, c.amount) < (in_currency = billing_stars.currency(), of_cents, of_amount));
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end;
end
$$;
revoke all on function billing_stars.pay from public;
grant execute on function billing_stars.pay to billing_stars_app;

create function billing_stars.refund(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'refunded', w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);
  update billing_stars.charges c set told_refunded = of_amount where c.org_id = w.org_id and c.id = charge and c.told_refunded < of_amount;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end;
end
$$;
revoke all on function billing_stars.refund from public;
grant execute on function billing_stars.refund to billing_stars_app;

create function billing_stars.claim(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_kind text, claim_name text, of_amount bigint, amount_in text, becomes text, at_time timestamptz, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, of_kind, w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);
  insert into billing_stars.claims as m (org_id, id, charge_id, kind, name, amount, currency, state, told_at)
    values (w.org_id, uuidv7(), charge, of_kind, claim_name, of_amount, amount_in, becomes, at_time)
    on conflict (org_id, charge_id, kind, name) do update set amount = excluded.amount, currency = excluded.currency, state = excluded.state, told_at = excluded.told_at
    where (case m.state when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end, m.told_at, m.state, m.amount) < (case excluded.state when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end, excluded.told_at, excluded.state, excluded.amount);
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end;
end
$$;
revoke all on function billing_stars.claim from public;
grant execute on function billing_stars.claim to billing_stars_app;

create function billing_stars.move_paid_stars(w billing_stars.wallets, b billing_stars.payments, moved bigint, by_event text, by_actor text)
returns void language plpgsql as $$
declare
  g billing_stars.grants;
  after billing_stars.wallets;
  entry billing_stars.ledger_transactions;
  amount bigint := -moved;
  owed bigint := least(amount, b.refunded_stars - b.taken_monthly - b.taken_package);
  monthly bigint;
  package bigint;
  pays bigint := least(owed, w.overdraft);
begin
  select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = b.grant_source;
  if moved > 0 then
    perform billing_stars.take_back(w, g, 'refund:' || by_event, moved, by_actor);
    select * into strict after from billing_stars.wallets x where x.org_id = w.org_id and x.id = w.org_id;
    monthly := after.monthly_balance - w.monthly_balance;
    package := after.package_balance - w.package_balance;
  else
    if g.compartment = 'monthly' then
      package := least(amount - owed, b.taken_package);
      monthly := amount - owed - package;
    else
      monthly := least(amount - owed, b.taken_monthly);
      package := amount - owed - monthly;
    end if;
    entry.kind := 'reinstatement';
    entry.actor := by_actor;
    entry.grant_id := g.id;
    entry.idempotency_key := 'reinstated:' || by_event;
    entry.period := w.period;
    insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
      values (w.org_id, uuidv7(), entry.idempotency_key, g.id, moved, by_actor, w.moment);
    w := billing_stars.post(w, entry, array['overdraft', 'monthly', 'package', 'granted'], array[pays, monthly, package + owed - pays, moved]);
    perform billing_stars.watch_wallet(billing_stars.repay(w, by_actor));
  end if;
  update billing_stars.payments x set refunded_stars = x.refunded_stars + moved, taken_monthly = x.taken_monthly - monthly, taken_package = x.taken_package - package
    where x.org_id = w.org_id and x.id = b.id;
end
$$;
revoke all on function billing_stars.move_paid_stars from public;

create function billing_stars.end_unpaid_plan(w billing_stars.wallets, b billing_stars.payments, becomes text)
returns void language plpgsql as $$
declare
  ends boolean := becomes = 'refunded';
begin
  if b.kind = 'pack' or ends = (b.state = 'refunded') or not (ends or b.ended_plan) then return; end if;
  update billing_stars.subscriptions s set changes = ends, next_plan = null, next_stars = 0, next_cents = 0
    where s.org_id = w.org_id and s.id = w.org_id and s.plan = b.item and (s.changes and s.next_plan is null) <> ends;
  update billing_stars.payments x set ended_plan = ends and found where x.org_id = w.org_id and x.id = b.id;
end
$$;
revoke all on function billing_stars.end_unpaid_plan from public;

create function billing_stars.follow_charges(w billing_stars.wallets, pid uuid, by_event text, by_provider text, by_actor text)
returns jsonb language plpgsql as $$
declare
  b billing_stars.payments;
  paid bigint;
  back bigint;
  held bigint;
  kept bigint;
  moved bigint := 0;
  is_complete boolean;
  is_new boolean;
  is_surplus boolean;
  becomes text;
begin
  perform billing_stars.weigh_charges(w, pid);
  select * into strict b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  select coalesce(sum(c.cents), 0), coalesce(sum(n.back), 0), coalesce(sum(n.gone - n.back), 0) into paid, back, held
    from billing_stars.charges c
    cross join lateral (select div(c.cents::numeric * (c.refunded + c.lost), c.amount) as back, div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount) as gone) n
    where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null and c.currency = b.currency;
  kept := paid - back - held;
  is_complete := b.paid_at is not null or paid >= b.cents and w.standing <> 'closed';
  is_new := is_complete and b.paid_at is null;
  becomes := case when not is_complete then b.state when kept >= b.cents then 'paid' when held > 0 then 'disputed' when kept = 0 then 'refunded' else 'paid' end;
  if is_new and b.kind <> 'renewal' then
    w := billing_stars.book_grant(w, b.grant_source, case b.kind when 'plan' then 'monthly' else 'package' end, b.stars, by_actor);
  end if;
  if is_new and b.kind = 'plan' then
    perform billing_stars.take_plan(w, b.item, b.plan_stars, b.plan_cents);
    w := billing_stars.watch_wallet(w);
  end if;
  if is_complete then moved := div(b.stars::numeric * greatest(0, b.cents - kept), b.cents) - b.refunded_stars; end if;
  if moved <> 0 then perform billing_stars.move_paid_stars(w, b, moved, by_event, by_actor); end if;
  update billing_stars.payments x set state = becomes, paid_cents = paid, refunded_cents = back, disputed_cents = held,
      paid_at = case when is_new then w.moment else x.paid_at end, paid_by = case when is_new then by_actor else x.paid_by end,
      provider = case when is_new then by_provider else x.provider end, checkout_url = case when not is_complete then x.checkout_url end
    where x.org_id = w.org_id and x.id = pid;
  perform billing_stars.end_unpaid_plan(w, b, becomes);
  is_surplus := kept > case when is_complete then b.cents else 0 end or exists (select from billing_stars.charges c where c.org_id = w.org_id and c.payment_id = pid
    and c.paid_at is not null and c.currency <> b.currency and c.amount > c.refunded + c.lost + c.disputed);
  if is_surplus then
    insert into billing_stars.overpayments (org_id, payment_id, noted_at) values (w.org_id, pid, w.moment) on conflict do nothing;
    is_surplus := found or kept > b.paid_cents - b.refunded_cents - b.disputed_cents;
  else
    delete from billing_stars.overpayments o where o.org_id = w.org_id and o.payment_id = pid;
  end if;
  return jsonb_build_object('outcome', 'noted', 'paid', is_new, 'surplus', is_surplus, 'item', b.item, 'stars', b.stars, 'cents', b.cents,
    'moved', moved, 'gone_cents', back + held - b.refunded_cents - b.disputed_cents, 'kept_cents', kept);
end
$$;
revoke all on function billing_stars.follow_charges from public;

create function billing_stars.find_overpayments()
returns table (org_id uuid, payment_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select o.org_id, o.payment_id from billing_stars.overpayments o order by o.noted_at, o.payment_id limit 100;
end
$$;
revoke all on function billing_stars.find_overpayments from public;
grant execute on function billing_stars.find_overpayments to billing_stars_app;

create function billing_stars.offers() returns table (kind text, item text, stars bigint, cents bigint) language sql immutable as $$
  values ('plan', 'starter', 2000::bigint, 1900::bigint), ('plan', 'team', 10000::bigint, 7900::bigint), ('plan', 'scale', 50000::bigint, 29900::bigint), ('pack', 'pack-1000', 1000::bigint, 1200::bigint), ('pack', 'pack-5000', 5000::bigint, 4900::bigint), ('pack', 'pack-20000', 20000::bigint, 15900::bigint)
$$;
revoke all on function billing_stars.offers from public;

create function billing_stars.terms_of(w billing_stars.wallets, of_kind text, of_item text)
returns table (stars bigint, cents bigint, month_stars bigint, month_cents bigint) language plpgsql as $$
declare
  s billing_stars.subscriptions;
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := month_days - extract(day from w.day)::int + 1;
begin
  select * into s from billing_stars.subscriptions x where x.org_id = w.org_id and x.id = w.org_id;
  s.stars := coalesce(s.stars, 0);
  s.cents := coalesce(s.cents, 0);
  return query select case of_kind when 'plan' then ((o.stars - s.stars) * days_left + month_days - 1) / month_days else o.stars end,
      case of_kind when 'plan' then (o.cents - s.cents) * days_left / month_days else o.cents end,
      case of_kind when 'plan' then o.stars end, case of_kind when 'plan' then o.cents end
    from billing_stars.offers() o where o.kind = of_kind and o.item = of_item and (of_kind = 'pack' or o.stars > s.stars);
end
$$;
revoke all on function billing_stars.terms_of from public;

create function billing_stars.take_plan(w billing_stars.wallets, becomes text, of_stars bigint, of_cents bigint)
returns void language plpgsql as $$
begin
  insert into billing_stars.subscriptions as s (org_id, id, plan, stars, cents, since)
    values (w.org_id, w.org_id, becomes, of_stars, of_cents, case when becomes is not null then w.day end)
    on conflict (org_id, id) do update set plan = excluded.plan, stars = excluded.stars, cents = excluded.cents, since = excluded.since,
      changes = false, next_plan = null, next_stars = 0, next_cents = 0;
end
$$;
revoke all on function billing_stars.take_plan from public;

create function billing_stars.renew_plan(w billing_stars.wallets, resumed boolean)
returns billing_stars.wallets language plpgsql as $$
declare
  s billing_stars.subscriptions;
  of_month text := 'plan:' || to_char(w.period, 'YYYY-MM-DD');
  bill uuid := uuidv7();
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := case when resumed then month_days - extract(day from w.day)::int + 1 else month_days end;
begin
  if w.standing = 'suspended' then return w; end if;
  select * into s from billing_stars.subscriptions x where x.org_id = w.org_id and x.id = w.org_id;
  if not found or (s.plan is null and not s.changes) then return w; end if;
  if w.standing = 'closed' or exists (select from billing_stars.payments b where b.org_id = w.org_id and b.kind = 'renewal' and b.state = 'open' and b.period < w.period) then
    perform billing_stars.take_plan(w, null, 0, 0);
    return w;
  end if;
  if s.changes then
    perform billing_stars.take_plan(w, s.next_plan, s.next_stars, s.next_cents);
    s.plan := s.next_plan;
    s.stars := s.next_stars;
    s.cents := s.next_cents;
  end if;
  if s.plan is null then return w; end if;
  s.stars := (s.stars * days_left + month_days - 1) / month_days;
  s.cents := s.cents * days_left / month_days;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, state, grant_source, period, ordered_by, ordered_at)
    select w.org_id, bill, 'renewal', s.plan, s.stars, s.cents, billing_stars.currency(), 'open', of_month, w.period, 'system:billing-stars', w.moment
    where not exists (select from billing_stars.grants g where g.org_id = w.org_id and g.source = of_month);
  if not found then return w; end if;
  perform billing_stars.remember_payment(bill::text, w.org_id, bill);
  return billing_stars.watch_wallet(billing_stars.book_grant(w, of_month, 'monthly', s.stars, 'system:billing-stars'));
end
$$;
revoke all on function billing_stars.renew_plan from public;

create function billing_stars.schedule_plan(expected text, becomes text)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  held billing_stars.subscriptions;
  offer record;
begin
  if w.org_id is null then return 'no_wallet'; end if;
  select * into held from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id;
  if held.plan is distinct from expected then return 'changed'; end if;
  select * into offer from billing_stars.offers() o where o.kind = 'plan' and o.item = becomes;
  if becomes is not null and (offer.stars is null or offer.stars > coalesce(held.stars, 0)) then
    raise exception 'a larger plan is paid for first' using errcode = '42501';
  end if;
  update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  update billing_stars.subscriptions s set changes = becomes is distinct from s.plan,
      next_plan = case when becomes is distinct from s.plan then becomes end,
      next_stars = case when becomes is distinct from s.plan then coalesce(offer.stars, 0) else 0 end,
      next_cents = case when becomes is distinct from s.plan then coalesce(offer.cents, 0) else 0 end
    where s.org_id = w.org_id and s.id = w.org_id;
  return 'scheduled';
end;
end
$$;
revoke all on function billing_stars.schedule_plan from public;
grant execute on function billing_stars.schedule_plan to billing_stars_app;

create function billing_stars.layers_of(agent uuid, person uuid, period date, today date)
returns table (place int, layer text, subject text, starts date, standard bigint) language sql immutable as $$
  select 1, 'org_month', 'org', period, null::bigint
  union all select 2, 'agent_day', agent::text, today, 1000
  union all select 3, 'user_agent_month', agent::text || '/' || person::text, period, null where person is not null
$$;
revoke all on function billing_stars.layers_of from public;

create function billing_stars.cap_subject(for_layer text, agent uuid, person uuid) returns text language plpgsql immutable as $$
begin
  if for_layer = 'org_month' and agent is null and person is null then return 'org'; end if;
  if for_layer = 'agent_day' and person is null then return coalesce(agent::text, '*'); end if;
  if for_layer = 'user_agent_month' and (agent is null) = (person is null) then return coalesce(agent::text || '/' || person::text, '*'); end if;
  raise exception 'the layer is not about these' using errcode = '22023';
end
$$;
revoke all on function billing_stars.cap_subject from public;

create function billing_stars.set_cap(for_layer text, agent uuid, person uuid, cap bigint, if_match int, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  c billing_stars.caps;
begin
  if cap is not null then perform billing_stars.check_stars(cap, 0); end if;
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into c from billing_stars.caps x where x.org_id = w.org_id and x.layer = for_layer and x.subject = billing_stars.cap_subject(for_layer, agent, person) for update;
  if if_match is not null and if_match is distinct from c.version then return jsonb_build_object('outcome', 'changed'); end if;
  insert into billing_stars.caps as x (org_id, id, layer, subject, agent_id, person_id, stars, changed_by, changed_at)
    values (w.org_id, uuidv7(), for_layer, billing_stars.cap_subject(for_layer, agent, person), agent, person, cap, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set stars = excluded.stars, version = x.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
    returning x.* into c;
  return jsonb_build_object('outcome', 'set', 'id', c.id);
end;
end
$$;
revoke all on function billing_stars.set_cap from public;
grant execute on function billing_stars.set_cap to billing_stars_app;

create function billing_stars.raise_cap(for_layer text, agent uuid, person uuid, raised bigint, until timestamptz, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  c billing_stars.caps;
  of_subject text := billing_stars.cap_subject(for_layer, agent, person);
begin
  perform billing_stars.check_stars(raised, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  if until <= w.moment then return jsonb_build_object('outcome', 'over'); end if;
  select * into c from billing_stars.caps x where x.org_id = w.org_id and x.layer = for_layer and x.subject in (of_subject, '*')
    order by x.subject = '*' limit 1 for update;
  if c.id is null and for_layer = 'agent_day' then c.stars := 1000; end if;
  if c.stars is null then return jsonb_build_object('outcome', 'no_cap'); end if;
  insert into billing_stars.caps as x (org_id, id, layer, subject, agent_id, person_id, stars, raise_to, raise_until, changed_by, changed_at)
    values (w.org_id, uuidv7(), for_layer, of_subject, agent, person, c.stars, raised, until, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set raise_to = excluded.raise_to, raise_until = excluded.raise_until, version = x.version + 1,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at
    returning x.* into c;
  return jsonb_build_object('outcome', 'set', 'id', c.id);
end;
end
$$;
revoke all on function billing_stars.raise_cap from public;
grant execute on function billing_stars.raise_cap to billing_stars_app;

create function billing_stars.expire_due_holds(w billing_stars.wallets, instant timestamptz)
returns billing_stars.wallets language plpgsql as $$
declare
  entry billing_stars.ledger_transactions;
  monthly bigint;
  package bigint;
  lapsed bigint;
begin
  update billing_stars.cap_counters k set held = k.held - g.stars
    from (select l.layer, l.starts, l.subject, sum(h.stars) as stars
      from billing_stars.holds h, billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l
      where h.org_id = w.org_id and h.state = 'open' and h.expires_at <= instant group by 1, 2, 3) g
    where k.org_id = w.org_id and k.layer = g.layer and k.starts = g.starts and k.subject = g.subject;
  with gone as (
    update billing_stars.holds h set state = 'expired', ended_at = instant where h.org_id = w.org_id and h.state = 'open' and h.expires_at <= instant
    returning h.period, h.from_monthly, h.from_package)
  select coalesce(sum(g.from_monthly) filter (where g.period = w.period), 0), coalesce(sum(g.from_package), 0),
      coalesce(sum(g.from_monthly) filter (where g.period < w.period), 0)
    into monthly, package, lapsed from gone g;
  update billing_stars.wallets x set monthly_held = x.monthly_held - monthly, package_held = x.package_held - package
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
  if lapsed > 0 then
    w.moment := instant;
    entry.kind := 'hold_lapsed';
    entry.actor := 'system:billing-stars';
    entry.period := w.period;
    w := billing_stars.post(w, entry, array['carried', 'expired'], array[-lapsed, lapsed]);
  end if;
  return w;
end
$$;
revoke all on function billing_stars.expire_due_holds from public;

create function billing_stars.reserved(h billing_stars.holds)
returns jsonb language plpgsql as $$
begin
  return jsonb_build_object('outcome', 'reserved', 'hold_id', h.id, 'stars', h.stars, 'from_monthly', h.from_monthly, 'from_package', h.from_package,
    'price_version', h.price_version, 'expires_at', h.answered_until);
end
$$;
revoke all on function billing_stars.reserved from public;

create function billing_stars.hold_now(h billing_stars.holds, told text)
returns jsonb language plpgsql as $$
begin
  return jsonb_build_object('outcome', told, 'hold_id', h.id, 'state', h.state, 'stars', h.stars, 'settled', h.settled, 'from_monthly', h.paid_monthly,
    'from_package', h.paid_package, 'overdrawn', h.settled - h.paid_monthly - h.paid_package, 'expires_at', h.expires_at);
end
$$;
revoke all on function billing_stars.hold_now from public;

create function billing_stars.reserve(key text, hash text, amount bigint, agent uuid, person uuid, run uuid, price int, ttl int, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  h billing_stars.holds;
  asked record;
  allowed_by bigint[] := '{}';
  counters uuid[] := '{}';
  crosses boolean := false;
  monthly bigint;
begin
  if amount is null or amount < 1 or amount > 1000000000 then perform billing_stars.check_stars(amount, 1); end if;
  if ttl is null or ttl < 1 or ttl > 3600 then raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003'; end if;
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'no_wallet', 'cap', 0, 'used', 0); end if;
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.idempotency_key = key;
  if found then
    if h.request_hash <> hash then return jsonb_build_object('outcome', 'key_reused'); end if;
    return billing_stars.reserved(h);
  end if;
  if price is distinct from w.price_version then return jsonb_build_object('outcome', 'price_changed', 'price_version', w.price_version); end if;
  if w.standing <> 'open' then
    return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', w.standing, 'cap', 0, 'used', 0);
  end if;
  if w.state = 'owing' then
    return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'owing', 'cap', 0, 'used', w.overdraft);
  end if;
  if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held < amount then
    return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'balance', 'cap', w.monthly_balance + w.package_balance, 'used', w.monthly_held + w.package_held);
  end if;
  for asked in
    select l.layer as name, k.id as counter, coalesce(k.spent + k.held, 0) as used, coalesce(k.warned, 0) as warned,
      case when c.id is null then l.standard when c.raise_until > w.moment then greatest(c.stars, c.raise_to) else c.stars end as cap
    from billing_stars.layers_of(agent, person, w.period, w.day) l
    left join billing_stars.cap_counters k on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
    left join lateral (select x.* from billing_stars.caps x where x.org_id = w.org_id and x.layer = l.layer and x.subject in (l.subject, '*')
      order by x.subject = '*' limit 1) c on true
    order by l.place
  loop
    if asked.used + amount > asked.cap then
      return jsonb_build_object('outcome', 'refused', 'layer', asked.name, 'reason', 'cap', 'cap', asked.cap, 'used', asked.used);
    end if;
    allowed_by := allowed_by || asked.cap::bigint;
    counters := counters || asked.counter::uuid;
    crosses := crosses or coalesce((asked.used + amount) * 100 >= asked.cap * case when asked.warned < 50 then 50 when asked.warned < 80 then 80 when asked.warned < 100 then 100 end, false);
  end loop;
  -- Every layer has agreed: only now is anything written.
  update billing_stars.cap_counters k set held = k.held + amount, allowed = u.cap
    from unnest(counters, allowed_by) as u (id, cap) where k.org_id = w.org_id and k.id = u.id;
  -- Under the wallet's lock nobody else begins a counter.
  if array_position(counters, null) is not null then
    insert into billing_stars.cap_counters (org_id, id, layer, starts, subject, held, allowed)
      select w.org_id, uuidv7(), l.layer, l.starts, l.subject, amount, allowed_by[l.place]
      from billing_stars.layers_of(agent, person, w.period, w.day) l where counters[l.place] is null;
  end if;
  monthly := least(amount, w.monthly_balance - w.monthly_held);
  insert into billing_stars.holds as x (org_id, id, idempotency_key, request_hash, state, agent_id, person_id, run_id, actor, price_version, period, day,
      stars, from_monthly, from_package, created_at, answered_until, expires_at)
    values (w.org_id, uuidv7(), key, hash, 'open', agent, person, run, by_actor, price, w.period, w.day,
      amount, monthly, amount - monthly, w.moment, w.moment + make_interval(secs => ttl), w.moment + make_interval(secs => ttl))
    returning x.* into h;
  if w.due_at is null or h.expires_at < w.due_at then
    insert into billing_stars.wallet_watch as d (org_id, due_at) values (w.org_id, h.expires_at)
      on conflict (org_id) do update set due_at = excluded.due_at;
  end if;
  update billing_stars.wallets x set monthly_held = x.monthly_held + monthly, package_held = x.package_held + amount - monthly, moment = w.moment, day = w.day,
      due_at = least(x.due_at, h.expires_at) where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
  if crosses then perform billing_stars.warn_counters(w, agent, person, w.period, w.day); end if;
  if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then perform billing_stars.warn_wallet(w); end if;
  return billing_stars.reserved(h);
end;
end
$$;
revoke all on function billing_stars.reserve from public;
grant execute on function billing_stars.reserve to billing_stars_app;

create function billing_stars.settle(hold uuid, amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  h billing_stars.holds;
  entry billing_stars.ledger_transactions;
  covered bigint;
  monthly bigint;
  package bigint;
  is_late boolean;
begin
  perform billing_stars.check_stars(amount, 1);
  w := billing_stars.enter_wallet(org);
  -- Under the wallet's lock nobody else changes a hold or a counter: what is read here stays so.
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if h.state = 'settled' then return billing_stars.hold_now(h, case when h.settled = amount then 'settled' else 'ended' end); end if;
  is_late := h.state <> 'open';
  if is_late then
    -- What it had kept is given back already: a new debit of what is free, and the rest is owed.
    covered := least(amount, w.monthly_balance - w.monthly_held + w.package_balance - w.package_held);
    monthly := least(covered, w.monthly_balance - w.monthly_held);
  else
    covered := least(amount, h.stars);
    monthly := least(covered, h.from_monthly);
    update billing_stars.wallets x set monthly_held = x.monthly_held - case when h.period = w.period then h.from_monthly else 0 end,
      package_held = x.package_held - h.from_package where x.org_id = w.org_id and x.id = w.org_id;
  end if;
  package := covered - monthly;
  entry.kind := case when is_late then 'late_charge' else 'charge' end;
  entry.actor := by_actor;
  entry.agent_id := h.agent_id;
  entry.person_id := h.person_id;
  entry.run_id := h.run_id;
  entry.price_version := h.price_version;
  entry.idempotency_key := h.idempotency_key;
  entry.hold_id := h.id;
  entry.period := h.period;
  entry.day := h.day;
  if is_late or h.period = w.period then
    w := billing_stars.post(w, entry, array['used', 'monthly', 'package', 'overdraft'], array[amount, -monthly, -package, covered - amount]);
  else
    w := billing_stars.post(w, entry, array['used', 'carried', 'package', 'overdraft', 'expired'],
      array[amount, -h.from_monthly, -package, covered - amount, h.from_monthly - monthly]);
  end if;
  update billing_stars.cap_counters k set held = k.held - case when is_late then 0 else h.stars end, spent = k.spent + amount,
      overrun = k.overrun + case when is_late then amount else amount - covered end
    where k.org_id = h.org_id and (k.layer, k.starts, k.subject) in (select l.layer, l.starts, l.subject from billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l);
  if is_late or amount > covered then perform billing_stars.warn_counters(w, h.agent_id, h.person_id, h.period, h.day); end if;
  update billing_stars.holds x set state = 'settled', settled = amount, paid_monthly = monthly, paid_package = package, ended_at = w.moment,
      overrun = case when is_late then amount else amount - covered end
    where x.org_id = w.org_id and x.id = hold returning x.* into h;
  return billing_stars.hold_now(h, 'settled');
end;
end
$$;
revoke all on function billing_stars.settle from public;
grant execute on function billing_stars.settle to billing_stars_app;

create function billing_stars.release(hold uuid, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  h billing_stars.holds;
  entry billing_stars.ledger_transactions;
begin
  w := billing_stars.enter_wallet(org);
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if h.state <> 'open' then return billing_stars.hold_now(h, case when h.state = 'settled' then 'ended' else 'released' end); end if;
  update billing_stars.cap_counters k set held = k.held - h.stars where k.org_id = h.org_id and (k.layer, k.starts, k.subject) in (select l.layer, l.starts, l.subject from billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l);
  update billing_stars.wallets x set monthly_held = x.monthly_held - case when h.period = w.period then h.from_monthly else 0 end,
      package_held = x.package_held - h.from_package, moment = w.moment, day = w.day where x.org_id = w.org_id and x.id = w.org_id;
  if h.period < w.period and h.from_monthly > 0 then
    entry.kind := 'hold_lapsed';
    entry.actor := by_actor;
    entry.hold_id := h.id;
    entry.period := w.period;
    w := billing_stars.post(w, entry, array['carried', 'expired'], array[-h.from_monthly, h.from_monthly]);
  end if;
  update billing_stars.holds x set state = 'released', ended_at = w.moment where x.org_id = w.org_id and x.id = hold returning x.* into h;
  return billing_stars.hold_now(h, 'released');
end;
end
$$;
revoke all on function billing_stars.release from public;
grant execute on function billing_stars.release to billing_stars_app;

create function billing_stars.extend(hold uuid, ttl int)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets;
  h billing_stars.holds;
begin
  if ttl is null or ttl < 1 or ttl > 3600 then raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003'; end if;
  w := billing_stars.enter_wallet(org);
  update billing_stars.holds x set expires_at = greatest(x.expires_at, least(w.moment + make_interval(secs => ttl), x.created_at + make_interval(secs => 86400)))
    where x.org_id = w.org_id and x.id = hold and x.state = 'open' returning x.* into h;
  if found then return billing_stars.hold_now(h, 'extended'); end if;
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  return billing_stars.hold_now(h, 'ended');
end;
end
$$;
revoke all on function billing_stars.extend from public;
grant execute on function billing_stars.extend to billing_stars_app;

create function billing_stars.reserve_many(keys text[], hashes text[], amounts bigint[], agents uuid[], persons uuid[], runs uuid[], prices int[], ttls int[], by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  size int := cardinality(keys);
  -- Each request's place in the batch; the first one with the same key; and the hash that the first one's key is held under by now.
  here int := 1;
  firsts int[];
  kept text[];
  -- Null where it is reserved.
  refusals jsonb[];
  -- Every counter that the batch is about, once; the organization's is the first. Then which of them each request is asked.
  layers text[];
  subjects text[];
  starting date[];
  standards bigint[];
  of_agents int[];
  of_pairs int[];
  -- The same counters as they are by now.
  counters uuid[];
  used bigint[];
  warned_at int[];
  allowing bigint[];
  added bigint[];
  -- What is granted and not written yet: places in the batch, and the monthly part of each.
  granted int[];
  parts bigint[];
  free_monthly bigint;
  free_package bigint;
  asked int;
  amount bigint;
  monthly bigint;
  until timestamptz;
  reached boolean;
  crosses boolean;
begin
  if size is null or size not between 1 and 64 or array[array_dims(keys), array_dims(hashes), array_dims(amounts), array_dims(agents), array_dims(persons), array_dims(runs), array_dims(prices), array_dims(ttls)] <> array_fill('[1:' || size || ']', array[8]) then
    raise exception 'a batch is lists of one length, 1 to 64' using errcode = '22023';
  end if;
  if exists (select from unnest(keys, hashes) as u (key, hash) where octet_length(u.key) > 400 or octet_length(u.hash) > 64) then
    raise exception 'a key has at most 400 octets, a hash 64' using errcode = '22001';
  end if;
  if exists (select from unnest(amounts) as u (stars) where u.stars is null or u.stars not between 1 and 1000000000) then
    raise exception 'an amount of Stars is a whole number from 1 to 1000000000' using errcode = '22003';
  end if;
  if exists (select from unnest(ttls) as u (seconds) where u.seconds is null or u.seconds not between 1 and 3600) then
    raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003';
  end if;
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then
    return (select jsonb_agg(jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'no_wallet', 'cap', 0, 'used', 0)) from generate_series(1, size));
  end if;
  refusals := array_fill(null::jsonb, array[size]);
  select array_agg(x.first order by x.n), array_agg(x.request_hash order by x.n) into firsts, kept
    from (select u.n, min(u.n) over (partition by u.key) as first, h.request_hash from unnest(keys) with ordinality as u (key, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.idempotency_key = u.key) x;
  with spot as (
    select u.n, l.place, l.layer, l.subject, l.starts, l.standard, dense_rank() over (order by l.place, l.subject) as counter
    from unnest(agents, persons) with ordinality as u (agent, person, n), billing_stars.layers_of(u.agent, u.person, w.period, w.day) l),
  spots as (select max(s.counter) filter (where s.place = 2) as of_agent, max(s.counter) filter (where s.place = 3) as of_pair, s.n from spot s group by s.n),
  counter as (select distinct on (s.counter) s.* from spot s)
  select c.layers, c.subjects, c.starting, c.standards, p.of_agents, p.of_pairs into layers, subjects, starting, standards, of_agents, of_pairs
    from (select array_agg(x.layer order by x.counter) as layers, array_agg(x.subject order by x.counter) as subjects, array_agg(x.starts order by x.counter) as starting,
        array_agg(x.standard order by x.counter) as standards from counter x) c,
      (select array_agg(x.of_agent order by x.n) as of_agents, array_agg(x.of_pair order by x.n) as of_pairs from spots x) p;
  while here <= size loop
    -- Up to a warning, which is told of the state that its own request leaves.
    select array_agg(k.id order by l.n), array_agg(coalesce(k.spent + k.held, 0) order by l.n), array_agg(coalesce(k.warned, 0) order by l.n),
        array_agg(case when c.id is null then l.standard when c.raise_until > w.moment then greatest(c.stars, c.raise_to) else c.stars end order by l.n)
      into counters, used, warned_at, allowing
      from unnest(layers, subjects, starting, standards) with ordinality as l (layer, subject, starts, standard, n)
      left join billing_stars.cap_counters k on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
      left join lateral (select x.* from billing_stars.caps x where x.org_id = w.org_id and x.layer = l.layer and x.subject in (l.subject, '*')
        order by x.subject = '*' limit 1) c on true;
    added := array_fill(0::bigint, array[cardinality(layers)]);
    granted := '{}';
    parts := '{}';
    free_monthly := w.monthly_balance - w.monthly_held;
    free_package := w.package_balance - w.package_held;
    crosses := false;
    while here <= size loop
      amount := amounts[here];
      if kept[firsts[here]] is not null then
        if kept[firsts[here]] <> hashes[here] then refusals[here] := jsonb_build_object('outcome', 'key_reused'); end if;
      elsif prices[here] is distinct from w.price_version then
        refusals[here] := jsonb_build_object('outcome', 'price_changed', 'price_version', w.price_version);
      elsif w.standing <> 'open' then
        refusals[here] := jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', w.standing, 'cap', 0, 'used', 0);
      elsif w.state = 'owing' then
        refusals[here] := jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'owing', 'cap', 0, 'used', w.overdraft);
      elsif free_monthly + free_package < amount then
        refusals[here] := jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'balance', 'cap', w.monthly_balance + w.package_balance,
          'used', w.monthly_balance - free_monthly + w.package_balance - free_package);
      else
        reached := false;
        foreach asked in array array[1, of_agents[here], of_pairs[here]] loop
          exit when asked is null;
          if used[asked] + amount > allowing[asked] then
            refusals[here] := jsonb_build_object('outcome', 'refused', 'layer', layers[asked], 'reason', 'cap', 'cap', allowing[asked], 'used', used[asked]);
            exit;
          end if;
          reached := reached or coalesce((used[asked] + amount) * 100 >= allowing[asked] * case when warned_at[asked] < 50 then 50 when warned_at[asked] < 80 then 80 when warned_at[asked] < 100 then 100 end, false);
        end loop;
        if refusals[here] is null then
          foreach asked in array array[1, of_agents[here], of_pairs[here]] loop
            exit when asked is null;
            used[asked] := used[asked] + amount;
            added[asked] := added[asked] + amount;
          end loop;
          monthly := least(amount, free_monthly);
          free_monthly := free_monthly - monthly;
          free_package := free_package - (amount - monthly);
          granted := granted || here;
          parts := parts || monthly;
          kept[firsts[here]] := hashes[here];
          crosses := reached;
        end if;
      end if;
      here := here + 1;
      exit when crosses or granted[cardinality(granted)] = here - 1 and free_monthly + free_package <= w.warn_at;
    end loop;
    if cardinality(granted) > 0 then
      update billing_stars.cap_counters k set held = k.held + u.added, allowed = u.cap
        from unnest(counters, added, allowing) as u (id, added, cap) where k.org_id = w.org_id and k.id = u.id and u.added > 0;
      insert into billing_stars.cap_counters (org_id, id, layer, starts, subject, held, allowed)
        select w.org_id, uuidv7(), u.layer, u.starts, u.subject, u.added, u.cap
        from unnest(counters, layers, starting, subjects, added, allowing) as u (id, layer, starts, subject, added, cap) where u.id is null and u.added > 0;
      insert into billing_stars.holds (org_id, id, idempotency_key, request_hash, state, agent_id, person_id, run_id, actor, price_version, period, day,
          stars, from_monthly, from_package, created_at, answered_until, expires_at)
        select w.org_id, uuidv7(), keys[g.n], hashes[g.n], 'open', agents[g.n], persons[g.n], runs[g.n], by_actor, prices[g.n], w.period, w.day,
          amounts[g.n], g.monthly, amounts[g.n] - g.monthly, w.moment, w.moment + make_interval(secs => ttls[g.n]), w.moment + make_interval(secs => ttls[g.n])
        from unnest(granted, parts) as g (n, monthly);
      until := w.moment + make_interval(secs => (select min(ttls[g.n]) from unnest(granted) as g (n)));
      if w.due_at is null or until < w.due_at then
        insert into billing_stars.wallet_watch as d (org_id, due_at) values (w.org_id, until) on conflict (org_id) do update set due_at = excluded.due_at;
      end if;
      update billing_stars.wallets x set monthly_held = w.monthly_balance - free_monthly, package_held = w.package_balance - free_package, moment = w.moment, day = w.day,
          due_at = least(x.due_at, until) where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
      if crosses then perform billing_stars.warn_counters(w, agents[here - 1], persons[here - 1], w.period, w.day); end if;
      if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then w := billing_stars.warn_wallet(w); end if;
    end if;
  end loop;
  return (select jsonb_agg(coalesce(u.refusal, billing_stars.reserved(h)) order by u.n) from unnest(keys, refusals) with ordinality as u (key, refusal, n)
    left join billing_stars.holds h on h.org_id = w.org_id and h.idempotency_key = u.key);
end;
end
$$;
revoke all on function billing_stars.reserve_many from public;
grant execute on function billing_stars.reserve_many to billing_stars_app;

create function billing_stars.settle_many(ids uuid[], amounts bigint[], by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  size int := cardinality(ids);
  here int := 1;
  other int;
  ended billing_stars.holds[];
  told jsonb[];
  answers jsonb[] := '{}';
begin
  if size is null or size not between 1 and 64 or array[array_dims(ids), array_dims(amounts)] <> array_fill('[1:' || size || ']', array[2]) then
    raise exception 'a batch is lists of one length, 1 to 64' using errcode = '22023';
  end if;
  if exists (select from unnest(amounts) as u (stars) where u.stars is null or u.stars not between 1 and 1000000000) then
    raise exception 'an amount of Stars is a whole number from 1 to 1000000000' using errcode = '22003';
  end if;
  while here <= size loop
    w := billing_stars.enter_wallet(org);
    -- Where a warning is due already, the next settlement tells of it.
    select coalesce(min(u.n), size + 1) into other from unnest(ids, amounts) with ordinality as u (id, stars, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.id = u.id
      where u.n >= here and (h.state is distinct from 'open' or h.period <> w.period or array_position(ids, u.id, here) < u.n or u.stars > h.stars or w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at);
    if other > here then
      with settled as (
        update billing_stars.holds h set state = 'settled', settled = u.stars, paid_monthly = least(u.stars, h.from_monthly),
            paid_package = u.stars - least(u.stars, h.from_monthly), ended_at = w.moment
          from unnest(ids, amounts) with ordinality as u (id, stars, n) where h.org_id = w.org_id and h.id = u.id and u.n >= here and u.n < other
          returning u.n, h)
      select array_agg(s.h order by s.n), array_agg(billing_stars.hold_now(s.h, 'settled') order by s.n) into ended, told from settled s;
      update billing_stars.cap_counters k set held = k.held - g.stars, spent = k.spent + g.settled
        from (select l.layer, l.starts, l.subject, sum(h.stars) as stars, sum(h.settled) as settled
          from unnest(ended) h, billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l group by 1, 2, 3) g
        where k.org_id = w.org_id and k.layer = g.layer and k.starts = g.starts and k.subject = g.subject;
      update billing_stars.wallets x set monthly_held = x.monthly_held - e.held_monthly, package_held = x.package_held - e.held_package,
          monthly_balance = x.monthly_balance - e.paid_monthly, package_balance = x.package_balance - e.paid_package,
          ledger_seq = x.ledger_seq + cardinality(ended), moment = w.moment, day = w.day
        from (select sum(h.from_monthly) as held_monthly, sum(h.from_package) as held_package, sum(h.paid_monthly) as paid_monthly, sum(h.paid_package) as paid_package
          from unnest(ended) h) e where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
      with posted as (
        insert into billing_stars.ledger_transactions as t (org_id, id, seq, at, kind, actor, agent_id, person_id, run_id, price_version, idempotency_key, hold_id, period, day)
          select w.org_id, uuidv7(), w.ledger_seq - cardinality(ended) + h.ordinality, w.moment, 'charge', by_actor, h.agent_id, h.person_id, h.run_id, h.price_version,
            h.idempotency_key, h.id, h.period, h.day from unnest(ended) with ordinality h
          returning t.id, t.hold_id)
      insert into billing_stars.ledger_entries (org_id, id, transaction_id, account, debit, credit)
        select w.org_id, uuidv7(), p.id, e.account, e.debit, e.credit from posted p join unnest(ended) h on h.id = p.hold_id
        cross join lateral (values ('used', h.settled, 0), ('monthly', 0, h.paid_monthly), ('package', 0, h.paid_package)) as e (account, debit, credit)
        where e.debit + e.credit > 0;
      answers := answers || told;
    end if;
    if other <= size then answers := array_append(answers, billing_stars.settle(ids[other], amounts[other], by_actor)); end if;
    here := other + 1;
  end loop;
  return to_jsonb(answers);
end;
end
$$;
revoke all on function billing_stars.settle_many from public;
grant execute on function billing_stars.settle_many to billing_stars_app;

create function billing_stars.release_many(ids uuid[], by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  size int := cardinality(ids);
  here int := 1;
  other int;
  ended billing_stars.holds[];
  told jsonb[];
  answers jsonb[] := '{}';
begin
  if size is null or size not between 1 and 64 or array[array_dims(ids)] <> array_fill('[1:' || size || ']', array[1]) then
    raise exception 'a batch is lists of one length, 1 to 64' using errcode = '22023';
  end if;
  while here <= size loop
    w := billing_stars.enter_wallet(org);
    select coalesce(min(u.n), size + 1) into other from unnest(ids) with ordinality as u (id, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.id = u.id
      where u.n >= here and (h.state is distinct from 'open' or h.period <> w.period or array_position(ids, u.id, here) < u.n);
    if other > here then
      with released as (
        update billing_stars.holds h set state = 'released', ended_at = w.moment
          from unnest(ids) with ordinality as u (id, n) where h.org_id = w.org_id and h.id = u.id and u.n >= here and u.n < other
          returning u.n, h)
      select array_agg(r.h order by r.n), array_agg(billing_stars.hold_now(r.h, 'released') order by r.n) into ended, told from released r;
      update billing_stars.cap_counters k set held = k.held - g.stars
        from (select l.layer, l.starts, l.subject, sum(h.stars) as stars, sum(h.settled) as settled
          from unnest(ended) h, billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l group by 1, 2, 3) g
        where k.org_id = w.org_id and k.layer = g.layer and k.starts = g.starts and k.subject = g.subject;
      update billing_stars.wallets x set monthly_held = x.monthly_held - e.held_monthly, package_held = x.package_held - e.held_package, moment = w.moment, day = w.day
        from (select sum(h.from_monthly) as held_monthly, sum(h.from_package) as held_package from unnest(ended) h) e
        where x.org_id = w.org_id and x.id = w.org_id;
      answers := answers || told;
    end if;
    if other <= size then answers := array_append(answers, billing_stars.release(ids[other], by_actor)); end if;
    here := other + 1;
  end loop;
  return to_jsonb(answers);
end;
end
$$;
revoke all on function billing_stars.release_many from public;
grant execute on function billing_stars.release_many to billing_stars_app;

create function billing_stars.ledger_findings() returns table (equation text, org_id uuid, subject text, expected text, actual text) language sql stable as $$
with wallet as materialized (select * from billing_stars.wallets),
hold as materialized (select * from billing_stars.holds),
entry as materialized (select * from billing_stars.ledger_entries),
move as materialized (select * from billing_stars.ledger_transactions),
counter as materialized (select * from billing_stars.cap_counters),
account as (select org_id, account, sum(debit - credit) as sum from entry group by 1, 2),
layer as (
  select h.org_id, 'org_month' as layer, h.period as starts, 'org' as subject, h.settled, h.overrun, h.stars, h.state from hold h
  union all select h.org_id, 'agent_day', h.day, h.agent_id::text, h.settled, h.overrun, h.stars, h.state from hold h
  union all select h.org_id, 'user_agent_month', h.period, h.agent_id::text || '/' || h.person_id::text, h.settled, h.overrun, h.stars, h.state from hold h where h.person_id is not null),
usage as (
  select l.org_id, l.layer, l.starts, l.subject, sum(l.settled) as spent, sum(l.overrun) as overrun, coalesce(sum(l.stars) filter (where l.state = 'open'), 0) as held
  from layer l group by 1, 2, 3, 4),
charge as (
  select m.org_id, m.period, m.day, m.agent_id, m.person_id, e.debit as stars from move m join entry e on e.org_id = m.org_id and e.transaction_id = m.id
  where m.kind in ('charge', 'late_charge') and e.account = 'used'),
paid as (
  select c.org_id, c.payment_id, sum(c.cents) as paid, sum(div(c.cents::numeric * (c.refunded + c.lost), c.amount)) as back, sum(div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount)) as gone
  from billing_stars.charges c join billing_stars.payments b on b.org_id = c.org_id and b.id = c.payment_id and b.currency = c.currency group by 1, 2),
taken as (
  select g.org_id, g.source, sum(r.stars) as stars from billing_stars.grants g join billing_stars.reversals r on r.org_id = g.org_id and r.grant_id = g.id
  where r.source ~ '^(refund|reinstated):' group by 1, 2),
posted as (
  select c.org_id, 'org_month' as layer, c.period as starts, 'org' as subject, sum(c.stars) as spent from charge c group by 1, 3
  union all select c.org_id, 'agent_day', c.day, c.agent_id::text, sum(c.stars) from charge c group by 1, 3, 4
  union all select c.org_id, 'user_agent_month', c.period, c.agent_id::text || '/' || c.person_id::text, sum(c.stars) from charge c where c.person_id is not null group by 1, 3, 4),
finding (equation, org_id, subject, expected, actual) as (
  select 'debits = credits', e.org_id, e.transaction_id::text, sum(e.debit)::text, sum(e.credit)::text from entry e group by 2, 3 having sum(e.debit) <> sum(e.credit) or count(*) < 2
  union all select 'every transaction has entries', m.org_id, m.id::text, '> 0', '0' from move m where not exists (select from entry e where e.org_id = m.org_id and e.transaction_id = m.id)
  union all select 'ledger without gaps', w.org_id, w.org_id::text, w.ledger_seq::text, m.n::text || ' up to ' || m.top::text
    from wallet w left join (select x.org_id, count(*) as n, max(x.seq) as top from move x group by 1) m on m.org_id = w.org_id
    where (coalesce(m.n, 0), coalesce(m.top, 0)) <> (w.ledger_seq, w.ledger_seq)
  union all 
  select 'wallet monthly = ledger', w.org_id, w.org_id::text, (1 * coalesce(a.sum, 0))::text, w.monthly_balance::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'monthly' where w.monthly_balance <> 1 * coalesce(a.sum, 0)
  union all 
  select 'wallet package = ledger', w.org_id, w.org_id::text, (1 * coalesce(a.sum, 0))::text, w.package_balance::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'package' where w.package_balance <> 1 * coalesce(a.sum, 0)
  union all 
  select 'wallet carried = ledger', w.org_id, w.org_id::text, (1 * coalesce(a.sum, 0))::text, w.carried::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'carried' where w.carried <> 1 * coalesce(a.sum, 0)
  union all 
  select 'wallet overdraft = ledger', w.org_id, w.org_id::text, (-1 * coalesce(a.sum, 0))::text, w.overdraft::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'overdraft' where w.overdraft <> -1 * coalesce(a.sum, 0)
  union all select 'held = open holds', w.org_id, w.org_id::text, concat_ws(' ', coalesce(h.monthly, 0), coalesce(h.package, 0), coalesce(h.carried, 0)), concat_ws(' ', w.monthly_held, w.package_held, w.carried)
    from wallet w left join (
      select x.org_id, sum(case when x.period = y.period then x.from_monthly else 0 end) as monthly, sum(x.from_package) as package,
        sum(case when x.period < y.period then x.from_monthly else 0 end) as carried
      from hold x join wallet y on y.org_id = x.org_id where x.state = 'open' group by 1) h on h.org_id = w.org_id
    where (coalesce(h.monthly, 0), coalesce(h.package, 0), coalesce(h.carried, 0)) <> (w.monthly_held, w.package_held, w.carried)
  union all select 'granted = grants - reversals', w.org_id, w.org_id::text, coalesce(g.sum, 0)::text, coalesce(-a.sum, 0)::text
    from wallet w left join account a on a.org_id = w.org_id and a.account = 'granted'
    left join (
      select s.org_id, sum(s.stars) as sum from (select org_id, stars from billing_stars.grants union all select org_id, -stars from billing_stars.reversals) s group by 1) g on g.org_id = w.org_id
    where coalesce(g.sum, 0) <> coalesce(-a.sum, 0)
  union all select 'order = its charges', b.org_id, b.id::text, concat_ws(' ', coalesce(p.paid, 0), coalesce(p.back, 0), coalesce(p.gone - p.back, 0)), concat_ws(' ', b.paid_cents, b.refunded_cents, b.disputed_cents)
    from billing_stars.payments b left join paid p on p.org_id = b.org_id and p.payment_id = b.id
    where (coalesce(p.paid, 0), coalesce(p.back, 0), coalesce(p.gone - p.back, 0)) <> (b.paid_cents, b.refunded_cents, b.disputed_cents) or b.paid_at is not null and b.paid_cents < b.cents
  union all select 'Stars taken back = money that went back', b.org_id, b.id::text, d.stars::text, concat_ws(' ', b.refunded_stars, coalesce(t.stars, 0))
    from billing_stars.payments b left join taken t on t.org_id = b.org_id and t.source = b.grant_source
    cross join lateral (select case when b.paid_at is null then 0 else div(b.stars::numeric * greatest(0, b.cents - b.paid_cents + b.refunded_cents + b.disputed_cents), b.cents) end as stars) d
    where (d.stars, d.stars) <> (b.refunded_stars, coalesce(t.stars, 0))
  union all select 'one renewal a month', b.org_id, to_char(b.period, 'YYYY-MM-DD'), '1', count(*)::text
    from billing_stars.payments b where b.kind = 'renewal' group by b.org_id, b.period having count(*) > 1
  union all select 'used = settled holds', w.org_id, w.org_id::text, coalesce(h.sum, 0)::text, coalesce(a.sum, 0)::text
    from wallet w left join account a on a.org_id = w.org_id and a.account = 'used'
    left join (select x.org_id, sum(x.settled) as sum from hold x group by 1) h on h.org_id = w.org_id where coalesce(h.sum, 0) <> coalesce(a.sum, 0)
  union all select 'one charge per settled hold', coalesce(h.org_id, c.org_id), coalesce(h.id, c.hold_id)::text, h.settled::text, concat_ws(' of ', c.n, c.stars)
    from hold h full join (
      select m.org_id, m.hold_id, count(*) as n, sum(e.debit) as stars from move m join entry e on e.org_id = m.org_id and e.transaction_id = m.id
      where e.account = 'used' group by 1, 2) c on c.org_id = h.org_id and c.hold_id = h.id
    where coalesce(c.stars, 0) is distinct from h.settled or coalesce(c.n, 0) <> (h.settled > 0)::int
  union all select 'counters = holds', coalesce(u.org_id, k.org_id), concat_ws(' ', coalesce(u.layer, k.layer), coalesce(u.starts, k.starts), coalesce(u.subject, k.subject)),
      concat_ws(' ', u.spent, u.overrun, u.held), concat_ws(' ', k.spent, k.overrun, k.held)
    from usage u full join counter k on k.org_id = u.org_id and k.layer = u.layer and k.starts = u.starts and k.subject = u.subject
    where (u.spent, u.overrun, u.held) is distinct from (k.spent::numeric, k.overrun::numeric, k.held::numeric)
  union all select 'counters = ledger', k.org_id, concat_ws(' ', k.layer, k.starts, k.subject), coalesce(p.spent, 0)::text, k.spent::text
    from counter k left join posted p on p.org_id = k.org_id and p.layer = k.layer and p.starts = k.starts and p.subject = k.subject where k.spent <> coalesce(p.spent, 0)
  union all select 'spent + held ≤ cap, but for overruns', k.org_id, concat_ws(' ', k.layer, k.starts, k.subject), k.allowed::text, (k.spent - k.overrun + k.held)::text
    from counter k where k.spent - k.overrun + k.held > k.allowed
  union all select 'held ≤ balance', w.org_id, w.org_id::text, concat_ws(' ', w.monthly_balance, w.package_balance), concat_ws(' ', w.monthly_held, w.package_held)
    from wallet w where w.monthly_held > w.monthly_balance or w.package_held > w.package_balance)
select * from finding
$$;
revoke all on function billing_stars.ledger_findings from public;
grant execute on function billing_stars.ledger_findings to billing_stars_app, billing_stars_checker;

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

create function billing_stars.delete_org_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from billing_stars.org_commands d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function billing_stars.delete_org_commands from public;
grant execute on function billing_stars.delete_org_commands to billing_stars_app;

create function billing_stars.delete_person_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from billing_stars.person_commands d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function billing_stars.delete_person_commands from public;
grant execute on function billing_stars.delete_person_commands to billing_stars_app;

create function billing_stars.delete_platform_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from billing_stars.platform_commands d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function billing_stars.delete_platform_commands from public;
grant execute on function billing_stars.delete_platform_commands to billing_stars_app;

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
