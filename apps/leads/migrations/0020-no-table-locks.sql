create function leads.delete_import_chunks(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.import_chunks d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_import_chunks from public;
grant execute on function leads.delete_import_chunks to leads_app;

create function leads.delete_leads(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.leads d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_leads from public;
grant execute on function leads.delete_leads to leads_app;

create function leads.delete_org_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.org_commands d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_org_commands from public;
grant execute on function leads.delete_org_commands to leads_app;

create function leads.delete_person_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from leads.person_commands d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_person_commands from public;
grant execute on function leads.delete_person_commands to leads_app;

create function leads.delete_platform_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from leads.platform_commands d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_platform_commands from public;
grant execute on function leads.delete_platform_commands to leads_app;

revoke update, delete on leads.lead_fields from leads_app;
grant update (key, label, kind, options, archived) on leads.lead_fields to leads_app;
revoke update, delete on leads.imports from leads_app;
grant update (file_name, status, pipeline_id, mapping, delimiter, default_contact_name, value_decimals, started_by, received_bytes, rows_total, rows_read, created, updated, unchanged, refused, errors_noted, error_code, error_detail, lease, heartbeat_at, attempts, created_at, finished_at) on leads.imports to leads_app;
revoke update, delete on leads.import_chunks from leads_app;
grant update (import_id, seq, sha256, data) on leads.import_chunks to leads_app;
revoke update, delete on leads.leads from leads_app;
grant update (pipeline_id, stage_id, contact_name, company, email, phone, site, city, state, country, owner_id, value_minor, tags, custom_fields, external_id, created_at, updated_at, version) on leads.leads to leads_app;
revoke update, delete on leads.pipelines from leads_app;
grant update (name, is_default, archived, created_at, version) on leads.pipelines to leads_app;
revoke update, delete on leads.stages from leads_app;
grant update (pipeline_id, name, position, kind, is_default, archived) on leads.stages to leads_app;
revoke update, delete on leads.org_commands from leads_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on leads.org_commands to leads_app;
revoke update, delete on leads.person_commands from leads_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on leads.person_commands to leads_app;
revoke update, delete on leads.platform_commands from leads_app;
grant update (actor, message_type, idempotency_key, request_hash, reply, created_at) on leads.platform_commands to leads_app;
