create or replace function billing_stars.terms_of(
  w billing_stars.wallets,
  of_kind text,
  of_item text
)
returns table (stars bigint, cents bigint, month_stars bigint, month_cents bigint)
language plpgsql
as $$
declare
  s billing_stars.subscriptions;
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := month_days - extract(day from w.day)::int + 1;
begin
  select *
  into s
  from billing_stars.subscriptions x
  where x.org_id = w.org_id and x.id = w.org_id;
  if not found or billing_stars.plan_went_back(w.org_id) then
    s.stars := 0;
    s.cents := 0;
  end if;
  return query
  select
    case of_kind
      when 'plan' then ((o.stars - s.stars) * days_left + month_days - 1) / month_days
      else o.stars
    end,
    case of_kind when 'plan' then (o.cents - s.cents) * days_left / month_days else o.cents end,
    case of_kind when 'plan' then o.stars end,
    case of_kind when 'plan' then o.cents end
  from billing_stars.offers() o
  where o.kind = of_kind and o.item = of_item and (of_kind = 'pack' or o.stars > s.stars);
end
$$;

comment on function billing_stars.terms_of is
  'What an order of it is for today, as plan.rules.ts says: a pack, or the part of a larger plan that is left '
  'of the month. A plan whose money has gone back counts as none. No row where there is nothing to pay for.';

revoke all on function billing_stars.terms_of from public;
