create or replace function billing_stars.take_plan(
  w billing_stars.wallets,
  becomes text,
  of_stars bigint,
  of_cents bigint
)
returns void
language plpgsql
as $$
begin
  insert into billing_stars.subscriptions as s (org_id, id, plan, stars, cents, since)
  values (w.org_id, w.org_id, becomes, of_stars, of_cents, case when becomes is not null then w.day end)
  on conflict (org_id, id) do update set
    plan = excluded.plan,
    stars = excluded.stars,
    cents = excluded.cents,
    since = excluded.since,
    payment_id = case when excluded.plan is not null then s.payment_id end,
    changes = false,
    next_plan = null,
    next_stars = 0,
    next_cents = 0;
end
$$;

comment on function billing_stars.take_plan is
  'The plan holds from now on; what was scheduled before no longer counts.';

revoke all on function billing_stars.take_plan from public;
