import { p, tenantTable } from '@apollo/tenancy/postgres';

/** The tables of a service's audit log: entries anyone of the org may be shown, and the head of each chain. */
export function auditTables(schema: string) {
  const entries = tenantTable({
    name: 'AuditEntry',
    schema,
    table: 'audit_entries',
    access: 'read',
    properties: {
      seq: p.bigint('number'),
      at: p.datetime(),
      actor: p.text(),
      action: p.text(),
      outcome: p.text(),
      subject: p.text().nullable(),
      detail: p.json(),
      requestId: p.text(),
      hash: p.text(),
    },
    uniques: [['seq']],
    indexes: [['actor', 'seq']],
    octets: { detail: 16_384 },
  });
  const heads = tenantTable({
    name: 'AuditHead',
    schema,
    table: 'audit_heads',
    access: 'none',
    properties: { seq: p.bigint('number'), hash: p.text() },
  });
  return [entries, heads];
}

/**
 * `append_audit`: the only way an entry comes to be. Runs as the schema's owner, who is bound by the same policies;
 * the organization is the tag's, and so is who acted: no other name is taken. Each hash covers the entry and the hash
 * before it, so a change anywhere breaks every later link; the head row orders concurrent appends of one organization.
 */
export function auditFunction(schema: string): string {
  return `create function ${schema}.append_audit(entry_id uuid, actor text, action text, outcome text, subject text, detail jsonb, request_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  head ${schema}.audit_heads;
  moment timestamptz := clock_timestamp();
  link text;
begin
  actor := tenancy.acting(actor);
  select * into head from ${schema}.audit_heads h where h.org_id = org and h.id = org for update;
  if not found then
    insert into ${schema}.audit_heads (org_id, id, seq, hash) values (org, org, 0, repeat('0', 64)) on conflict do nothing;
    select * into strict head from ${schema}.audit_heads h where h.org_id = org and h.id = org for update;
  end if;
  link := encode(sha256(convert_to(jsonb_build_array(head.hash, org, head.seq + 1, extract(epoch from moment)::text,
    actor, action, outcome, subject, detail, request_id)::text, 'UTF8')), 'hex');
  insert into ${schema}.audit_entries (org_id, id, seq, at, actor, action, outcome, subject, detail, request_id, hash)
    values (org, entry_id, head.seq + 1, moment, actor, action, outcome, subject, detail, request_id, link);
  update ${schema}.audit_heads h set seq = head.seq + 1, hash = link where h.org_id = org and h.id = org;
end $$;
revoke all on function ${schema}.append_audit from public;
grant execute on function ${schema}.append_audit to ${schema}_app;`;
}
