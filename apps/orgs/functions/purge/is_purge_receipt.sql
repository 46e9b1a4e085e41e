create or replace function orgs.is_purge_receipt(receipt jsonb)
returns boolean
language sql
immutable
as $$
  select coalesce(
    case when jsonb_typeof(receipt) = 'object' and jsonb_typeof(receipt -> 'tables') = 'array' then
      jsonb_typeof(receipt -> 'complete') = 'boolean'
        and receipt - '{tables,complete}'::text[] = '{}'
        and jsonb_array_length(receipt -> 'tables') <= 200
        and not exists (
          select from jsonb_array_elements(receipt -> 'tables') t
          where (
            case when jsonb_typeof(t) = 'object' then
              t - '{table,outcome,rows}'::text[] = '{}'
                and t ->> 'table' ~ '^[a-z][a-z0-9_]{0,62}$'
                and t ->> 'outcome' in ('deleted', 'anonymized')
                and jsonb_typeof(t -> 'rows') = 'number'
                and t ->> 'rows' ~ '^[0-9]{1,15}$'
            end
          ) is not true
        )
    end,
    false
  )
$$;

comment on function orgs.is_purge_receipt is
  'Whether it is a receipt as the contracts have it: which table lost how many rows, and whether that was all.';

revoke all on function orgs.is_purge_receipt from public;
