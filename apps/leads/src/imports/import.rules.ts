import { leadsMessages } from '@apollo/contracts';
import { ERRORS_NOTED, ROWS } from './import.limits.js';

const LAST_CHUNK = 10_000;

const bounded = (column: string, most: number, least = 0) => `${column} between ${least} and ${most}`;
const ROW_COUNTS = ['rows_read', 'created', 'updated', 'unchanged', 'refused'];
const STATUSES = ['receiving', 'running', 'finished', 'failed', 'undoing', 'undone', 'stopped'];
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** States, as SQL, in which an import that writes leads has ended: whatever else it is in, it may go on writing. */
export const ENDED = quoted(['finished', 'failed', 'undone']);

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
];
