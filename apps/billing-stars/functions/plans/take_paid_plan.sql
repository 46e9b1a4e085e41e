create or replace function billing_stars.take_paid_plan(w billing_stars.wallets, b billing_stars.payments)
returns billing_stars.wallets
language plpgsql
as $$
declare
  s billing_stars.subscriptions;
begin
  select *
  into s
  from billing_stars.subscriptions x
  where x.org_id = w.org_id and x.id = w.org_id;
  if b.kind = 'plan' then
    if b.plan_stars <= s.stars and not billing_stars.plan_went_back(w.org_id) then
      return w;
    end if;
    perform billing_stars.take_plan(w, b.item, b.plan_stars, b.plan_cents);
  elsif s.plan is distinct from b.item
    or exists (
      select from billing_stars.payments p
      where p.org_id = w.org_id
        and p.id = s.payment_id
        and (p.period > b.period or (p.period = b.period and p.state <> 'refunded'))
    )
  then
    return w;
  end if;
  update billing_stars.subscriptions x
  set payment_id = b.id
  where x.org_id = w.org_id and x.id = w.org_id;
  return billing_stars.watch_wallet(w);
end
$$;

comment on function billing_stars.take_paid_plan is
  'Money for a plan has come in. An order’s plan holds from now on, unless a larger one or the same one holds '
  'that is paid: what came late takes nothing away. What the plan stands on is the order, or the newest month '
  'of it that is paid.';

revoke all on function billing_stars.take_paid_plan from public;
