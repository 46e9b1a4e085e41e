import { CURRENCY } from '../plans/offer.table.js';
import { directory, door, platformDoor, step } from '../schema.functions.js';

export const paymentFunctions: readonly string[] = [
  `create function billing_stars.currency() returns text language sql immutable as $$ select '${CURRENCY}' $$;
revoke all on function billing_stars.currency from public;`,

  // A reference belongs to one payment of an organization for ever. Another organization may note the same one and is
  // answered as for any other, so nobody learns whose a reference is; it is whose it was first.
  step(
    'remember_payment(by_reference text, org uuid, payment uuid)',
    'void',
    `begin
  insert into billing_stars.payment_references (reference, org_id, payment_id, noted_at) values (by_reference, org, payment, clock_timestamp()) on conflict (reference, org_id) do nothing;
  if not exists (select from billing_stars.payment_references r where r.reference = by_reference and r.org_id = org and r.payment_id = payment) then
    raise exception 'the reference belongs to another payment' using errcode = '23505';
  end if;
end`,
  ),

  // Ids only, and for nobody's organization: under an organization's tag it raises 42501.
  directory(
    'find_payment(by_reference text)',
    'table (org_id uuid, payment_id uuid)',
    'select r.org_id, r.payment_id from billing_stars.payment_references r where r.reference = by_reference order by r.noted_at limit 1',
  ),

  // An order is at the price there is: what was asked for before must still be it. An order of a plan takes the place of an
  // earlier one.
  door(
    'order_payment(pid uuid, of_kind text, of_item text, of_stars bigint, of_cents bigint, expected_plan text, expected_period date, by_provider text, by_reference text, url text, until timestamptz, by_actor text)',
    'text',
    `declare
  w billing_stars.wallets;
  terms record;
begin
  perform billing_stars.check_stars(of_stars, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return 'no_wallet'; end if;
  if exists (select from billing_stars.payment_references r where r.reference = by_reference and r.org_id = w.org_id) then return 'taken'; end if;
  select * into terms from billing_stars.terms_of(w, of_kind, of_item);
  if terms.stars is distinct from of_stars or terms.cents is distinct from of_cents then return 'changed'; end if;
  if of_kind = 'plan' then
    if w.period <> expected_period or (select s.plan from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id) is distinct from expected_plan then return 'changed'; end if;
    update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  end if;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, provider, checkout_url, checkout_until, grant_source, period, ordered_by, ordered_at)
    values (w.org_id, pid, of_kind, of_item, of_stars, of_cents, billing_stars.currency(), terms.month_stars, terms.month_cents, 'open', by_provider, url, until, 'payment:' || pid, w.period, by_actor, w.moment);
  perform billing_stars.remember_payment(pid::text, w.org_id, pid);
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  return 'ordered';
end`,
  ),

  // A further way to pay what is open; the ones before it stay good.
  door(
    'offer_checkout(pid uuid, by_provider text, by_reference text, url text, until timestamptz)',
    'text',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  update billing_stars.payments b set provider = by_provider, checkout_url = url, checkout_until = until where b.org_id = w.org_id and b.id = pid and b.state = 'open';
  if not found then
    return case when exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then 'over' else 'not_found' end;
  end if;
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  return 'offered';
end`,
  ),

  // Money has come: once per event, and once per payment whatever the event. What was ordered is given, also when the order
  // was replaced or its month ended meanwhile.
  platformDoor(
    'pay(for_org uuid, pid uuid, by_event text, paid_cents bigint, in_currency text, by_provider text, by_reference text, by_actor text)',
    'jsonb',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  b billing_stars.payments;
begin
  select * into b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'paid', w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  if paid_cents is distinct from b.cents or upper(in_currency) is distinct from b.currency then return jsonb_build_object('outcome', 'another_amount'); end if;
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  if b.paid_at is not null then return jsonb_build_object('outcome', 'known'); end if;
  update billing_stars.payments x set state = 'paid', provider = by_provider, paid_by = by_actor, paid_at = w.moment, checkout_url = null where x.org_id = w.org_id and x.id = pid;
  if b.kind <> 'renewal' then
    w := billing_stars.book_grant(w, b.grant_source, case b.kind when 'plan' then 'monthly' else 'package' end, b.stars, by_actor);
  end if;
  if b.kind = 'plan' then
    perform billing_stars.take_plan(w, b.item, b.plan_stars, b.plan_cents);
    perform billing_stars.watch_wallet(w);
  end if;
  return jsonb_build_object('outcome', 'paid', 'kind', b.kind, 'item', b.item, 'stars', b.stars, 'cents', b.cents);
end`,
  ),

  // Money has gone back: altogether `back_cents` of it. The same part of the Stars is taken back; what is spent is owed.
  // A plan that is paid back as a whole ends with its period.
  platformDoor(
    'refund(for_org uuid, pid uuid, by_event text, back_cents bigint, by_actor text)',
    'jsonb',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  b billing_stars.payments;
  g billing_stars.grants;
  back bigint;
begin
  select * into b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if b.paid_at is null then return jsonb_build_object('outcome', 'not_paid'); end if;
  if back_cents is null or back_cents < 1 or back_cents > b.cents then return jsonb_build_object('outcome', 'another_amount'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'refunded', w.moment) on conflict (org_id, event_id) do nothing;
  if not found or back_cents <= b.refunded_cents then return jsonb_build_object('outcome', 'known'); end if;
  back := b.stars * back_cents / b.cents - b.refunded_stars;
  if back > 0 then
    select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = b.grant_source;
    perform billing_stars.take_back(w, g, 'refund:' || by_event, back, by_actor);
  end if;
  update billing_stars.payments x set refunded_cents = back_cents, refunded_stars = x.refunded_stars + back, state = case when back_cents = x.cents then 'refunded' else x.state end
    where x.org_id = w.org_id and x.id = pid;
  if back_cents = b.cents and b.kind <> 'pack' then
    update billing_stars.subscriptions s set changes = true, next_plan = null, next_stars = 0, next_cents = 0
      where s.org_id = w.org_id and s.id = w.org_id and s.plan = b.item;
  end if;
  return jsonb_build_object('outcome', 'refunded', 'stars', back, 'cents', back_cents - b.refunded_cents);
end`,
  ),
];
