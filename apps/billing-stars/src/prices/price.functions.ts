import { step } from '../schema.functions.js';
import { PRICE_BOOK } from './price.book.js';

const rows = PRICE_BOOK.flatMap(({ version, stars }) =>
  Object.entries(stars).map(([action, price]) => `(${version}, '${action}', ${price}::bigint)`),
);

export const priceFunctions: readonly string[] = [
  `create function billing_stars.price_book() returns table (version int, action text, stars bigint) language sql immutable as $$
  values ${rows.join(', ')}
$$;
revoke all on function billing_stars.price_book from public;`,
  step(
    'newest_prices()',
    'int',
    `begin
  return (select max(b.version) from billing_stars.price_book() b);
end`,
  ),
  step(
    'adopt_prices(org uuid, wanted int, since date)',
    'void',
    `begin
  insert into billing_stars.price_versions (org_id, id, version, starts_on) values (org, uuidv7(), wanted, date_trunc('month', since::timestamp)::date);
  insert into billing_stars.prices (org_id, id, version, action, stars)
    select org, uuidv7(), wanted, b.action, b.stars from billing_stars.price_book() b where b.version = wanted;
end`,
  ),
];
