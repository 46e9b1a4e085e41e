create or replace function billing_stars.newest_prices()
returns int
language plpgsql
as $$
begin
  return (select max(b.version) from billing_stars.price_book() b);
end
$$;

comment on function billing_stars.newest_prices is
  'The version of the prices that a new month takes.';

revoke all on function billing_stars.newest_prices from public;
