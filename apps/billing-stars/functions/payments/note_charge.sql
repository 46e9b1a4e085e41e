create or replace function billing_stars.note_charge(
  w billing_stars.wallets,
  pid uuid,
  by_provider text,
  by_name text
)
returns uuid
language plpgsql
as $$
declare
  charge uuid;
begin
  insert into billing_stars.charges (org_id, id, payment_id, provider, name, noted_at)
  values (w.org_id, uuidv7(), pid, by_provider, by_name, w.moment)
  on conflict (org_id, payment_id, provider, name) do nothing;
  if by_provider <> 'manual' then
    perform billing_stars.remember_payment(by_name, w.org_id, pid);
  end if;
  select c.id
  into strict charge
  from billing_stars.charges c
  where c.org_id = w.org_id and c.payment_id = pid and c.provider = by_provider and c.name = by_name;
  return charge;
end
$$;

comment on function billing_stars.note_charge is
  'The charge of an order by the provider’s name of it: what is told of the charge later is believed to be '
  'about this order. Gives the charge’s id.';

revoke all on function billing_stars.note_charge from public;
