create or replace function billing_stars.end_unpaid_plan(
  w billing_stars.wallets,
  b billing_stars.payments,
  becomes text
)
returns void
language plpgsql
as $$
declare
  ends boolean := becomes = 'refunded';
begin
  if b.kind = 'pack' or ends = (b.state = 'refunded') or not (ends or b.ended_plan) then
    return;
  end if;
  update billing_stars.subscriptions s
  set changes = ends, next_plan = null, next_stars = 0, next_cents = 0
  where s.org_id = w.org_id
    and s.id = w.org_id
    and s.plan = b.item
    and (s.changes and s.next_plan is null) <> ends;
  update billing_stars.payments x
  set ended_plan = ends and found
  where x.org_id = w.org_id and x.id = b.id;
end
$$;

comment on function billing_stars.end_unpaid_plan is
  'A plan whose money has all gone back ends with its period; it goes on when the money comes again after all.';

revoke all on function billing_stars.end_unpaid_plan from public;
