create or replace function billing_stars.adopt_prices(org uuid, wanted int, since date)
returns void
language plpgsql
as $$
begin
  insert into billing_stars.price_versions (org_id, id, version, starts_on)
  values (org, uuidv7(), wanted, date_trunc('month', since::timestamp)::date);
  insert into billing_stars.prices (org_id, id, version, action, stars)
  select org, uuidv7(), wanted, b.action, b.stars
  from billing_stars.price_book() b
  where b.version = wanted;
end
$$;

comment on function billing_stars.adopt_prices is
  'Writes a version’s prices down for an organization, from the month of that day on.';

revoke all on function billing_stars.adopt_prices from public;
