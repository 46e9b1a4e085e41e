import { entryPoint, OF_MONTH, step } from '../schema.functions.js';
import { PACKS, PLANS } from './offer.table.js';

const offers = Object.entries({ plan: PLANS, pack: PACKS }).flatMap(([kind, items]) =>
  Object.entries(items).map(([item, { stars, cents }]) => `('${kind}', '${item}', ${stars}::bigint, ${cents}::bigint)`),
);

export const planFunctions: readonly string[] = [
  // What Stars cost is written here too, so that nobody orders others than there are.
  `create function billing_stars.offers() returns table (kind text, item text, stars bigint, cents bigint) language sql immutable as $$
  values ${offers.join(', ')}
$$;
revoke all on function billing_stars.offers from public;`,

  // What an order of it is for today, as plan.rules.ts says: a pack, or the part of a larger plan that is left of the
  // month; no row where there is nothing to pay for.
  step(
    'terms_of(w billing_stars.wallets, of_kind text, of_item text)',
    'table (stars bigint, cents bigint, month_stars bigint, month_cents bigint)',
    `declare
  s billing_stars.subscriptions;
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := month_days - extract(day from w.day)::int + 1;
begin
  select * into s from billing_stars.subscriptions x where x.org_id = w.org_id and x.id = w.org_id;
  s.stars := coalesce(s.stars, 0);
  s.cents := coalesce(s.cents, 0);
  return query select case of_kind when 'plan' then ((o.stars - s.stars) * days_left + month_days - 1) / month_days else o.stars end,
      case of_kind when 'plan' then (o.cents - s.cents) * days_left / month_days else o.cents end,
      case of_kind when 'plan' then o.stars end, case of_kind when 'plan' then o.cents end
    from billing_stars.offers() o where o.kind = of_kind and o.item = of_item and (of_kind = 'pack' or o.stars > s.stars);
end`,
  ),

  // From now on; what was scheduled before no longer counts.
  step(
    'take_plan(w billing_stars.wallets, becomes text, of_stars bigint, of_cents bigint)',
    'void',
    `begin
  insert into billing_stars.subscriptions as s (org_id, id, plan, stars, cents, since)
    values (w.org_id, w.org_id, becomes, of_stars, of_cents, case when becomes is not null then w.day end)
    on conflict (org_id, id) do update set plan = excluded.plan, stars = excluded.stars, cents = excluded.cents, since = excluded.since,
      changes = false, next_plan = null, next_stars = 0, next_cents = 0;
end`,
  ),

  // Begins a period: what was scheduled comes, the month's Stars are granted and billed. They are given on trust for
  // one month: a plan whose last month nobody has paid for by now ends. A suspended organization is billed for nothing:
  // for what is left of the month once it is resumed.
  step(
    'renew_plan(w billing_stars.wallets, resumed boolean)',
    'billing_stars.wallets',
    `declare
  s billing_stars.subscriptions;
  of_month text := ${OF_MONTH};
  bill uuid := uuidv7();
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := case when resumed then month_days - extract(day from w.day)::int + 1 else month_days end;
begin
  if w.standing = 'suspended' then return w; end if;
  select * into s from billing_stars.subscriptions x where x.org_id = w.org_id and x.id = w.org_id;
  if not found or (s.plan is null and not s.changes) then return w; end if;
  if w.standing = 'closed' or exists (select from billing_stars.payments b where b.org_id = w.org_id and b.kind = 'renewal' and b.state = 'open' and b.period < w.period) then
    perform billing_stars.take_plan(w, null, 0, 0);
    return w;
  end if;
  if s.changes then
    perform billing_stars.take_plan(w, s.next_plan, s.next_stars, s.next_cents);
    s.plan := s.next_plan;
    s.stars := s.next_stars;
    s.cents := s.next_cents;
  end if;
  if s.plan is null then return w; end if;
  s.stars := (s.stars * days_left + month_days - 1) / month_days;
  s.cents := s.cents * days_left / month_days;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, state, grant_source, period, ordered_by, ordered_at)
    select w.org_id, bill, 'renewal', s.plan, s.stars, s.cents, billing_stars.currency(), 'open', of_month, w.period, 'system:billing-stars', w.moment
    where not exists (select from billing_stars.grants g where g.org_id = w.org_id and g.source = of_month);
  if not found then return w; end if;
  perform billing_stars.remember_payment(bill::text, w.org_id, bill);
  return billing_stars.watch_wallet(billing_stars.book_grant(w, of_month, 'monthly', s.stars, 'system:billing-stars'));
end`,
  ),

  // Another plan, or none, from the next period on; the one that holds takes an earlier wish back. Never one of more
  // Stars: that is paid for before it comes.
  entryPoint(
    'schedule_plan(expected text, becomes text)',
    'text',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  held billing_stars.subscriptions;
  offer record;
begin
  if w.org_id is null then return 'no_wallet'; end if;
  select * into held from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id;
  if held.plan is distinct from expected then return 'changed'; end if;
  select * into offer from billing_stars.offers() o where o.kind = 'plan' and o.item = becomes;
  if becomes is not null and (offer.stars is null or offer.stars > coalesce(held.stars, 0)) then
    raise exception 'a larger plan is paid for first' using errcode = '42501';
  end if;
  update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  update billing_stars.subscriptions s set changes = becomes is distinct from s.plan,
      next_plan = case when becomes is distinct from s.plan then becomes end,
      next_stars = case when becomes is distinct from s.plan then coalesce(offer.stars, 0) else 0 end,
      next_cents = case when becomes is distinct from s.plan then coalesce(offer.cents, 0) else 0 end
    where s.org_id = w.org_id and s.id = w.org_id;
  return 'scheduled';
end`,
  ),
];
