create or replace function billing_stars.find_payment(by_reference text)
returns table (org_id uuid, payment_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select r.org_id, r.payment_id
  from billing_stars.payment_references r
  where r.reference = by_reference
  order by r.noted_at
  limit 1;
end
$$;

comment on function billing_stars.find_payment is
  'The payment of a reference. Ids only, and for nobody’s organization: under an organization’s tag it raises '
  '42501.';

revoke all on function billing_stars.find_payment from public;
grant execute on function billing_stars.find_payment to billing_stars_app;
