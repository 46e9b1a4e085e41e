create or replace function billing_stars.plan_went_back(org uuid)
returns boolean
language sql
stable
as $$
  select exists (
    select from billing_stars.subscriptions s
    join billing_stars.payments b on b.org_id = s.org_id and b.id = s.payment_id
    where s.org_id = org and s.id = org and b.state = 'refunded'
  )
$$;

comment on function billing_stars.plan_went_back is
  'Whether the money that came in last for the plan that holds has all gone back: it ends with its period then, '
  'whatever its organization wishes, and nothing of it counts as paid. False again once the money is there.';

revoke all on function billing_stars.plan_went_back from public;
