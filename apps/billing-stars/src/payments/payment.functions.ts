import { CURRENCY } from '../plans/offer.table.js';
import { directory, entryPoint, platformEntryPoint, step } from '../schema.functions.js';

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

  // An order is at the price there is: what was asked for before must still be it. An order of a plan takes the place
  // of an earlier one. Whose it is, is written down by `offer_checkout`, under the platform's tag: until then nothing
  // can pay it.
  entryPoint(
    'order_payment(pid uuid, of_kind text, of_item text, of_stars bigint, of_cents bigint, expected_plan text, expected_period date, by_actor text)',
    'text',
    `declare
  w billing_stars.wallets;
  terms record;
begin
  perform billing_stars.check_stars(of_stars, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return 'no_wallet'; end if;
  if w.standing <> 'open' then return w.standing; end if;
  select * into terms from billing_stars.terms_of(w, of_kind, of_item);
  if terms.stars is distinct from of_stars or terms.cents is distinct from of_cents then return 'changed'; end if;
  if of_kind = 'plan' then
    if w.period <> expected_period or (select s.plan from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id) is distinct from expected_plan then return 'changed'; end if;
    update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  end if;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, grant_source, period, ordered_by, ordered_at)
    values (w.org_id, pid, of_kind, of_item, of_stars, of_cents, billing_stars.currency(), terms.month_stars, terms.month_cents, 'open', 'payment:' || pid, w.period, by_actor, w.moment);
  return 'ordered';
end`,
  ),

  // A way to pay what is open, the first or a further one; those before it stay good. By the names that are noted here
  // a provider and an operator are believed about this organization: so nothing but the platform notes any.
  platformEntryPoint(
    'offer_checkout(for_org uuid, pid uuid, by_provider text, by_reference text, url text, until timestamptz)',
    'text',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.standing <> 'open' then return w.standing; end if;
  if exists (select from billing_stars.payment_references r where r.reference = by_reference and (r.org_id <> w.org_id or r.payment_id <> pid)) then return 'taken'; end if;
  update billing_stars.payments b set provider = by_provider, checkout_url = url, checkout_until = until where b.org_id = w.org_id and b.id = pid and b.state = 'open';
  if not found then
    return case when exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then 'over' else 'not_found' end;
  end if;
  perform billing_stars.remember_payment(pid::text, w.org_id, pid);
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  return 'offered';
end`,
  ),
];
