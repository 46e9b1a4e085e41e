import { DomainError, type FieldProblem } from '@apollo/contracts';
import type { FormattedColumn } from '../cells/format.survey.js';
import type { ColumnSettings } from './import.settings.js';

/** What there is in a file and its organization for settings to name. */
export interface Nameable {
  /** Names of all columns. */
  readonly names: readonly string[];
  /** Of custom fields that are there, or that a column could fill. */
  readonly keys: ReadonlySet<string>;
  /** Mapped columns whose cells depend on a format. */
  readonly formatted: readonly FormattedColumn[];
}

/** @throws DomainError `missing_column` naming each entry for a column or custom field that there is not, and each format of the other sort */
export function assertFits({ kinds, options, formats }: ColumnSettings, { names, keys, formatted }: Nameable): void {
  const columns = new Set(names);
  const sorts = new Map(formatted.map(({ heading, sort }) => [heading, sort]));
  const problems: FieldProblem[] = Object.entries(formats).flatMap(([heading, format]) => {
    const field = `formats.${heading}`;
    if (!columns.has(heading)) return [{ field, problem: 'the file has no such column' }];
    const sort = sorts.get(heading) ?? sortOf(format);
    return sort === sortOf(format)
      ? []
      : [{ field, problem: `is a format of ${sortOf(format)}s, and the column has ${sort}s` }];
  });
  for (const [name, entries] of Object.entries({ kinds, options }))
    for (const key of Object.keys(entries))
      if (!keys.has(key))
        problems.push({
          field: `${name}.${key}`,
          problem: 'no column is mapped to such a custom field; it is named by its key',
        });
  if (problems.length > 0)
    throw new DomainError('missing_column', 'Settings name columns or custom fields that there are not.', problems);
}

function sortOf(format: ColumnSettings['formats'][string]): FormattedColumn['sort'] {
  return format.includes('-') ? 'date' : 'number';
}
