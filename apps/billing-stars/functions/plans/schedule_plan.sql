create or replace function billing_stars.schedule_plan(expected text, becomes text)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    w billing_stars.wallets := billing_stars.enter_wallet(org);
    held billing_stars.subscriptions;
    offer record;
  begin
    if w.org_id is null then
      return 'no_wallet';
    end if;
    select *
    into held
    from billing_stars.subscriptions s
    where s.org_id = w.org_id and s.id = w.org_id;
    if held.plan is distinct from expected
      or (becomes is not null and billing_stars.plan_went_back(w.org_id))
    then
      return 'changed';
    end if;
    select *
    into offer
    from billing_stars.offers() o
    where o.kind = 'plan' and o.item = becomes;
    if becomes is not null and (offer.stars is null or offer.stars > coalesce(held.stars, 0)) then
      raise exception 'a larger plan is paid for first' using errcode = '42501';
    end if;
    perform billing_stars.void_plan_orders(w.org_id);
    update billing_stars.subscriptions s
    set
      changes = becomes is distinct from s.plan,
      next_plan = case when becomes is distinct from s.plan then becomes end,
      next_stars = case when becomes is distinct from s.plan then coalesce(offer.stars, 0) else 0 end,
      next_cents = case when becomes is distinct from s.plan then coalesce(offer.cents, 0) else 0 end
    where s.org_id = w.org_id and s.id = w.org_id;
    return 'scheduled';
  end;
end
$$;

comment on function billing_stars.schedule_plan is
  'Another plan, or none, from the next period on; the one that holds takes an earlier wish back. Never one of '
  'more Stars: that is paid for before it comes. Nor any but none where the money of the one that holds has gone '
  'back: a plan is ordered anew then.';

revoke all on function billing_stars.schedule_plan from public;
grant execute on function billing_stars.schedule_plan to billing_stars_app;
