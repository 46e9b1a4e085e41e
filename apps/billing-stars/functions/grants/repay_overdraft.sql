create or replace function billing_stars.repay_overdraft(by_actor text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
  declare
    w billing_stars.wallets := billing_stars.enter_wallet(org);
  begin
    if w.org_id is null then
      return null;
    end if;
    return (billing_stars.repay(w, by_actor)).overdraft;
  end;
end
$$;

comment on function billing_stars.repay_overdraft is
  'What somebody who may decide about the wallet does when a small overdraft blocks it before the next grant. '
  'Gives what is still owed.';

revoke all on function billing_stars.repay_overdraft from public;
grant execute on function billing_stars.repay_overdraft to billing_stars_app;
