create or replace function billing_stars.open_wallet(for_org uuid, zone text, by_actor text)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
  declare
    instant timestamptz := billing_stars.clock();
    today date;
    newest int := billing_stars.newest_prices();
  begin
    if not billing_stars.knows_zone(zone) then
      zone := 'UTC';
    end if;
    today := (instant at time zone zone)::date;
    insert into billing_stars.wallets (
      org_id, id, state, time_zone, period, day, moment, price_version, opened_at
    )
    values (org, org, 'active', zone, date_trunc('month', today::timestamp)::date, today, instant, newest, instant)
    on conflict do nothing;
    if not found then
      return false;
    end if;
    perform billing_stars.adopt_prices(org, newest, today);
    perform billing_stars.grant_stars(org, 'welcome', 'package', 500, by_actor);
    return true;
  end;
end
$$;

comment on function billing_stars.open_wallet is
  'Opens the organization’s wallet, with its welcome Stars. A zone that is not known here keeps no wallet shut: '
  'its days are counted by UTC. False where there is one.';

revoke all on function billing_stars.open_wallet from public;
grant execute on function billing_stars.open_wallet to billing_stars_app;
