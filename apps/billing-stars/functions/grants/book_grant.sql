create or replace function billing_stars.book_grant(
  w billing_stars.wallets,
  grant_source text,
  into_compartment text,
  amount bigint,
  by_actor text
)
returns billing_stars.wallets
language plpgsql
as $$
declare
  entry billing_stars.ledger_transactions;
begin
  entry.grant_id := uuidv7();
  insert into billing_stars.grants (org_id, id, source, compartment, stars, period, granted_by, granted_at)
  values (w.org_id, entry.grant_id, grant_source, into_compartment, amount, w.period, by_actor, w.moment);
  entry.kind := 'grant';
  entry.actor := by_actor;
  entry.idempotency_key := grant_source;
  entry.period := w.period;
  return billing_stars.repay(
    billing_stars.post(w, entry, array[into_compartment, 'granted'], array[amount, -amount]),
    by_actor
  );
end
$$;

comment on function billing_stars.book_grant is
  'Stars come in, and pay an overdraft first. Gives the wallet as it is then.';

revoke all on function billing_stars.book_grant from public;
