create or replace function service_schema.note_purged(of_table text, became text, number int)
returns void
language plpgsql
as $$
declare
  org uuid := tenancy.org_id();
begin
  if number > 0 then
    insert into service_schema.purge_receipts as r (org_id, id, table_name, outcome, row_count, noted_at)
    values (org, uuidv7(), of_table, became, number, clock_timestamp())
    on conflict (org_id, table_name, outcome) do update set
      row_count = r.row_count + excluded.row_count,
      noted_at = excluded.noted_at;
  end if;
end
$$;

comment on function service_schema.note_purged is
  'So many more rows of a table of the tag’s organization were purged. Asked by what purges them, in its transaction: '
  'the receipt says of each row once that it went, wherever a process ends.';

revoke all on function service_schema.note_purged from public;
