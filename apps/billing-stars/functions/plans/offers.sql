create or replace function billing_stars.offers()
returns table (kind text, item text, stars bigint, cents bigint)
language sql
immutable
as $$
  values
    ('plan', 'starter', 2000::bigint, 1900::bigint),
    ('plan', 'team', 10000::bigint, 7900::bigint),
    ('plan', 'scale', 50000::bigint, 29900::bigint),
    ('pack', 'pack-1000', 1000::bigint, 1200::bigint),
    ('pack', 'pack-5000', 5000::bigint, 4900::bigint),
    ('pack', 'pack-20000', 20000::bigint, 15900::bigint)
$$;

comment on function billing_stars.offers is
  'What Stars cost, as offer.table.ts has it: written here too, so that nobody orders others than there are.';

revoke all on function billing_stars.offers from public;
