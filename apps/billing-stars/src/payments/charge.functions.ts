import { platformEntryPoint, step } from '../schema.functions.js';

/** How late in its life a claim is: later words hold against earlier ones, in whatever order they are told. */
const stage = (state: string): string =>
  `case ${state} when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end`;

/** What a claim takes of its charge: all of it where it is told in another currency. */
const claimed = 'case when m.currency = c.amount_currency then m.amount else c.amount end';

const sumOf = (kind: string, state: string, amount: string): string =>
  `coalesce(sum(${amount}) filter (where m.kind = '${kind}' and m.state = '${state}'), 0)`;

/** How a fact of an order's money is taken: once by the name it is told under, about the charge it names. */
const take = (what: string): string => `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, ${what}, w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);`;

const FOLLOW = `if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end`;

/*
 * Money is per charge. Each of the entry points takes one fact of a charge, in whatever order they are told, and has
 * what the order comes to worked out anew from all that is known: the same facts end in the same place.
 */
export const chargeFunctions: readonly string[] = [
  // By the provider's name of it, what is told of the charge later is believed to be about this order.
  step(
    'note_charge(w billing_stars.wallets, pid uuid, by_provider text, by_name text)',
    'uuid',
    `declare
  charge uuid;
begin
  insert into billing_stars.charges (org_id, id, payment_id, provider, name, noted_at) values (w.org_id, uuidv7(), pid, by_provider, by_name, w.moment)
    on conflict (org_id, payment_id, provider, name) do nothing;
  if by_provider <> 'manual' then perform billing_stars.remember_payment(by_name, w.org_id, pid); end if;
  select c.id into strict charge from billing_stars.charges c where c.org_id = w.org_id and c.payment_id = pid and c.provider = by_provider and c.name = by_name;
  return charge;
end`,
  ),

  // What has gone of each charge: refunds as they are told one by one, or as a sum without those that failed; then
  // disputes, of what is left.
  step(
    'weigh_charges(w billing_stars.wallets, pid uuid)',
    'void',
    `begin
  update billing_stars.charges x set refunded = d.back, lost = d.gone, disputed = least(x.amount - d.back - d.gone, d.open)
    from (
      select c.id, r.back, least(c.amount - r.back, m.lost) as gone, m.open from billing_stars.charges c
      cross join lateral (
        select ${sumOf('refund', 'given', 'm.amount')} as given, ${sumOf('refund', 'failed', 'm.amount')} as failed,
          ${sumOf('dispute', 'open', claimed)} as open, ${sumOf('dispute', 'lost', claimed)} as lost
        from billing_stars.claims m where m.org_id = c.org_id and m.charge_id = c.id) m
      cross join lateral (select least(c.amount, greatest(c.told_refunded - m.failed, m.given)) as back) r
      where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null) d
    where x.org_id = w.org_id and x.id = d.id;
end`,
  ),

  // Money has come: so much was charged, which is so much of our price. Of two words about one charge the larger holds,
  // and one in the price's currency before any other.
  platformEntryPoint(
    'pay(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_cents bigint, in_currency text, of_amount bigint, amount_in text, by_actor text)',
    'jsonb',
    `${take("'paid'")}
  update billing_stars.charges c set cents = of_cents, currency = in_currency, amount = of_amount, amount_currency = amount_in, paid_at = coalesce(c.paid_at, w.moment)
    where c.org_id = w.org_id and c.id = charge and (c.paid_at is null
      or (c.currency = billing_stars.currency(), c.cents, c.amount) < (in_currency = billing_stars.currency(), of_cents, of_amount));
  ${FOLLOW}`,
  ),

  // Money has gone back: altogether so much of the charge.
  platformEntryPoint(
    'refund(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_amount bigint, by_actor text)',
    'jsonb',
    `${take("'refunded'")}
  update billing_stars.charges c set told_refunded = of_amount where c.org_id = w.org_id and c.id = charge and c.told_refunded < of_amount;
  ${FOLLOW}`,
  ),

  // One refund or one dispute of a charge, as it stood when that was told.
  platformEntryPoint(
    'claim(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_kind text, claim_name text, of_amount bigint, amount_in text, becomes text, at_time timestamptz, by_actor text)',
    'jsonb',
    `${take('of_kind')}
  insert into billing_stars.claims as m (org_id, id, charge_id, kind, name, amount, currency, state, told_at)
    values (w.org_id, uuidv7(), charge, of_kind, claim_name, of_amount, amount_in, becomes, at_time)
    on conflict (org_id, charge_id, kind, name) do update set amount = excluded.amount, currency = excluded.currency, state = excluded.state, told_at = excluded.told_at
    where (${stage('m.state')}, m.told_at, m.state, m.amount) < (${stage('excluded.state')}, excluded.told_at, excluded.state, excluded.amount);
  ${FOLLOW}`,
  ),
];
