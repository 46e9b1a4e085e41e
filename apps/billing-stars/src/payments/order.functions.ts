import { directory, step } from '../schema.functions.js';

/** Most orders an operator is told of at once. */
const OVERPAID = 100;

/** What an order comes to, by all that is known of the charges that were made for it. */
export const orderFunctions: readonly string[] = [
  // Takes Stars of an order back, or gives them again where `moved` is below zero: what was taken last comes first, an
  // overdraft, and each compartment has its own again. What was owed and has been paid since comes as package Stars.
  step(
    'move_paid_stars(w billing_stars.wallets, b billing_stars.payments, moved bigint, by_event text, by_actor text)',
    'void',
    `declare
  g billing_stars.grants;
  after billing_stars.wallets;
  entry billing_stars.ledger_transactions;
  amount bigint := -moved;
  owed bigint := least(amount, b.refunded_stars - b.taken_monthly - b.taken_package);
  monthly bigint;
  package bigint;
  pays bigint := least(owed, w.overdraft);
begin
  select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = b.grant_source;
  if moved > 0 then
    perform billing_stars.take_back(w, g, 'refund:' || by_event, moved, by_actor);
    select * into strict after from billing_stars.wallets x where x.org_id = w.org_id and x.id = w.org_id;
    monthly := after.monthly_balance - w.monthly_balance;
    package := after.package_balance - w.package_balance;
  else
    if g.compartment = 'monthly' then
      package := least(amount - owed, b.taken_package);
      monthly := amount - owed - package;
    else
      monthly := least(amount - owed, b.taken_monthly);
      package := amount - owed - monthly;
    end if;
    entry.kind := 'reinstatement';
    entry.actor := by_actor;
    entry.grant_id := g.id;
    entry.idempotency_key := 'reinstated:' || by_event;
    entry.period := w.period;
    insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
      values (w.org_id, uuidv7(), entry.idempotency_key, g.id, moved, by_actor, w.moment);
    w := billing_stars.post(w, entry, array['overdraft', 'monthly', 'package', 'granted'], array[pays, monthly, package + owed - pays, moved]);
    perform billing_stars.watch_wallet(billing_stars.repay(w, by_actor));
  end if;
  update billing_stars.payments x set refunded_stars = x.refunded_stars + moved, taken_monthly = x.taken_monthly - monthly, taken_package = x.taken_package - package
    where x.org_id = w.org_id and x.id = b.id;
end`,
  ),

  // A plan whose money has all gone back ends with its period; it goes on when the money comes again after all.
  step(
    'end_unpaid_plan(w billing_stars.wallets, b billing_stars.payments, becomes text)',
    'void',
    `declare
  ends boolean := becomes = 'refunded';
begin
  if b.kind = 'pack' or ends = (b.state = 'refunded') or not (ends or b.ended_plan) then return; end if;
  update billing_stars.subscriptions s set changes = ends, next_plan = null, next_stars = 0, next_cents = 0
    where s.org_id = w.org_id and s.id = w.org_id and s.plan = b.item and (s.changes and s.next_plan is null) <> ends;
  update billing_stars.payments x set ended_plan = ends and found where x.org_id = w.org_id and x.id = b.id;
end`,
  ),

  // An order is paid once its price has come in, whatever went back since; none is of an organization that is gone. Of
  // its Stars there are as many as the money that stayed pays for, and never more than were ordered: what is beyond is
  // for an operator to give back.
  step(
    'follow_charges(w billing_stars.wallets, pid uuid, by_event text, by_provider text, by_actor text)',
    'jsonb',
    `declare
  b billing_stars.payments;
  paid bigint;
  back bigint;
  held bigint;
  kept bigint;
  moved bigint := 0;
  is_complete boolean;
  is_new boolean;
  is_surplus boolean;
  becomes text;
begin
  perform billing_stars.weigh_charges(w, pid);
  select * into strict b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  select coalesce(sum(c.cents), 0), coalesce(sum(n.back), 0), coalesce(sum(n.gone - n.back), 0) into paid, back, held
    from billing_stars.charges c
    cross join lateral (select div(c.cents::numeric * (c.refunded + c.lost), c.amount) as back, div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount) as gone) n
    where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null and c.currency = b.currency;
  kept := paid - back - held;
  is_complete := b.paid_at is not null or paid >= b.cents and w.standing <> 'closed';
  is_new := is_complete and b.paid_at is null;
  becomes := case when not is_complete then b.state when kept >= b.cents then 'paid' when held > 0 then 'disputed' when kept = 0 then 'refunded' else 'paid' end;
  if is_new and b.kind <> 'renewal' then
    w := billing_stars.book_grant(w, b.grant_source, case b.kind when 'plan' then 'monthly' else 'package' end, b.stars, by_actor);
  end if;
  if is_new and b.kind = 'plan' then
    perform billing_stars.take_plan(w, b.item, b.plan_stars, b.plan_cents);
    w := billing_stars.watch_wallet(w);
  end if;
  if is_complete then moved := div(b.stars::numeric * greatest(0, b.cents - kept), b.cents) - b.refunded_stars; end if;
  if moved <> 0 then perform billing_stars.move_paid_stars(w, b, moved, by_event, by_actor); end if;
  update billing_stars.payments x set state = becomes, paid_cents = paid, refunded_cents = back, disputed_cents = held,
      paid_at = case when is_new then w.moment else x.paid_at end, paid_by = case when is_new then by_actor else x.paid_by end,
      provider = case when is_new then by_provider else x.provider end, checkout_url = case when not is_complete then x.checkout_url end
    where x.org_id = w.org_id and x.id = pid;
  perform billing_stars.end_unpaid_plan(w, b, becomes);
  is_surplus := kept > case when is_complete then b.cents else 0 end or exists (select from billing_stars.charges c where c.org_id = w.org_id and c.payment_id = pid
    and c.paid_at is not null and c.currency <> b.currency and c.amount > c.refunded + c.lost + c.disputed);
  if is_surplus then
    insert into billing_stars.overpayments (org_id, payment_id, noted_at) values (w.org_id, pid, w.moment) on conflict do nothing;
    is_surplus := found or kept > b.paid_cents - b.refunded_cents - b.disputed_cents;
  else
    delete from billing_stars.overpayments o where o.org_id = w.org_id and o.payment_id = pid;
  end if;
  return jsonb_build_object('outcome', 'noted', 'paid', is_new, 'surplus', is_surplus, 'item', b.item, 'stars', b.stars, 'cents', b.cents,
    'moved', moved, 'gone_cents', back + held - b.refunded_cents - b.disputed_cents, 'kept_cents', kept);
end`,
  ),

  // Ids only, and for nobody's organization: under an organization's tag it raises 42501.
  directory(
    'find_overpayments()',
    'table (org_id uuid, payment_id uuid)',
    `select o.org_id, o.payment_id from billing_stars.overpayments o order by o.noted_at, o.payment_id limit ${OVERPAID}`,
  ),
];
