import { dateFormatsShown, isNoDate, readDate } from '../cells/date.cells.js';
import { moneyParts } from '../cells/money.cells.js';
import { isNumber } from '../cells/number.cells.js';

/** The kind of custom field that a column's cells make, and the options of a choice. */
export interface ColumnKind {
  readonly kind: 'text' | 'number' | 'date' | 'select' | 'money';
  readonly options: readonly string[];
}

/** A choice has few values, each of them often. */
const MOST_OPTIONS = 12;
const ROWS_OF_CHOICE = 20;
const ROWS_PER_OPTION = 4;
const LONGEST_OPTION = 60;

/**
 * What a column holds, by its cells that are not empty. All of them have to be of a kind; text is what holds everything.
 *
 * @param whole whether the cells are all there are: an option that comes later would be refused
 */
export function kindOf(cells: readonly string[], whole: boolean, currency: string | null): ColumnKind {
  const plain = (kind: 'text' | 'number' | 'date' | 'money'): ColumnKind => ({ kind, options: [] });
  if (cells.length === 0) return plain('text');
  if (cells.every(isDay)) return plain('date');
  // What begins with a zero or has very many digits is a number by name only: a postcode, an account.
  if (cells.every((cell) => isNumber(cell) && !/^[+0]\d|\d{12}/.test(cell))) return plain('number');
  const amounts = cells.map((cell) => moneyParts(cell, currency));
  if (amounts.every((amount) => amount !== undefined && !/^0\d/.test(amount.amount))) return plain('money');
  const distinct = new Set(cells);
  const choice =
    whole &&
    cells.length >= ROWS_OF_CHOICE &&
    distinct.size > 1 &&
    distinct.size <= Math.min(MOST_OPTIONS, cells.length / ROWS_PER_OPTION) &&
    [...distinct].every((value) => value.length <= LONGEST_OPTION && !/[\n;|]/.test(value));
  return choice ? { kind: 'select', options: [...distinct] } : plain('text');
}

/** A date without a time: a field of kind date would lose that. */
function isDay(cell: string): boolean {
  if (isNoDate(cell)) return true;
  if (dateFormatsShown(cell) === undefined) return false;
  const date = readDate(cell, null) ?? readDate(cell, 'day-month-year');
  return date === 'undecided' || (date !== undefined && date.time === undefined);
}
