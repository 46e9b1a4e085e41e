create or replace function billing_stars.sweep_wallet()
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    w billing_stars.wallets := billing_stars.enter_wallet(org);
  begin
    if w.org_id is null then
      delete from billing_stars.wallet_watch d
      where d.org_id = org;
    elsif w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then
      perform billing_stars.warn_wallet(w);
    end if;
  end;
end
$$;

comment on function billing_stars.sweep_wallet is
  'What a sweeper calls for an organization whose holds may have expired or whose month is over.';

revoke all on function billing_stars.sweep_wallet from public;
grant execute on function billing_stars.sweep_wallet to billing_stars_app;
