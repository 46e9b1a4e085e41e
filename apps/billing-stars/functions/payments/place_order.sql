create or replace function billing_stars.place_order(
  of_kind text,
  of_item text,
  of_stars bigint,
  of_cents bigint,
  expected_plan text,
  expected_period date,
  by_actor text
)
returns table (outcome text, order_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    pid uuid := uuidv7();
  begin
    return query
    select
      billing_stars.book_order(
        org, pid, of_kind, of_item, of_stars, of_cents, expected_plan, expected_period, by_actor
      ),
      pid;
  end;
end
$$;

comment on function billing_stars.place_order is
  'Orders, under an id of the database’s own: operators and providers name an order by it alone, so no SQL may '
  'choose one that is another organization’s.';

revoke all on function billing_stars.place_order from public;
grant execute on function billing_stars.place_order to billing_stars_app;
