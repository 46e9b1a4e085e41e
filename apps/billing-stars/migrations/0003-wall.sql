-- Every policy asks for the tenant's key before any condition of an asker's can be evaluated, and every index of a table that
-- a runtime role may touch begins with it. `prepareDatabase` makes what the policies compare with; run it before this.

-- Platform tables get a key too, the same in every row.

alter table "billing_stars"."event_positions" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "billing_stars"."event_positions" drop constraint "event_positions_pkey", add primary key ("realm", "id");
alter table "billing_stars"."event_positions" drop constraint "event_positions_source_unique";
alter table "billing_stars"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

alter table "billing_stars"."platform_commands" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "billing_stars"."platform_commands" drop constraint "platform_commands_pkey", add primary key ("realm", "id");
drop index "billing_stars"."platform_commands_created_at_index";
alter table "billing_stars"."platform_commands" drop constraint "platform_commands_actor_message_type_idempotency_key_unique";
create index "platform_commands_realm_created_at_index" on "billing_stars"."platform_commands" ("realm", "created_at");
alter table "billing_stars"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

drop policy "tenancy_restrictive" on "billing_stars"."audit_entries";
drop policy "tenancy_permissive" on "billing_stars"."audit_entries";
create policy "tenancy_restrictive" on "billing_stars"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "billing_stars"."audit_heads";
drop policy "tenancy_permissive" on "billing_stars"."audit_heads";
create policy "tenancy_restrictive" on "billing_stars"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "billing_stars"."blocked_entities";
drop policy "tenancy_permissive" on "billing_stars"."blocked_entities";
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."blocked_entities" to "billing_stars_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "billing_stars"."caps";
drop policy "tenancy_permissive" on "billing_stars"."caps";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."caps" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."caps" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."caps" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."caps" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."caps" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."cap_counters";
drop policy "tenancy_permissive" on "billing_stars"."cap_counters";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."cap_counters" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."cap_counters" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."cap_counters" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."cap_counters" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."cap_counters" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."dead_letters";
drop policy "tenancy_permissive" on "billing_stars"."dead_letters";
create policy "tenancy_restrictive" on "billing_stars"."dead_letters" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."dead_letters" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "billing_stars"."event_positions";
drop policy "tenancy_permissive" on "billing_stars"."event_positions";
create policy "tenancy_restrictive" on "billing_stars"."event_positions" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "billing_stars"."event_positions" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "billing_stars"."grants";
drop policy "tenancy_permissive" on "billing_stars"."grants";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."grants" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."grants" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."grants" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."grants" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."grants" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."holds";
drop policy "tenancy_permissive" on "billing_stars"."holds";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."holds" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."holds" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."holds" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."holds" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."holds" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."inbox";
drop policy "tenancy_permissive" on "billing_stars"."inbox";
create policy "tenancy_restrictive" on "billing_stars"."inbox" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."inbox" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "billing_stars"."ledger_entries";
drop policy "tenancy_permissive" on "billing_stars"."ledger_entries";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."ledger_entries" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."ledger_entries" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."ledger_entries" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."ledger_entries" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."ledger_entries" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."ledger_transactions";
drop policy "tenancy_permissive" on "billing_stars"."ledger_transactions";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."ledger_transactions" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."ledger_transactions" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."ledger_transactions" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."ledger_transactions" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."ledger_transactions" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."org_commands";
drop policy "tenancy_permissive" on "billing_stars"."org_commands";
create policy "tenancy_restrictive" on "billing_stars"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "billing_stars"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "billing_stars"."outbox";
drop policy "tenancy_permissive" on "billing_stars"."outbox";
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."outbox" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."outbox" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_relay" on "billing_stars"."outbox" to "billing_stars_relay" using (true) with check (true);

drop policy "tenancy_restrictive" on "billing_stars"."payments";
drop policy "tenancy_permissive" on "billing_stars"."payments";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."payments" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."payments" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."payments" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."payments" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."payments" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."payment_events";
drop policy "tenancy_permissive" on "billing_stars"."payment_events";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."payment_events" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."payment_events" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."payment_events" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."payment_events" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."payment_events" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."payment_references";
drop policy "tenancy_permissive" on "billing_stars"."payment_references";
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."payment_references" to "billing_stars_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "billing_stars"."person_commands";
drop policy "tenancy_permissive" on "billing_stars"."person_commands";
create policy "tenancy_restrictive" on "billing_stars"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "billing_stars"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "billing_stars"."platform_commands";
drop policy "tenancy_permissive" on "billing_stars"."platform_commands";
create policy "tenancy_restrictive" on "billing_stars"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "billing_stars"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "billing_stars"."prices";
drop policy "tenancy_permissive" on "billing_stars"."prices";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."prices" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."prices" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."prices" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."prices" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."prices" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."price_versions";
drop policy "tenancy_permissive" on "billing_stars"."price_versions";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."price_versions" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."price_versions" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."price_versions" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."price_versions" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."price_versions" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."reversals";
drop policy "tenancy_permissive" on "billing_stars"."reversals";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."reversals" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."reversals" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."reversals" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."reversals" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."reversals" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."subscriptions";
drop policy "tenancy_permissive" on "billing_stars"."subscriptions";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."subscriptions" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."subscriptions" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."subscriptions" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."subscriptions" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."subscriptions" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."wallets";
drop policy "tenancy_permissive" on "billing_stars"."wallets";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."wallets" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."wallets" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."wallets" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."wallets" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."wallets" for select to "billing_stars_checker" using (true);

drop policy "tenancy_restrictive" on "billing_stars"."wallet_watch";
drop policy "tenancy_permissive" on "billing_stars"."wallet_watch";
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."wallet_watch" to "billing_stars_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "billing_stars"."warnings";
drop policy "tenancy_permissive" on "billing_stars"."warnings";
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."warnings" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."warnings" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."warnings" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."warnings" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."warnings" for select to "billing_stars_checker" using (true);

-- The runtime role reaches its outbox through functions only: what an organization writes there holds up nobody else.
alter table "billing_stars"."outbox" add column "refused" text null;
drop index billing_stars.outbox_unpublished;
create index outbox_unpublished on billing_stars.outbox (org_id, created_at, id) where published_at is null;
revoke all on billing_stars.outbox from billing_stars_app;
grant update (refused) on billing_stars.outbox to billing_stars_relay;

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
  if octet_length(payload) > 262144 or greatest(length(by_actor), length(request), length(trace_parent)) > 512 then
    raise exception 'the event is too large' using errcode = '54000';
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
begin
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from billing_stars.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from billing_stars.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      order by o.written_in, o.id limit most) e on true;
end
$$;
revoke all on function billing_stars.events_since from public;
grant execute on function billing_stars.events_since to billing_stars_app;

create or replace function billing_stars.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select o.id from billing_stars.outbox o where o.org_id = org and o.written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by o.written_in desc, o.id desc limit 1;
end
$$;
revoke all on function billing_stars.newest_event from public;
grant execute on function billing_stars.newest_event to billing_stars_app;
