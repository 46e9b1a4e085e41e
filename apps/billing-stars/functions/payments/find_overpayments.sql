create or replace function billing_stars.find_overpayments()
returns table (org_id uuid, payment_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select o.org_id, o.payment_id
  from billing_stars.overpayments o
  order by o.noted_at, o.payment_id
  limit 100;
end
$$;

comment on function billing_stars.find_overpayments is
  'Orders with money that they do not need. Ids only, and for nobody’s organization: under an organization’s '
  'tag it raises 42501.';

revoke all on function billing_stars.find_overpayments from public;
grant execute on function billing_stars.find_overpayments to billing_stars_app;
