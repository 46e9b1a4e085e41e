import { DomainError } from '@apollo/contracts';
import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import type { FormattedColumn } from '../cells/format.survey.js';
import { assertColumns, columnNames } from '../csv/csv.headings.js';
import type { CsvRecord } from '../csv/csv.records.js';
import { customKey, type Mapping, REMARKS } from '../import.mapping.js';

/** Where each mapped column is. @throws DomainError `missing_column`; `invalid_csv` for too many columns */
export function columnIndexes(heading: CsvRecord, mapping: Mapping): Map<string, number> {
  assertColumns(heading);
  const names = columnNames(heading.cells);
  const missing = [...mapping.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const told = missing.slice(0, 5).map((name) => `"${name.length > 60 ? `${name.slice(0, 59)}…` : name}"`);
    const others = missing.length > told.length ? ` and ${missing.length - told.length} others` : '';
    throw new DomainError(
      'missing_column',
      `The file has no column ${told.join(', ')}${others}.${hintFor(heading, missing)}`,
    );
  }
  return new Map(names.map((name, at) => [name, at]));
}

/** What helps whoever names columns of a list without a heading as those of one with it, or the other way round. */
function hintFor({ line }: CsvRecord, missing: readonly string[]): string {
  if (line === 0) return ' With heading_line 0, columns are called Column 1, Column 2 and so on.';
  return missing.every((name) => /^Column \d+$/.test(name)) ? ' A list without a heading says heading_line: 0.' : '';
}

/** The mapped columns whose cells depend on a format. @throws as the constructor of `RowReader` */
export function formattedColumns(
  heading: CsvRecord,
  mapping: Mapping,
  fields: readonly FieldDefinition[],
): FormattedColumn[] {
  const indexes = columnIndexes(heading, mapping);
  return [...mapping].flatMap(([name, target]) => {
    const key = customKey(target);
    const kind = key === null ? target : fields.find((field) => field.key === key)?.kind;
    const sort =
      kind === 'created_at' || kind === 'date'
        ? 'date'
        : ['value', 'number', 'money'].includes(kind ?? '')
          ? 'number'
          : null;
    return sort === null ? [] : [{ heading: name, index: indexes.get(name) ?? 0, sort } as const];
  });
}

/** Places of the columns that may name currencies by their cells: all that are no fields of a lead. */
export function freeColumns(heading: CsvRecord, mapping: Mapping): number[] {
  return columnNames(heading.cells).flatMap((name, at) => {
    const target = mapping.get(name);
    return target === undefined || target === REMARKS || customKey(target) !== null ? [at] : [];
  });
}
