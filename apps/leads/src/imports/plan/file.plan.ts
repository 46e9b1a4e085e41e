import { DomainError, type leadsMessages, legible, refusedField } from '@apollo/contracts';
import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import type { Formats } from '../cells/format.survey.js';
import { type Dialect, dialectOf, type Sample } from '../csv/csv.dialect.js';
import type { Encoding } from '../csv/csv.encoding.js';
import { assertColumns, columnName, columnNames } from '../csv/csv.headings.js';
import type { CsvRecord } from '../csv/csv.records.js';
import { isEmptyRow, ListEnd } from '../csv/csv.rows.js';
import { CELL_CHARACTERS } from '../import.limits.js';
import { checkedMapping, type Mapping } from '../import.mapping.js';
import type { PlaceBook } from '../rows/place.book.js';
import { targetNamed } from './heading.words.js';
import { columnSettings, type ColumnSettings } from './import.settings.js';
import { isOurExport, proposed, type SampledColumn } from './mapping.proposal.js';

/** By what rows are recognized as leads that are there. */
export type Identity = (typeof leadsMessages.IMPORT_IDENTITIES)[number];

/** What a plan depends on besides the file. */
export interface PlanContext {
  readonly fields: readonly FieldDefinition[];
  readonly mayAddFields: boolean;
  readonly places: PlaceBook;
}

/** How a file will be read and what its columns are. */
export interface FilePlan extends ColumnSettings {
  readonly dialect: Dialect;
  readonly identity: Identity;
  readonly mapping: Mapping;
  readonly heading: CsvRecord;
  /** Names of all columns. */
  readonly names: readonly string[];
  /** Rows of the list within the sample. */
  readonly rows: readonly CsvRecord[];
  /** Lines within the sample that are no rows, and why. */
  readonly leftOut: readonly { readonly line: number; readonly problem: string }[];
}

/** Why a line is left out. */
export const ABOVE = 'stands above the heading and is left out';
export const BELOW = 'stands below the list and is left out';
const EMPTY = 'has nothing but separators and is left out';

/** What the cells of a heading are known as, so that a heading can be told from notes and one separator from another. */
export function headingHits(mapping: object | undefined): (cells: readonly string[]) => number {
  if (!mapping)
    return (cells) =>
      new Set(cells.map((cell) => (cell.length < 200 ? targetNamed(cell) : undefined)).filter(Boolean)).size;
  const wanted = new Set(Object.keys(mapping).map(columnName));
  return (cells) => cells.filter((cell) => wanted.has(columnName(cell))).length;
}

/**
 * Looks at the beginning of a file and settles what the request leaves open.
 *
 * @throws DomainError `invalid_csv` for a file without rows, `validation_failed` for settings that do not fit each other
 */
export async function filePlan(
  sample: Sample,
  settings: leadsMessages.ImportSettings,
  { fields, mayAddFields, places }: PlanContext,
): Promise<FilePlan> {
  const { dialect, records } = await dialectOf(sample, {
    encoding: settings.encoding as Encoding | undefined,
    delimiter: settings.delimiter,
    heading_line: settings.heading_line,
    hits: headingHits(settings.mapping),
  });
  const heading = records.find(({ line }) => line >= dialect.heading_line);
  if (!heading)
    throw new DomainError(
      'invalid_csv',
      records.length === 0 ? 'The file is empty.' : `There is no heading on line ${dialect.heading_line}.`,
    );
  assertColumns(heading);
  const { rows, leftOut } = parted(records, heading, sample.whole);
  const names = columnNames(heading.cells);
  const columns = names.map((name, at): SampledColumn => ({
    name,
    cells: rows.map(({ cells }) => legible((cells[at] ?? '').slice(0, CELL_CHARACTERS))).filter(Boolean),
  }));
  const given = columnSettings(settings);
  const proposal = settings.mapping
    ? { mapping: checkedMapping({ ...settings, mapping: settings.mapping }), kinds: {}, options: {} }
    : proposed(columns, {
        fields,
        mayAddFields,
        whole: sample.whole,
        currency: settings.currency ?? null,
        isStage: (cell) => places.stage(cell) !== undefined,
        isOwner: (cell) => places.owner(cell) !== undefined,
      });
  return {
    dialect: { ...dialect, heading_line: heading.line },
    identity: identityOf(settings, proposal.mapping, columns),
    mapping: checkedMapping({ ...settings, mapping: Object.fromEntries(proposal.mapping) }),
    kinds: { ...proposal.kinds, ...given.kinds },
    options: { ...proposal.options, ...given.options },
    formats: { ...ourFormats(names, dialect.delimiter, fields), ...given.formats },
    heading,
    names,
    rows,
    leftOut,
  };
}

/** Our export writes numbers as its separator's spreadsheets do, and money always alike. */
function ourFormats(names: readonly string[], delimiter: string, fields: readonly FieldDefinition[]): Formats {
  if (!isOurExport(names)) return {};
  const number = delimiter === ';' ? '1.234,56' : '1,234.56';
  return Object.fromEntries(
    fields.flatMap(({ key, kind }): [string, Formats[string]][] => {
      const name = `custom_fields.${key}`;
      if (!names.includes(name) || !['number', 'money'].includes(kind)) return [];
      return [[name, kind === 'money' ? '1,234.56' : number]];
    }),
  );
}

function parted(records: readonly CsvRecord[], heading: CsvRecord, whole: boolean): Pick<FilePlan, 'rows' | 'leftOut'> {
  const after = records.filter(({ line }) => line > heading.line);
  const full = after.filter((record) => !isEmptyRow(record));
  const end = new ListEnd(heading);
  for (const record of full) end.see(record);
  const footer = whole ? (end.result().footer_line ?? Infinity) : Infinity;
  const told = (problem: string) => (record: CsvRecord) => ({ line: record.line, problem });
  return {
    rows: full.filter(({ line }) => line < footer),
    leftOut: [
      ...records.filter(({ line }) => line < heading.line).map(told(ABOVE)),
      ...after.filter(isEmptyRow).map(told(EMPTY)),
      ...full.filter(({ line }) => line >= footer).map(told(BELOW)),
    ],
  };
}

/** What recognizes a row: as told, an id, or an address where each row has one of its own and nothing was said. */
function identityOf(
  settings: leadsMessages.ImportSettings,
  mapping: Mapping,
  columns: readonly SampledColumn[],
): Identity {
  const targets = new Set(mapping.values());
  const told = settings.identity as Identity | undefined;
  if (told !== undefined) {
    if (told !== 'none' && !targets.has(told)) throw refusedField('identity', 'must be the target of a column');
    return told;
  }
  if (targets.has('id')) return 'id';
  if (targets.has('external_id')) return 'external_id';
  if (settings.mapping) return 'none';
  const mail = columns.find(({ name }) => mapping.get(name) === 'email');
  const addresses = mail?.cells.map((cell) => cell.toLowerCase()) ?? [];
  return addresses.length > 0 && new Set(addresses).size === addresses.length ? 'email' : 'none';
}
