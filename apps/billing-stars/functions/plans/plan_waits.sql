create or replace function billing_stars.plan_waits(org uuid)
returns boolean
language sql
stable
as $$
  select exists (
    select from billing_stars.subscriptions s
    join billing_stars.payments b on b.org_id = s.org_id and b.id = s.payment_id
    where s.org_id = org
      and s.id = org
      and b.state = 'disputed'
      and b.paid_cents <= b.refunded_cents + b.disputed_cents
  )
$$;

comment on function billing_stars.plan_waits is
  'Whether nothing of the money that came in last for the plan that holds is there while a dispute is open: no '
  'month begins on trust before that is settled.';

revoke all on function billing_stars.plan_waits from public;
