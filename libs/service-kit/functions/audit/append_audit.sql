create or replace function service_schema.append_audit(
  entry_id uuid,
  actor text,
  action text,
  outcome text,
  subject text,
  detail jsonb,
  request_id text
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
  head service_schema.audit_heads;
  moment timestamptz := clock_timestamp();
  link text;
begin
  actor := tenancy.acting(actor);
  select *
  into head
  from service_schema.audit_heads h
  where h.org_id = org and h.id = org
  for update;
  if not found then
    insert into service_schema.audit_heads (org_id, id, seq, hash)
    values (org, org, 0, repeat('0', 64))
    on conflict do nothing;
    select *
    into strict head
    from service_schema.audit_heads h
    where h.org_id = org and h.id = org
    for update;
  end if;
  link := encode(
    sha256(
      convert_to(
        jsonb_build_array(
          head.hash, org, head.seq + 1, extract(epoch from moment)::text, actor, action, outcome, subject,
          detail, request_id
        )::text,
        'UTF8'
      )
    ),
    'hex'
  );
  insert into service_schema.audit_entries (
    org_id, id, seq, at, actor, action, outcome, subject, detail, request_id, hash
  )
  values (org, entry_id, head.seq + 1, moment, actor, action, outcome, subject, detail, request_id, link);
  update service_schema.audit_heads h
  set seq = head.seq + 1, hash = link
  where h.org_id = org and h.id = org;
end
$$;

comment on function service_schema.append_audit is
  'The only way an audit entry comes to be. The organization is the tag’s, and so is who acted: no other name '
  'is taken. Each hash covers the entry and the hash before it, so a change anywhere breaks every later link; '
  'the head row orders concurrent appends of one organization.';

revoke all on function service_schema.append_audit from public;
grant execute on function service_schema.append_audit to service_schema_app;
