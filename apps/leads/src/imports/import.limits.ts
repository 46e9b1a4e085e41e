import { leadsMessages } from '@apollo/contracts';

/** What an import is to whoever does the jobs; a job has the id of its import. */
export const IMPORT_JOB = 'lead-import';

/** Bounds of an import. Each is the answer to a file that somebody will send one day. */

/** Records at the beginning of a file by which it is planned, and which a preview shows the outcome of. */
export const SAMPLE_RECORDS = 5_000;
/** Bytes of one record, its quoted line ends included. */
export const RECORD_BYTES = 256 * 1024;
/** Columns of a file. */
export const COLUMNS = 1_000;
/** Columns that a mapping names; those of our export with all custom fields may be more. */
export const MOST_MAPPED = 200;
/** Custom fields that one file makes. */
export const MOST_MADE = 100;
/** Rows that take effect in one transaction. */
export const BATCH_ROWS = 1_000;
/** Refused cells that are listed; beyond it rows are only counted. */
export const ERRORS_NOTED = 10_000;
/** Lines of a file, blank ones and those within quotes included. */
export const LINES = 2_000_000;
/** Rows of a file, the heading apart. */
export const ROWS = 1_000_000;
/** Imports of one organization that are neither finished nor failed. */
export const OPEN_IMPORTS = 10;
/** Files that one process looks at at once, before they are imported; each takes a part of its one core. */
export const FILES_LOOKED_AT = 2;
/** Imports that one process works on at once; each is mostly one core's parsing and one connection. */
export const AT_WORK = 2;
/** Seconds after which an upload that was never completed is given up. */
export const UPLOAD_SECONDS = 1_200;
/** Times an import is taken up without getting any further before it fails. */
export const ATTEMPTS = 5;
/** Characters of one cell that are looked at: as many as a custom field takes, which takes the most. */
export const CELL_CHARACTERS = leadsMessages.CUSTOM_TEXT;
/** Characters of the rows that take effect in one transaction. */
export const BATCH_CHARACTERS = 8_000_000;
