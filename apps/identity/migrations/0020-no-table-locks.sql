create function identity.delete_password_resets(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from identity.password_resets d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_password_resets from public;
grant execute on function identity.delete_password_resets to identity_app;

create function identity.delete_totp_factors(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from identity.totp_factors d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_totp_factors from public;
grant execute on function identity.delete_totp_factors to identity_app;

create function identity.delete_recovery_codes(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from identity.recovery_codes d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_recovery_codes from public;
grant execute on function identity.delete_recovery_codes to identity_app;

create function identity.delete_sessions(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from identity.sessions d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_sessions from public;
grant execute on function identity.delete_sessions to identity_app;

create function identity.delete_refresh_tokens(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from identity.refresh_tokens d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_refresh_tokens from public;
grant execute on function identity.delete_refresh_tokens to identity_app;

create function identity.delete_signing_keys(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from identity.signing_keys d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_signing_keys from public;
grant execute on function identity.delete_signing_keys to identity_app;

create function identity.delete_throttles(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from identity.throttles d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_throttles from public;
grant execute on function identity.delete_throttles to identity_app;

create function identity.delete_org_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from identity.org_commands d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_org_commands from public;
grant execute on function identity.delete_org_commands to identity_app;

create function identity.delete_person_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from identity.person_commands d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_person_commands from public;
grant execute on function identity.delete_person_commands to identity_app;

create function identity.delete_platform_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from identity.platform_commands d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_platform_commands from public;
grant execute on function identity.delete_platform_commands to identity_app;

revoke update, delete on identity.people from identity_app;
grant update (name, created_at) on identity.people to identity_app;
revoke update, delete on identity.access_grants from identity_app;
grant update (email, email_key, token_hash, state, issued_by, created_at, expires_at, activated_at) on identity.access_grants to identity_app;
revoke update, delete on identity.credentials from identity_app;
grant update (password_hash, changed_at) on identity.credentials to identity_app;
revoke update, delete on identity.password_resets from identity_app;
grant update (token_hash, created_at, expires_at) on identity.password_resets to identity_app;
revoke update, delete on identity.totp_factors from identity_app;
grant update (state, sealed_secret, last_step, created_at) on identity.totp_factors to identity_app;
revoke update, delete on identity.recovery_codes from identity_app;
grant update (code_hash) on identity.recovery_codes to identity_app;
revoke update, delete on identity.sessions from identity_app;
grant update (created_at, last_used_at, expires_at, address, user_agent, mfa, ended_at, end_reason) on identity.sessions to identity_app;
revoke update, delete on identity.refresh_tokens from identity_app;
grant update (session_id, token_hash, created_at, expires_at, used_at) on identity.refresh_tokens to identity_app;
revoke update, delete on identity.signing_keys from identity_app;
grant update (generation, public_x, sealed_private, signs_from, created_at) on identity.signing_keys to identity_app;
revoke update, delete on identity.throttles from identity_app;
grant update (failures, last_at, blocked_until, proved_at) on identity.throttles to identity_app;
revoke update, delete on identity.org_commands from identity_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on identity.org_commands to identity_app;
revoke update, delete on identity.person_commands from identity_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on identity.person_commands to identity_app;
revoke update, delete on identity.platform_commands from identity_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on identity.platform_commands to identity_app;
