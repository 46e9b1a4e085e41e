create or replace function leads.import_goes_on()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.rows_read < old.rows_read
    or new.created < old.created
    or new.updated < old.updated
    or new.unchanged < old.unchanged
    or new.refused < old.refused
    or new.errors_noted < old.errors_noted
    or new.cells_left_out < old.cells_left_out
    or new.received_bytes < old.received_bytes
    or (old.rows_total is not null and new.rows_total is distinct from old.rows_total)
    or (
      new.rows_undone < old.rows_undone
        and not (new.status = 'undoing' and old.status in ('finished', 'failed'))
    )
    or (
      new.attempts < old.attempts
        and new.rows_read = old.rows_read
        and new.rows_undone <= old.rows_undone
        and not (new.status = 'undoing' and old.status in ('finished', 'failed'))
    )
    or (
      new.status <> old.status
        and not (old.status, new.status) in (
          ('receiving', 'running'), ('receiving', 'failed'), ('running', 'finished'), ('running', 'failed'),
          ('finished', 'undoing'), ('failed', 'undoing'), ('undoing', 'finished'), ('undoing', 'undone'),
          ('running', 'stopped'), ('undoing', 'stopped'), ('stopped', 'running'), ('stopped', 'undoing')
        )
    )
  then
    raise exception 'the work on an import goes on, and not back' using errcode = '42501';
  end if;
  return new;
end
$$;

comment on function leads.import_goes_on is
  'What a worker counts with only ever goes on, and a status to one that follows it. Attempts begin anew where '
  'rows took effect since, or where the import begins to be taken back.';

revoke all on function leads.import_goes_on from public;

create or replace trigger imports_go_on
before update on leads.imports
for each row
execute function leads.import_goes_on();
