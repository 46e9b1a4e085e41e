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
  'currency',
  'tags',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof leadsMessages.Lead | 'currency')[];

/** What stands between two cells, by the name that a request gives it. */
export const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const;
export type Separator = keyof typeof SEPARATORS;

/** Tells spreadsheets that what follows is UTF-8. */
export const MARK = '\uFEFF';

/** The heading line; a custom field's column is named as an import's mapping names it. */
export function csvHeading(customKeys: readonly string[], separator: Separator = 'comma'): string {
  return lines([[...COLUMNS, ...customKeys.map((key) => `custom_fields.${key}`)]], separator);
}

/**
 * Leads as CSV (RFC 4180, CRLF). What a spreadsheet would take for a formula gets an apostrophe in front, wherever a
 * spreadsheet of any region could begin a cell; several values in one cell are separated by semicolons, those that hold
 * a separator themselves in quotes. Where semicolons separate, numbers have a decimal comma, as their spreadsheets do.
 *
 * @param currency ISO 4217 of the organization, which stands beside each amount: elsewhere it would be another one
 */
export function csvRows(
  leads: readonly leadsMessages.Lead[],
  customKeys: readonly string[],
  currency: string,
  separator: Separator = 'comma',
): string {
  const rows = leads.map((lead) =>
    [
      ...COLUMNS.map((column) => valueOf(lead, column, currency)),
      ...customKeys.map((key) => customValue(lead, key)),
    ].map((value) => cell(value, separator)),
  );
  return lines(rows, separator);
}

function valueOf(lead: leadsMessages.Lead, column: (typeof COLUMNS)[number], currency: string): unknown {
  return column === 'currency' ? (lead.value_minor === null ? null : currency) : lead[column];
}

/** What the lead itself has: an organization may call a field `constructor`. */
function customValue({ custom_fields: values }: leadsMessages.Lead, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/**
 * What a formula begins with, where a cell may begin: at the text's beginning and behind whatever separates cells
 * somewhere, with blanks, quotation marks (written twice, they are an empty cell's to whoever cuts elsewhere) and then
 * apostrophes between. It looks back to the sign before at most, so a text is read twice, however it is made.
 */
const formula = /[=+\-@\uff1d\uff0b\uff0d\uff20](?<=(?:^|[,;|\t\r\n])[\s"]*'*.)/gu;

function cell(value: unknown, separator: Separator): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') {
    const digits = String(value);
    return escaped(separator === 'semicolon' && !digits.includes('e') ? digits.replace('.', ',') : digits);
  }
  return escaped((Array.isArray(value) ? value.map(joinable).join(';') : String(value)).trim());
}

function escaped(text: string): string {
  return text.replace(formula, "'$&");
}

/** One of several values in a cell. */
function joinable(value: unknown): string {
  const text = String(value).trim();
  return /[;,|\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function lines(rows: string[][], separator: Separator): string {
  // A line end of another kind, or what separates cells elsewhere, ends a cell for some readers as well.
  return stringify(rows, {
    delimiter: SEPARATORS[separator],
    record_delimiter: 'windows',
    quoted_match: /[\r\n,;\t|]/,
  });
}
