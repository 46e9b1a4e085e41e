import { DomainError, legible } from '@apollo/contracts';
import { type FieldDefinition, MOST_CUSTOM_BYTES } from '../../fields/custom.field.rules.js';
import type { CsvRecord } from '../csv/csv.records.js';
import { COLUMNS } from '../import.limits.js';
import { customKey, type Mapping } from '../import.mapping.js';
import { type CellReader, customReader, readersFor } from './cell.readers.js';
import type { LeadRow, RowProblem } from './lead.row.js';

interface Column {
  readonly heading: string;
  readonly index: number;
  readonly read: CellReader;
}

/** What a row reader needs to know besides the heading. */
export interface RowRules {
  readonly mapping: Mapping;
  readonly fields: readonly FieldDefinition[];
  readonly defaultContactName: string | null;
  readonly valueDecimals: number;
}

/** Turns records into leads or into what is wrong with them. */
export class RowReader {
  private readonly columns: readonly Column[];
  private readonly width: number;
  private readonly nameHeading: string | null;

  /**
   * @param heading the first record of the file
   * @throws DomainError `missing_column` naming mapped headings that are not there, `invalid_csv` when one is there twice
   */
  constructor(
    heading: CsvRecord,
    private readonly rules: RowRules,
  ) {
    const names = heading.cells.map((name) => name.trim());
    if (names.length > COLUMNS) throw new DomainError('invalid_csv', `The file has more than ${COLUMNS} columns.`);
    const mapped = [...rules.mapping];
    refuse(
      'missing_column',
      'The file has no column',
      mapped.filter(([name]) => !names.includes(name)),
    );
    refuse(
      'invalid_csv',
      'The file has more than one column',
      mapped.filter(([name]) => names.indexOf(name) !== names.lastIndexOf(name)),
    );
    this.width = names.length;
    const readers = readersFor(rules.valueDecimals);
    this.columns = mapped.map(([name, target]) => ({
      heading: name,
      index: names.indexOf(name),
      read: readers.get(target) ?? custom(target, rules.fields),
    }));
    this.nameHeading = mapped.find(([, target]) => target === 'contact_name')?.[0] ?? null;
  }

  /** @param id the lead's id, should it be new */
  read(record: CsvRecord, id: string): LeadRow | RowProblem[] {
    const { line, cells } = record;
    if (cells.length > this.width) {
      return [{ line, column: null, problem: `has ${cells.length} cells, the heading ${this.width}` }];
    }
    const row: LeadRow = { id, custom_fields: {} };
    const problems: RowProblem[] = [];
    for (const { heading, index, read } of this.columns) {
      const cell = legible(cells[index] ?? '');
      const problem = cell === '' ? null : read(cell, row);
      if (problem !== null) problems.push({ line, column: heading, problem });
    }
    row.contact_name ??= this.rules.defaultContactName ?? undefined;
    if (row.contact_name === undefined) problems.push({ line, column: this.nameHeading, problem: 'must not be empty' });
    if (tooMuch(row.custom_fields))
      problems.push({ line, column: null, problem: `has custom fields of more than ${MOST_CUSTOM_BYTES} bytes` });
    return problems.length > 0 ? problems : row;
  }
}

function custom(target: string, fields: readonly FieldDefinition[]): CellReader {
  const field = fields.find(({ key }) => key === customKey(target));
  return field ? customReader(field) : () => 'is mapped to a custom field that does not exist';
}

/** Measured only where it can be: most rows are far from the bound. */
function tooMuch(custom: Record<string, unknown>): boolean {
  const roughly = Object.values(custom).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 20),
    0,
  );
  return roughly * 6 > MOST_CUSTOM_BYTES && Buffer.byteLength(JSON.stringify(custom)) > MOST_CUSTOM_BYTES;
}

function refuse(
  code: 'missing_column' | 'invalid_csv',
  words: string,
  columns: readonly (readonly [string, string])[],
): void {
  if (columns.length === 0) return;
  const names = columns.slice(0, 5).map(([name]) => `"${name.length > 60 ? `${name.slice(0, 59)}…` : name}"`);
  throw new DomainError(
    code,
    `${words} ${names.join(', ')}${columns.length > names.length ? ` and ${columns.length - names.length} others` : ''}.`,
  );
}
