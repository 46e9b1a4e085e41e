create or replace function billing_stars.turn_period(
  w billing_stars.wallets,
  instant timestamptz,
  today date
)
returns billing_stars.wallets
language plpgsql
as $$
declare
  entry billing_stars.ledger_transactions;
  kept bigint := w.monthly_held;
  had bigint := w.monthly_balance;
  newest int := billing_stars.newest_prices();
begin
  w.moment := instant;
  if had > 0 then
    entry.kind := 'period_end';
    entry.actor := 'system:billing-stars';
    entry.period := w.period;
    update billing_stars.wallets x
    set monthly_held = 0
    where x.org_id = w.org_id and x.id = w.org_id;
    w := billing_stars.post(w, entry, array['monthly', 'carried', 'expired'], array[-had, kept, had - kept]);
  end if;
  if newest > w.price_version then
    perform billing_stars.adopt_prices(w.org_id, newest, today);
  end if;
  update billing_stars.wallets x
  set
    period = date_trunc('month', today::timestamp)::date,
    day = today,
    moment = instant,
    price_version = newest,
    allotted = x.monthly_balance + x.package_balance,
    warned = 0,
    warn_at = billing_stars.warn_level(x.monthly_balance + x.package_balance, 0)
  where x.org_id = w.org_id and x.id = w.org_id
  returning x.*
  into w;
  return billing_stars.renew_plan(w, false);
end
$$;

comment on function billing_stars.turn_period is
  'Begins the month of that day. The monthly compartment expires once. What open holds keep of it moves aside '
  'and stays theirs until they end.';

revoke all on function billing_stars.turn_period from public;
