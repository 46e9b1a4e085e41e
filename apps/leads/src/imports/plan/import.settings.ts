import { DomainError, type FieldProblem, leadsMessages, trimmed } from '@apollo/contracts';
import type { Formats } from '../cells/format.survey.js';
import { columnName } from '../csv/csv.headings.js';

/** What somebody says of the custom fields and formats of a file, checked. */
export interface ColumnSettings {
  /** Custom field's key → kind. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Custom field's key → options. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly formats: Formats;
}

/** @throws DomainError `validation_failed` naming each entry that is no kind, no list of texts or no format */
export function columnSettings(request: leadsMessages.ImportSettings): ColumnSettings {
  const problems: FieldProblem[] = [];
  const checked = <Value>(field: 'kinds' | 'options' | 'formats', fits: (value: unknown) => boolean, words: string) =>
    Object.entries(request[field] ?? {}).flatMap(([key, value]): [string, Value][] => {
      if (fits(value)) return [[field === 'formats' ? columnName(key) : key, value as Value]];
      problems.push({ field: `${field}.${key}`, problem: words });
      return [];
    });
  const oneOf = (words: readonly string[]) => (value: unknown) => words.includes(value as string);
  const { FIELD_KINDS, IMPORT_FORMATS } = leadsMessages;
  const kinds = checked<string>('kinds', oneOf(FIELD_KINDS), `must be one of ${FIELD_KINDS.join(', ')}`);
  const isList = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');
  const options = checked<string[]>('options', isList, 'must be a list of texts');
  const formats = checked<Formats[string]>(
    'formats',
    oneOf(IMPORT_FORMATS),
    `must be one of ${IMPORT_FORMATS.join(', ')}`,
  );
  if (problems.length > 0) throw new DomainError('validation_failed', 'Some fields were refused.', problems);
  return {
    kinds: Object.fromEntries(kinds),
    options: Object.fromEntries(options.map(([key, list]) => [key, list.map(trimmed)])),
    formats: Object.fromEntries(formats),
  };
}
