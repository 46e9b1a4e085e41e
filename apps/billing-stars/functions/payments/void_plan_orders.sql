create or replace function billing_stars.void_plan_orders(org uuid)
returns void
language sql
as $$
  update billing_stars.payments b
  set state = 'void'
  where b.org_id = org and b.kind = 'plan' and b.state = 'open'
$$;

comment on function billing_stars.void_plan_orders is
  'Nobody is asked any more to pay for a plan that was ordered: another wish came after it, or its price was '
  'made for a plan that does not hold as it did.';

revoke all on function billing_stars.void_plan_orders from public;
