-- Months begin where the calendar says, whatever time zone and style of dates the session has set.

create or replace function billing_stars.enter_wallet(org uuid)
returns billing_stars.wallets language plpgsql as $$
declare
  w billing_stars.wallets;
  instant timestamptz;
  today date;
  is_due boolean;
begin
  select * into w from billing_stars.wallets x where x.org_id = org and x.id = org for update;
  if not found then return null; end if;
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

create or replace function billing_stars.turn_period(w billing_stars.wallets, instant timestamptz, today date)
returns billing_stars.wallets language plpgsql as $$
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
    update billing_stars.wallets x set monthly_held = 0 where x.org_id = w.org_id and x.id = w.org_id;
    w := billing_stars.post(w, entry, array['monthly', 'carried', 'expired'], array[-had, kept, had - kept]);
  end if;
  if newest > w.price_version then
    perform billing_stars.adopt_prices(w.org_id, newest, today);
  end if;
  update billing_stars.wallets x set period = date_trunc('month', today::timestamp)::date, day = today, moment = instant, price_version = newest,
      allotted = x.monthly_balance + x.package_balance, warned = 0, warn_at = billing_stars.warn_level(x.monthly_balance + x.package_balance, 0)
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
  return billing_stars.renew_plan(w);
end
$$;

create or replace function billing_stars.open_wallet(for_org uuid, zone text, by_actor text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  instant timestamptz := billing_stars.clock();
  today date := (instant at time zone zone)::date;
  newest int := billing_stars.newest_prices();
begin
  insert into billing_stars.wallets (org_id, id, state, time_zone, period, day, moment, price_version, opened_at)
    values (org, org, 'active', zone, date_trunc('month', today::timestamp)::date, today, instant, newest, instant) on conflict do nothing;
  if not found then return false; end if;
  perform billing_stars.adopt_prices(org, newest, today);
  perform billing_stars.grant_stars(org, 'welcome', 'package', 500, by_actor);
  return true;
end;
end
$$;

create or replace function billing_stars.adopt_prices(org uuid, wanted int, since date)
returns void language plpgsql as $$
begin
  insert into billing_stars.price_versions (org_id, id, version, starts_on) values (org, uuidv7(), wanted, date_trunc('month', since::timestamp)::date);
  insert into billing_stars.prices (org_id, id, version, action, stars)
    select org, uuidv7(), wanted, b.action, b.stars from billing_stars.price_book() b where b.version = wanted;
end
$$;
