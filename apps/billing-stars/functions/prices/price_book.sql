create or replace function billing_stars.price_book()
returns table (version int, action text, stars bigint)
language sql
immutable
as $$
  values
    (1, 'agent.step', 1::bigint),
    (1, 'agent.delegation', 1::bigint),
    (1, 'tool.call', 1::bigint),
    (1, 'document.page', 1::bigint),
    (1, 'email.draft', 2::bigint),
    (1, 'campaign.touch', 2::bigint),
    (1, 'twin.draft', 3::bigint)
$$;

comment on function billing_stars.price_book is
  'What actions cost, by the version of the prices, as price.book.ts has it.';

revoke all on function billing_stars.price_book from public;
