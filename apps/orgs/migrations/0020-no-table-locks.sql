create function orgs.delete_members(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from orgs.members d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_members from public;
grant execute on function orgs.delete_members to orgs_app;

create function orgs.delete_org_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from orgs.org_commands d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_org_commands from public;
grant execute on function orgs.delete_org_commands to orgs_app;

create function orgs.delete_person_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from orgs.person_commands d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_person_commands from public;
grant execute on function orgs.delete_person_commands to orgs_app;

create function orgs.delete_platform_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from orgs.platform_commands d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_platform_commands from public;
grant execute on function orgs.delete_platform_commands to orgs_app;

revoke update, delete on orgs.invitations from orgs_app;
grant update (email, role, status, invited_by, accepted_by, created_at, expires_at) on orgs.invitations to orgs_app;
revoke update, delete on orgs.members from orgs_app;
grant update (email, name, role, joined_at, version) on orgs.members to orgs_app;
revoke update, delete on orgs.organizations from orgs_app;
grant update (slug, name, description, country, time_zone, language, currency, mfa_required, status, status_reason, created_at, deleted_at, purge_after, version) on orgs.organizations to orgs_app;
revoke update, delete on orgs.org_commands from orgs_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.org_commands to orgs_app;
revoke update, delete on orgs.person_commands from orgs_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.person_commands to orgs_app;
revoke update, delete on orgs.platform_commands from orgs_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.platform_commands to orgs_app;
