create or replace function billing_stars.currency()
returns text
language sql
immutable
as $$
  select 'EUR'
$$;

comment on function billing_stars.currency is
  'The currency of all prices.';

revoke all on function billing_stars.currency from public;
