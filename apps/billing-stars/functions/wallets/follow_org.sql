create or replace function billing_stars.follow_org(zone text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    w billing_stars.wallets;
  begin
    perform tenancy.acting('system:orgs');
    if exists (
      select from billing_stars.wallets x
      where x.org_id = org and x.id = org and x.time_zone <> zone
    ) then
      if billing_stars.knows_zone(zone) then
        w := billing_stars.enter_wallet(org);
        update billing_stars.wallets x
        set time_zone = zone, moment = w.moment
        where x.org_id = w.org_id and x.id = w.org_id
        returning x.*
        into strict w;
        perform billing_stars.watch_wallet(w);
      end if;
    end if;
  end;
end
$$;

comment on function billing_stars.follow_org is
  'Days are counted in the zone that orgs tells of. What is so already costs a look. A zone further west may '
  'name a day that is over here: day and period wait for it to come again. Where a zone is not known here, days '
  'are counted as before.';

revoke all on function billing_stars.follow_org from public;
grant execute on function billing_stars.follow_org to billing_stars_app;
