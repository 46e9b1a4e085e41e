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

create function billing_stars.delete_dead_letters(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from billing_stars.dead_letters d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function billing_stars.delete_dead_letters from public;
grant execute on function billing_stars.delete_dead_letters to billing_stars_app;

revoke update, delete on billing_stars.org_commands from billing_stars_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on billing_stars.org_commands to billing_stars_app;
revoke update, delete on billing_stars.person_commands from billing_stars_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on billing_stars.person_commands to billing_stars_app;
revoke update, delete on billing_stars.platform_commands from billing_stars_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on billing_stars.platform_commands to billing_stars_app;
revoke update, delete on billing_stars.inbox from billing_stars_app;
grant update (source, entity, entity_id, version, at) on billing_stars.inbox to billing_stars_app;
revoke update, delete on billing_stars.dead_letters from billing_stars_app;
grant update (type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at) on billing_stars.dead_letters to billing_stars_app;
revoke update, delete on billing_stars.event_positions from billing_stars_app;
grant update (source, mark) on billing_stars.event_positions to billing_stars_app;
