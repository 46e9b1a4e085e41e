import { leadsMessages } from '@apollo/contracts';
import { ERRORS_NOTED, ROWS } from './import.limits.js';

const LAST_CHUNK = 10_000;

const bounded = (column: string, most: number, least = 0) => `${column} between ${least} and ${most}`;
const ROW_COUNTS = ['rows_read', 'created', 'updated', 'unchanged', 'refused'];
const STATUSES = ['receiving', 'running', 'finished', 'failed', 'undoing', 'undone', 'stopped'];
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/**
 * What a worker is ever given of an import fits into it, whatever SQL wrote it; how large it is, each table says. Not validated: a row that was there before
 * and does not fit can no longer be claimed, and holds up no migration.
 */
const imports = [
  'length(file_name) <= 200 and length(delimiter) <= 1 and length(default_contact_name) <= 200',
  bounded('value_decimals', 4),
  `status in (${quoted(STATUSES)})`,
  ...['rows_total', ...ROW_COUNTS].map((column) => bounded(column, ROWS)),
  // Those that it made and those that it changed.
  bounded('rows_undone', 2 * ROWS),
  bounded('errors_noted', ERRORS_NOTED),
  bounded('cells_left_out', 1_999_999_999),
  bounded('received_bytes', leadsMessages.IMPORT_BYTES),
  bounded('attempts', 1_000),
  // Infinite moments and those no clock shows have no such number.
  'extract(epoch from created_at) between 0 and 9999999999',
].join(' and ');

const BEGINS = "(new.status = 'undoing' and old.status in ('finished', 'failed'))";
const fell = (column: string) => `new.${column} < old.${column}`;
const MOVES = `(old.status, new.status) in (('receiving', 'running'), ('receiving', 'failed'), ('running', 'finished'), ('running', 'failed'),
      ('finished', 'undoing'), ('failed', 'undoing'), ('undoing', 'finished'), ('undoing', 'undone'),
      ('running', 'stopped'), ('undoing', 'stopped'), ('stopped', 'running'), ('stopped', 'undoing'))`;

/**
 * What a worker counts with only ever goes on, and a status to one that follows it. Attempts begin anew where rows took effect
 * since, or where the import begins to be taken back.
 */
const onward = `create function leads.import_goes_on() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if ${[...ROW_COUNTS, 'errors_noted', 'cells_left_out', 'received_bytes'].map(fell).join(' or ')}
    or (old.rows_total is not null and new.rows_total is distinct from old.rows_total)
    or (${fell('rows_undone')} and not ${BEGINS})
    or (${fell('attempts')} and new.rows_read = old.rows_read and new.rows_undone <= old.rows_undone and not ${BEGINS})
    or (new.status <> old.status and not ${MOVES})
  then
    raise exception 'the work on an import goes on, and not back' using errcode = '42501';
  end if;
  return new;
end $$;
revoke all on function leads.import_goes_on from public;
create trigger imports_go_on before update on leads.imports for each row execute function leads.import_goes_on();`;

const check = (table: string, condition: string) =>
  `alter table leads.${table} add constraint ${table}_bounded check (${condition}) not valid;`;

/** Bounds of everything that imports are worked on with. */
export const importRules: readonly string[] = [
  check('imports', imports),
  check('import_chunks', `${bounded('seq', LAST_CHUNK)} and length(sha256) = 64`),
  check(
    'import_errors',
    `${bounded('position', ERRORS_NOTED, 1)} and ${bounded('line', 1_999_999_999, 1)} and length(column_name) <= 200 and length(problem) <= 1000`,
  ),
  check('import_changes', bounded('version', 2_000_000_000, 1)),
  onward,
];
