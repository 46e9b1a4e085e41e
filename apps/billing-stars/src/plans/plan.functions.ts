import { door, step } from '../schema.functions.js';

export const planFunctions: readonly string[] = [
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

  // Begins a period: what was scheduled comes, the month's Stars are granted and billed. They are given on trust for one
  // month: a plan whose last month nobody has paid for by now ends.
  step(
    'renew_plan(w billing_stars.wallets)',
    'billing_stars.wallets',
    `declare
  s billing_stars.subscriptions;
  of_month text := 'plan:' || w.period;
  bill uuid := uuidv7();
begin
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
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, state, grant_source, period, ordered_by, ordered_at)
    select w.org_id, bill, 'renewal', s.plan, s.stars, s.cents, billing_stars.currency(), 'open', of_month, w.period, 'system:billing-stars', w.moment
    where not exists (select from billing_stars.grants g where g.org_id = w.org_id and g.source = of_month);
  if not found then return w; end if;
  perform billing_stars.remember_payment(bill::text, w.org_id, bill);
  return billing_stars.watch_wallet(billing_stars.book_grant(w, of_month, 'monthly', s.stars, 'system:billing-stars'));
end`,
  ),

  // Another plan, or none, from the next period on; the one that holds takes an earlier wish back.
  door(
    'schedule_plan(expected text, becomes text, of_stars bigint, of_cents bigint)',
    'text',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then return 'no_wallet'; end if;
  if (select s.plan from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id) is distinct from expected then return 'changed'; end if;
  update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  update billing_stars.subscriptions s set changes = becomes is distinct from s.plan,
      next_plan = case when becomes is distinct from s.plan then becomes end,
      next_stars = case when becomes is distinct from s.plan then of_stars else 0 end,
      next_cents = case when becomes is distinct from s.plan then of_cents else 0 end
    where s.org_id = w.org_id and s.id = w.org_id;
  return 'scheduled';
end`,
  ),
];
