-- A process leaves out the wallets that it could not sweep a moment ago. A process of a version before names none.
drop function billing_stars.find_due_wallets();
create function billing_stars.find_due_wallets(without uuid[] default '{}')
returns table (org_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.org_id from billing_stars.wallet_watch d where d.due_at <= billing_stars.clock() and d.org_id <> all(without) order by d.due_at limit 100;
end
$$;
revoke all on function billing_stars.find_due_wallets from public;
grant execute on function billing_stars.find_due_wallets to billing_stars_app;
