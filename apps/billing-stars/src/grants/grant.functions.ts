import { entryPoint, platformEntryPoint, step } from '../schema.functions.js';

export const grantFunctions: readonly string[] = [
  // Pays an overdraft out of what is free, monthly first. Gives the wallet as it is then.
  step(
    'repay(w billing_stars.wallets, by_actor text)',
    'billing_stars.wallets',
    `declare
  entry billing_stars.ledger_transactions;
  pay bigint := least(w.overdraft, w.monthly_balance - w.monthly_held + w.package_balance - w.package_held);
  monthly bigint := least(pay, w.monthly_balance - w.monthly_held);
begin
  if pay = 0 then return w; end if;
  entry.kind := 'repayment';
  entry.actor := by_actor;
  entry.period := w.period;
  return billing_stars.post(w, entry, array['overdraft', 'monthly', 'package'], array[pay, -monthly, monthly - pay]);
end`,
  ),

  // Stars come in, and pay an overdraft first. Gives the wallet as it is then.
  step(
    'book_grant(w billing_stars.wallets, grant_source text, into_compartment text, amount bigint, by_actor text)',
    'billing_stars.wallets',
    `declare
  entry billing_stars.ledger_transactions;
begin
  entry.grant_id := uuidv7();
  insert into billing_stars.grants (org_id, id, source, compartment, stars, period, granted_by, granted_at)
    values (w.org_id, entry.grant_id, grant_source, into_compartment, amount, w.period, by_actor, w.moment);
  entry.kind := 'grant';
  entry.actor := by_actor;
  entry.idempotency_key := grant_source;
  entry.period := w.period;
  return billing_stars.repay(billing_stars.post(w, entry, array[into_compartment, 'granted'], array[amount, -amount]), by_actor);
end`,
  ),

  // Stars go back, from the grant's own compartment first, then from the other; what is spent or held is owed. Gives
  // the reversal's id.
  step(
    'take_back(w billing_stars.wallets, g billing_stars.grants, reversal_source text, amount bigint, by_actor text)',
    'uuid',
    `declare
  reversal uuid := uuidv7();
  entry billing_stars.ledger_transactions;
  monthly bigint := w.monthly_balance - w.monthly_held;
  package bigint := w.package_balance - w.package_held;
begin
  insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
    values (w.org_id, reversal, reversal_source, g.id, amount, by_actor, w.moment);
  if g.compartment = 'monthly' then
    monthly := least(amount, monthly);
    package := least(amount - monthly, package);
  else
    package := least(amount, package);
    monthly := least(amount - package, monthly);
  end if;
  entry.kind := 'reversal';
  entry.actor := by_actor;
  entry.grant_id := g.id;
  entry.idempotency_key := reversal_source;
  entry.period := w.period;
  perform billing_stars.post(w, entry, array['granted', 'monthly', 'package', 'overdraft'], array[amount, -monthly, -package, monthly + package - amount]);
  return reversal;
end`,
  ),

  // The same source again changes nothing; with another amount it is refused.
  platformEntryPoint(
    'grant_stars(for_org uuid, grant_source text, into_compartment text, amount bigint, by_actor text)',
    'jsonb',
    `declare
  w billing_stars.wallets;
  g billing_stars.grants;
begin
  perform billing_stars.check_stars(amount, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into g from billing_stars.grants x where x.org_id = w.org_id and x.source = grant_source;
  if found then
    if g.stars <> amount or g.compartment <> into_compartment then return jsonb_build_object('outcome', 'source_reused'); end if;
    return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', false);
  end if;
  w := billing_stars.book_grant(w, grant_source, into_compartment, amount, by_actor);
  select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = grant_source;
  if into_compartment = 'monthly' then perform billing_stars.watch_wallet(w); end if;
  return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', true);
end`,
  ),

  // What is taken back and spent already blocks every reservation until it is paid.
  platformEntryPoint(
    'reverse_grant(for_org uuid, reversal_source text, granted_source text, amount bigint, by_actor text)',
    'jsonb',
    `declare
  w billing_stars.wallets;
  g billing_stars.grants;
  r billing_stars.reversals;
begin
  perform billing_stars.check_stars(amount, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into g from billing_stars.grants x where x.org_id = w.org_id and x.source = granted_source;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into r from billing_stars.reversals x where x.org_id = w.org_id and x.source = reversal_source;
  if found then
    if r.stars <> amount or r.grant_id <> g.id then return jsonb_build_object('outcome', 'source_reused'); end if;
    return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', false);
  end if;
  if amount + (select coalesce(sum(x.stars), 0) from billing_stars.reversals x where x.org_id = w.org_id and x.grant_id = g.id) > g.stars then
    return jsonb_build_object('outcome', 'too_much');
  end if;
  r.id := billing_stars.take_back(w, g, reversal_source, amount, by_actor);
  return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', true);
end`,
  ),

  // What somebody who may decide about the wallet does when a small overdraft blocks it before the next grant.
  entryPoint(
    'repay_overdraft(by_actor text)',
    'bigint',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then return null; end if;
  return (billing_stars.repay(w, by_actor)).overdraft;
end`,
  ),
];
