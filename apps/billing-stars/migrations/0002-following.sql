create or replace function billing_stars.set_standing(becomes text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
begin
  update billing_stars.wallets x set standing = becomes where x.org_id = org and x.id = org and x.standing not in ('closed', becomes);
  return found;
end;
end
$$;

create function billing_stars.follow_org(zone text, becomes text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
begin
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    perform billing_stars.set_time_zone(zone);
  end if;
  update billing_stars.wallets x set standing = becomes where x.org_id = org and x.id = org and x.standing not in ('closed', becomes);
end;
end
$$;
revoke all on function billing_stars.follow_org from public;
grant execute on function billing_stars.follow_org to billing_stars_app;
