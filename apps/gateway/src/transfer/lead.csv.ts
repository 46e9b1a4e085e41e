import type { leadsMessages } from '@apollo/contracts';
import { stringify } from 'csv-stringify/sync';

const COLUMNS = [
  'id',
  'external_id',
  'contact_name',
  'company',
  'email',
  'phone',
  'site',
  'city',
  'state',
  'country',
  'owner_id',
  'pipeline_id',
  'stage_id',
  'value_minor',
  'tags',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof leadsMessages.Lead)[];

/** The heading line; a custom field's column is named as an import's mapping names it. */
export function csvHeading(customKeys: readonly string[]): string {
  return lines([[...COLUMNS, ...customKeys.map((key) => `custom_fields.${key}`)]]);
}

/**
 * Leads as CSV (RFC 4180, CRLF). A cell that a spreadsheet would take for a formula gets an apostrophe in front;
 * several values in one cell are separated by semicolons.
 */
export function csvRows(leads: readonly leadsMessages.Lead[], customKeys: readonly string[]): string {
  return lines(
    leads.map((lead) =>
      [...COLUMNS.map((column) => lead[column]), ...customKeys.map((key) => lead.custom_fields[key])].map(cell),
    ),
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(';') : String(value);
}

function lines(rows: string[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: 'windows' });
}
