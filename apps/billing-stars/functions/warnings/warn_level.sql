create or replace function billing_stars.warn_level(allotted bigint, warned int)
returns bigint
language sql
immutable
as $$
  select case
    when allotted <= 0 then -1
    else coalesce(
      allotted * (
        100 - (case when warned < 50 then 50 when warned < 80 then 80 when warned < 100 then 100 end)
      ) / 100,
      -1
    )
  end
$$;

comment on function billing_stars.warn_level is
  'At how many free Stars the next warning of the wallet is due; below zero when none is left.';

revoke all on function billing_stars.warn_level from public;
