-- A row that is written has no conditions beside the policy's: it is compared with what the tag says once, not twice.

alter policy "tenancy_restrictive" on "orgs"."audit_entries" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_permissive" on "orgs"."audit_entries" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_restrictive" on "orgs"."audit_heads" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_permissive" on "orgs"."audit_heads" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_restrictive" on "orgs"."invitations" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_permissive" on "orgs"."invitations" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_restrictive" on "orgs"."members" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_permissive" on "orgs"."members" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_restrictive" on "orgs"."organizations" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_permissive" on "orgs"."organizations" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_restrictive" on "orgs"."org_commands" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_permissive" on "orgs"."org_commands" with check (org_id = (select tenancy.org_id()));
alter policy "tenancy_restrictive_orgs_owner" on "orgs"."outbox" with check (org_id = (select current_setting('tenancy.entered')::uuid));
alter policy "tenancy_permissive_orgs_owner" on "orgs"."outbox" with check (org_id = (select current_setting('tenancy.entered')::uuid));
alter policy "tenancy_restrictive" on "orgs"."person_commands" with check (user_id = (select tenancy.self_id()));
alter policy "tenancy_permissive" on "orgs"."person_commands" with check (user_id = (select tenancy.self_id()));
alter policy "tenancy_restrictive" on "orgs"."platform_commands" with check (realm = (select tenancy.realm()));
alter policy "tenancy_permissive" on "orgs"."platform_commands" with check (realm = (select tenancy.realm()));
