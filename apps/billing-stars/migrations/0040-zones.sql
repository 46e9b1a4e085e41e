-- A zone that is not known here holds up nothing else: days are counted as before, and a new wallet's by UTC.

create function billing_stars.knows_zone(zone text)
returns boolean language plpgsql as $$
begin
  if zone is null or zone !~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(/[A-Z][A-Za-z_-]*)+$' and zone <> 'UTC' then return false; end if;
  perform billing_stars.clock() at time zone zone;
  return true;
exception when invalid_parameter_value then
  return false;
end
$$;
revoke all on function billing_stars.knows_zone from public;

create or replace function billing_stars.open_wallet(for_org uuid, zone text, by_actor text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  instant timestamptz := billing_stars.clock();
  today date;
  newest int := billing_stars.newest_prices();
begin
  if not billing_stars.knows_zone(zone) then zone := 'UTC'; end if;
  today := (instant at time zone zone)::date;
  insert into billing_stars.wallets (org_id, id, state, time_zone, period, day, moment, price_version, opened_at)
    values (org, org, 'active', zone, date_trunc('month', today::timestamp)::date, today, instant, newest, instant) on conflict do nothing;
  if not found then return false; end if;
  perform billing_stars.adopt_prices(org, newest, today);
  perform billing_stars.grant_stars(org, 'welcome', 'package', 500, by_actor);
  return true;
end;
end
$$;
revoke all on function billing_stars.open_wallet from public;
grant execute on function billing_stars.open_wallet to billing_stars_app;

create or replace function billing_stars.follow_org(zone text, becomes text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets;
begin
  perform tenancy.acting('system:orgs');
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    if billing_stars.knows_zone(zone) then
      w := billing_stars.enter_wallet(org);
      update billing_stars.wallets x set time_zone = zone, moment = w.moment where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
      perform billing_stars.watch_wallet(w);
    end if;
  end if;
  update billing_stars.wallets x set standing = becomes where x.org_id = org and x.id = org and x.standing not in ('closed', becomes);
end;
end
$$;
revoke all on function billing_stars.follow_org from public;
grant execute on function billing_stars.follow_org to billing_stars_app;

create function billing_stars.unknown_zones(zones text[])
returns table (zone text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select z from unnest(zones) z where not exists (select from pg_timezone_names n where n.name = z);
end
$$;
revoke all on function billing_stars.unknown_zones from public;
grant execute on function billing_stars.unknown_zones to billing_stars_app;

drop function billing_stars.set_time_zone(text);
