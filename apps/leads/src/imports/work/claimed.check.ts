import { DomainError, leadsMessages } from '@apollo/contracts';
import type { FileReading } from '../import.repository.js';
import { isObject } from '../../stored.object.js';
import { COLUMNS, ERRORS_NOTED, ROWS } from '../import.limits.js';
import type { ClaimedImport } from './work.repository.js';

/** Code units of a text of at most 200 characters. */
const TEXT = 400;
const MOST_OWNERS = 1_000;
const MOST_DECIMALS = 4;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT;
const isMaybe = (value: unknown, fits: (value: unknown) => boolean) =>
  value === undefined || value === null || fits(value);
const isCount = (value: unknown, most: number) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
const isListOf = (value: unknown, most: number, fits: (each: unknown) => boolean) =>
  Array.isArray(value) && value.length <= most && value.every(fits);
const isOneOf = (words: readonly string[]) => (value: unknown) => words.includes(value as string);

const isFormat = isOneOf(leadsMessages.IMPORT_FORMATS);
const isPair = (pair: unknown) => isListOf(pair, 2, isText) && (pair as unknown[]).length === 2;
const isOwner = (owner: unknown) => isObject(owner) && [owner['user_id'], owner['name'], owner['email']].every(isText);

const isMapping = (value: unknown) => isListOf(value, COLUMNS, isPair);
const areSettings = (value: unknown) =>
  isObject(value) &&
  ['country', 'currency', 'time_zone'].every((name) => isMaybe(value[name], isText)) &&
  isMaybe(value['owners'], (owners) => isListOf(owners, MOST_OWNERS, isOwner));

function isReading(value: Partial<FileReading>): boolean {
  return (
    isOneOf(leadsMessages.IMPORT_ENCODINGS)(value.encoding) &&
    isOneOf([',', ';', '\t', '|'])(value.delimiter) &&
    isOneOf(leadsMessages.IMPORT_IDENTITIES)(value.identity) &&
    Number.isSafeInteger(value.heading_line) &&
    isMaybe(value.footer_line, Number.isSafeInteger) &&
    isMaybe(value.currency_columns, arePlaces) &&
    isMaybe(value.international_phones, arePlaces) &&
    isObject(value.formats) &&
    Object.keys(value.formats).length <= COLUMNS &&
    Object.values(value.formats).every(isFormat)
  );
}

function arePlaces(value: unknown): boolean {
  return Array.isArray(value) && value.length <= COLUMNS && value.every(Number.isSafeInteger);
}

/**
 * What stands in the row of an import is what this service writes there, whoever wrote it: nothing else is worked with.
 *
 * @throws DomainError `state_conflict` for an import that began before files were looked at; `validation_failed` naming the column
 */
export function assertWorkable(claimed: ClaimedImport): void {
  const { reading, rows_total, rows_read, errors_noted } = claimed;
  if (isObject(reading) && Object.keys(reading).length === 0)
    throw new DomainError(
      'state_conflict',
      'The import began before an update of the service that reads files anew. Send the file again; rows that were imported stay.',
    );
  const fitting: Readonly<Record<string, boolean>> = {
    mapping: isMapping(claimed.mapping),
    settings: areSettings(claimed.settings),
    reading: isObject(reading) && isReading(reading),
    default_contact_name: isMaybe(claimed.default_contact_name, isText),
    value_decimals: isCount(claimed.value_decimals, MOST_DECIMALS),
    rows_total: isMaybe(rows_total, (rows) => isCount(rows, ROWS)),
    rows_read: isCount(rows_read, ROWS),
    rows_undone: isCount(claimed.rows_undone, 2 * ROWS),
    errors_noted: isCount(errors_noted, ERRORS_NOTED),
  };
  const unfit = Object.keys(fitting).find((name) => fitting[name] === false);
  if (unfit !== undefined)
    throw new DomainError('validation_failed', `The import cannot be worked on: its ${unfit} is not what one has.`);
}
