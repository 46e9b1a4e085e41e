create or replace function billing_stars.warn_wallet(w billing_stars.wallets)
returns billing_stars.wallets
language plpgsql
as $$
declare
  of billing_stars.warnings;
  free bigint := w.monthly_balance - w.monthly_held + w.package_balance - w.package_held;
  threshold int;
begin
  foreach threshold in array array[50, 80, 100] loop
    if threshold > w.warned and free <= billing_stars.warn_level(w.allotted, threshold - 1) then
      of.layer := 'wallet';
      of.subject := 'org';
      of.starts := w.period;
      of.threshold := threshold;
      of.stars := w.allotted;
      of.used := w.allotted - free;
      perform billing_stars.warn(w, of);
      w.warned := threshold;
    end if;
  end loop;
  update billing_stars.wallets x
  set warned = w.warned, warn_at = billing_stars.warn_level(w.allotted, w.warned)
  where x.org_id = w.org_id and x.id = w.org_id
  returning x.*
  into strict w;
  return w;
end
$$;

comment on function billing_stars.warn_wallet is
  'Tells of each threshold that the wallet’s free Stars have crossed since the last one. Gives the wallet as it '
  'is then.';

revoke all on function billing_stars.warn_wallet from public;
