import type { TestDatabase, TestOrg } from '@apollo/testing';

/**
 * Everything kept of one wallet, without the ids that were made up for it: a hold is known by its key, an owner as
 * such.
 */
const PARTS = {
  wallet: "select to_jsonb(w) - '{org_id,id}'::text[] as row from billing_stars.wallets w where w.org_id = $1",
  due: 'select d.due_at as row from billing_stars.wallet_watch d where d.org_id = $1',
  counters:
    "select to_jsonb(k) - '{org_id,id}'::text[] as row from billing_stars.cap_counters k where k.org_id = $1 order by k.layer, k.starts, k.subject",
  holds:
    "select to_jsonb(h) - '{org_id,id}'::text[] as row from billing_stars.holds h where h.org_id = $1 order by h.idempotency_key",
  ledger: `select to_jsonb(t) - '{org_id,id,hold_id,grant_id,idempotency_key}'::text[] || jsonb_build_object('key', h.idempotency_key, 'known_by_it', t.idempotency_key = h.idempotency_key,
      'entries', (select jsonb_object_agg(e.account, e.debit - e.credit) from billing_stars.ledger_entries e where e.org_id = t.org_id and e.transaction_id = t.id)) as row
    from billing_stars.ledger_transactions t left join billing_stars.holds h on h.org_id = t.org_id and h.id = t.hold_id where t.org_id = $1 order by t.seq`,
  warnings:
    "select to_jsonb(x) - '{org_id,id}'::text[] as row from billing_stars.warnings x where x.org_id = $1 order by x.layer, x.starts, x.subject, x.threshold",
  events:
    'select jsonb_build_array(o.entity_version, o.type, o.actor, o.body) as row from billing_stars.outbox o where o.org_id = $1 order by o.entity, o.entity_version',
};

/** What is kept of an organization's wallet, to be compared with another one's to which the same was done. */
export async function walletRecord(test: TestDatabase, org: TestOrg): Promise<Record<string, unknown>> {
  const parts = Object.entries(PARTS).map(async ([part, text]) => [
    part,
    (await test.admin(text, [org.id])).map(({ row }) => row),
  ]);
  const record = JSON.stringify(Object.fromEntries(await Promise.all(parts))).replaceAll(org.owner, 'its owner');
  return JSON.parse(record) as Record<string, unknown>;
}

/** The keys of the organization's holds, by id. */
export async function keysOfHolds(test: TestDatabase, org: TestOrg): Promise<Map<string, string>> {
  const rows = await test.admin('select id, idempotency_key as key from billing_stars.holds where org_id = $1', [
    org.id,
  ]);
  return new Map(rows.map(({ id, key }) => [String(id), String(key)]));
}
