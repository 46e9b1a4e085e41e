create or replace function billing_stars.remember_payment(by_reference text, org uuid, payment uuid)
returns void
language plpgsql
as $$
begin
  insert into billing_stars.payment_references (reference, org_id, payment_id, noted_at)
  values (by_reference, org, payment, clock_timestamp())
  on conflict (reference, org_id) do nothing;
  if not exists (
    select from billing_stars.payment_references r
    where r.reference = by_reference and r.org_id = org and r.payment_id = payment
  ) then
    raise exception 'the reference belongs to another payment' using errcode = '23505';
  end if;
end
$$;

comment on function billing_stars.remember_payment is
  'A reference belongs to one payment of an organization for ever. Another organization may note the same one '
  'and is answered as for any other, so nobody learns whose a reference is; it is whose it was first.';

revoke all on function billing_stars.remember_payment from public;
