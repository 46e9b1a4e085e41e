create or replace function billing_stars.repay(w billing_stars.wallets, by_actor text)
returns billing_stars.wallets
language plpgsql
as $$
declare
  entry billing_stars.ledger_transactions;
  pay bigint := least(w.overdraft, w.monthly_balance - w.monthly_held + w.package_balance - w.package_held);
  monthly bigint := least(pay, w.monthly_balance - w.monthly_held);
begin
  if pay = 0 then
    return w;
  end if;
  entry.kind := 'repayment';
  entry.actor := by_actor;
  entry.period := w.period;
  return billing_stars.post(
    w, entry, array['overdraft', 'monthly', 'package'], array[pay, -monthly, monthly - pay]
  );
end
$$;

comment on function billing_stars.repay is
  'Pays an overdraft out of what is free, monthly first. Gives the wallet as it is then.';

revoke all on function billing_stars.repay from public;
