create or replace function billing_stars.order_payment(
  pid uuid,
  of_kind text,
  of_item text,
  of_stars bigint,
  of_cents bigint,
  expected_plan text,
  expected_period date,
  by_actor text
)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  return billing_stars.book_order(
    org, pid, of_kind, of_item, of_stars, of_cents, expected_plan, expected_period, by_actor
  );
end
$$;

comment on function billing_stars.order_payment is
  'What replicas of the release before call, with an id of their own making. It says nothing about another’s of that '
  'id: under it nothing is offered. Goes with the release after.';

revoke all on function billing_stars.order_payment from public;
grant execute on function billing_stars.order_payment to billing_stars_app;
