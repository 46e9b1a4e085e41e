-- Every policy asks for the tenant's key before any condition of an asker's can be evaluated, and every index of a table that
-- a runtime role may touch begins with it. `prepareDatabase` makes what the policies compare with; run it before this.

-- Platform tables get a key too, the same in every row.

alter table "identity"."access_grants" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "identity"."access_grants" drop constraint "access_grants_pkey", add primary key ("realm", "id");
drop index "identity"."access_grants_one_pending";
alter table "identity"."access_grants" drop constraint "access_grants_token_hash_unique";
create unique index access_grants_one_pending on identity.access_grants (realm, email_key) where state = 'pending';
alter table "identity"."access_grants" add constraint "access_grants_realm_token_hash_unique" unique ("realm", "token_hash");

alter table "identity"."platform_commands" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "identity"."platform_commands" drop constraint "platform_commands_pkey", add primary key ("realm", "id");
drop index "identity"."platform_commands_created_at_index";
alter table "identity"."platform_commands" drop constraint "platform_commands_actor_message_type_idempotency_key_unique";
create index "platform_commands_realm_created_at_index" on "identity"."platform_commands" ("realm", "created_at");
alter table "identity"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

alter table "identity"."signing_keys" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "identity"."signing_keys" drop constraint "signing_keys_pkey", add primary key ("realm", "id");
alter table "identity"."signing_keys" drop constraint "signing_keys_generation_unique";
alter table "identity"."signing_keys" add constraint "signing_keys_realm_generation_unique" unique ("realm", "generation");

alter table "identity"."throttles" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "identity"."throttles" drop constraint "throttles_pkey", add primary key ("realm", "id");
drop index "identity"."throttles_last_at_index";
create index "throttles_realm_last_at_index" on "identity"."throttles" ("realm", "last_at");

drop policy "tenancy_restrictive" on "identity"."access_grants";
drop policy "tenancy_permissive" on "identity"."access_grants";
create policy "tenancy_restrictive" on "identity"."access_grants" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."access_grants" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "identity"."accounts";
drop policy "tenancy_permissive" on "identity"."accounts";
create policy "tenancy_permissive_identity_owner" on "identity"."accounts" to "identity_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "identity"."audit_entries";
drop policy "tenancy_permissive" on "identity"."audit_entries";
create policy "tenancy_restrictive" on "identity"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "identity"."audit_heads";
drop policy "tenancy_permissive" on "identity"."audit_heads";
create policy "tenancy_restrictive" on "identity"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "identity"."credentials";
drop policy "tenancy_permissive" on "identity"."credentials";
create policy "tenancy_restrictive" on "identity"."credentials" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."credentials" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."org_commands";
drop policy "tenancy_permissive" on "identity"."org_commands";
create policy "tenancy_restrictive" on "identity"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "identity"."password_resets";
drop policy "tenancy_permissive" on "identity"."password_resets";
create policy "tenancy_restrictive" on "identity"."password_resets" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."password_resets" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."person_commands";
drop policy "tenancy_permissive" on "identity"."person_commands";
create policy "tenancy_restrictive" on "identity"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."people";
drop policy "tenancy_permissive" on "identity"."people";
create policy "tenancy_restrictive" on "identity"."people" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."people" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."platform_commands";
drop policy "tenancy_permissive" on "identity"."platform_commands";
create policy "tenancy_restrictive" on "identity"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "identity"."recovery_codes";
drop policy "tenancy_permissive" on "identity"."recovery_codes";
create policy "tenancy_restrictive" on "identity"."recovery_codes" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."recovery_codes" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."refresh_tokens";
drop policy "tenancy_permissive" on "identity"."refresh_tokens";
create policy "tenancy_restrictive" on "identity"."refresh_tokens" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."refresh_tokens" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."security_events";
drop policy "tenancy_permissive" on "identity"."security_events";
create policy "tenancy_restrictive" on "identity"."security_events" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."security_events" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."signing_keys";
drop policy "tenancy_permissive" on "identity"."signing_keys";
create policy "tenancy_restrictive" on "identity"."signing_keys" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."signing_keys" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "identity"."sessions";
drop policy "tenancy_permissive" on "identity"."sessions";
create policy "tenancy_restrictive" on "identity"."sessions" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."sessions" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "identity"."throttles";
drop policy "tenancy_permissive" on "identity"."throttles";
create policy "tenancy_restrictive" on "identity"."throttles" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."throttles" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "identity"."totp_factors";
drop policy "tenancy_permissive" on "identity"."totp_factors";
create policy "tenancy_restrictive" on "identity"."totp_factors" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."totp_factors" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
