create or replace function billing_stars.take_back(
  w billing_stars.wallets,
  g billing_stars.grants,
  reversal_source text,
  amount bigint,
  by_actor text
)
returns uuid
language plpgsql
as $$
declare
  reversal uuid := uuidv7();
  entry billing_stars.ledger_transactions;
  monthly bigint := w.monthly_balance - w.monthly_held;
  package bigint := w.package_balance - w.package_held;
begin
  insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
  values (w.org_id, reversal, reversal_source, g.id, amount, by_actor, w.moment);
  if g.compartment = 'monthly' then
    monthly := least(amount, monthly);
    package := least(amount - monthly, package);
  else
    package := least(amount, package);
    monthly := least(amount - package, monthly);
  end if;
  entry.kind := 'reversal';
  entry.actor := by_actor;
  entry.grant_id := g.id;
  entry.idempotency_key := reversal_source;
  entry.period := w.period;
  perform billing_stars.post(
    w,
    entry,
    array['granted', 'monthly', 'package', 'overdraft'],
    array[amount, -monthly, -package, monthly + package - amount]
  );
  return reversal;
end
$$;

comment on function billing_stars.take_back is
  'Stars go back, from the grant’s own compartment first, then from the other; what is spent or held is owed. '
  'Gives the reversal’s id.';

revoke all on function billing_stars.take_back from public;
