create or replace function billing_stars.move_paid_stars(
  w billing_stars.wallets,
  b billing_stars.payments,
  moved bigint,
  by_event text,
  by_actor text
)
returns void
language plpgsql
as $$
declare
  g billing_stars.grants;
  after billing_stars.wallets;
  entry billing_stars.ledger_transactions;
  amount bigint := -moved;
  owed bigint := least(amount, b.refunded_stars - b.taken_monthly - b.taken_package);
  monthly bigint;
  package bigint;
  pays bigint := least(owed, w.overdraft);
begin
  select *
  into strict g
  from billing_stars.grants x
  where x.org_id = w.org_id and x.source = b.grant_source;
  if moved > 0 then
    perform billing_stars.take_back(w, g, 'refund:' || by_event, moved, by_actor);
    select *
    into strict after
    from billing_stars.wallets x
    where x.org_id = w.org_id and x.id = w.org_id;
    monthly := after.monthly_balance - w.monthly_balance;
    package := after.package_balance - w.package_balance;
  else
    if g.compartment = 'monthly' then
      package := least(amount - owed, b.taken_package);
      monthly := amount - owed - package;
    else
      monthly := least(amount - owed, b.taken_monthly);
      package := amount - owed - monthly;
    end if;
    entry.kind := 'reinstatement';
    entry.actor := by_actor;
    entry.grant_id := g.id;
    entry.idempotency_key := 'reinstated:' || by_event;
    entry.period := w.period;
    insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
    values (w.org_id, uuidv7(), entry.idempotency_key, g.id, moved, by_actor, w.moment);
    w := billing_stars.post(
      w,
      entry,
      array['overdraft', 'monthly', 'package', 'granted'],
      array[pays, monthly, package + owed - pays, moved]
    );
    perform billing_stars.watch_wallet(billing_stars.repay(w, by_actor));
  end if;
  update billing_stars.payments x
  set
    refunded_stars = x.refunded_stars + moved,
    taken_monthly = x.taken_monthly - monthly,
    taken_package = x.taken_package - package
  where x.org_id = w.org_id and x.id = b.id;
end
$$;

comment on function billing_stars.move_paid_stars is
  'Takes Stars of an order back, or gives them again where what is moved is below zero: what was taken last '
  'comes first, an overdraft, and each compartment has its own again. What was owed and has been paid since '
  'comes as package Stars.';

revoke all on function billing_stars.move_paid_stars from public;
