create or replace function billing_stars.enter_wallet(org uuid)
returns billing_stars.wallets
language plpgsql
as $$
declare
  w billing_stars.wallets;
  instant timestamptz;
  today date;
  is_due boolean;
begin
  select *
  into w
  from billing_stars.wallets x
  where x.org_id = org and x.id = org
  for update;
  if not found then
    return null;
  end if;
  instant := greatest(w.moment, billing_stars.clock());
  today := greatest(w.day, (instant at time zone w.time_zone)::date);
  is_due := w.due_at <= instant;
  if is_due then
    w := billing_stars.expire_due_holds(w, instant);
  end if;
  if date_trunc('month', today::timestamp)::date > w.period then
    w := billing_stars.turn_period(w, instant, today);
  end if;
  if is_due then
    w := billing_stars.watch_wallet(w);
  end if;
  w.moment := instant;
  w.day := today;
  return w;
end
$$;

comment on function billing_stars.enter_wallet is
  'Where every change of money begins: locks the wallet and brings it to this moment. Expired holds are given '
  'back first, then a past period ends. Null where the organization has no wallet. Lock order everywhere: '
  'wallet, cap counters, hold. The row’s lock puts all changes of one organization in one order, so what is '
  'read after it stays true until the commit.';

revoke all on function billing_stars.enter_wallet from public;
