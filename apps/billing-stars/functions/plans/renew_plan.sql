create or replace function billing_stars.renew_plan(w billing_stars.wallets, resumed boolean)
returns billing_stars.wallets
language plpgsql
as $$
declare
  s billing_stars.subscriptions;
  of_month text := 'plan:' || to_char(w.period, 'YYYY-MM-DD');
  bill uuid := uuidv7();
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := case when resumed then month_days - extract(day from w.day)::int + 1 else month_days end;
begin
  if w.standing = 'suspended' then
    return w;
  end if;
  select *
  into s
  from billing_stars.subscriptions x
  where x.org_id = w.org_id and x.id = w.org_id;
  if not found or (s.plan is null and not s.changes) then
    return w;
  end if;
  if w.standing = 'closed'
    or billing_stars.plan_went_back(w.org_id)
    or exists (
      select from billing_stars.payments b
      where b.org_id = w.org_id and b.kind = 'renewal' and b.state = 'open' and b.period < w.period
    )
  then
    perform billing_stars.take_plan(w, null, 0, 0);
    return w;
  end if;
  if billing_stars.plan_waits(w.org_id) then
    return w;
  end if;
  if s.changes then
    perform billing_stars.take_plan(w, s.next_plan, s.next_stars, s.next_cents);
    s.plan := s.next_plan;
    s.stars := s.next_stars;
    s.cents := s.next_cents;
  end if;
  if s.plan is null then
    return w;
  end if;
  s.stars := (s.stars * days_left + month_days - 1) / month_days;
  s.cents := s.cents * days_left / month_days;
  insert into billing_stars.payments (
    org_id, id, kind, item, stars, cents, currency, state, grant_source, period, ordered_by, ordered_at
  )
  select
    w.org_id,
    bill,
    'renewal',
    s.plan,
    s.stars,
    s.cents,
    billing_stars.currency(),
    'open',
    of_month,
    w.period,
    'system:billing-stars',
    w.moment
  where not exists (select from billing_stars.grants g where g.org_id = w.org_id and g.source = of_month);
  if not found then
    return w;
  end if;
  perform billing_stars.remember_payment(bill::text, w.org_id, bill);
  return billing_stars.watch_wallet(
    billing_stars.book_grant(w, of_month, 'monthly', s.stars, 'system:billing-stars')
  );
end
$$;

comment on function billing_stars.renew_plan is
  'Begins a period: what was scheduled comes, the month’s Stars are granted and billed. They are given on trust '
  'for one month: a plan whose last month nobody has paid for by now ends, and so does one whose money has gone '
  'back. A suspended organization is billed for nothing, nor is one whose money is all in dispute: for what is '
  'left of the month once it is resumed, or has its money.';

revoke all on function billing_stars.renew_plan from public;
