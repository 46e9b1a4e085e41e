import { dateFormatsShown, isDayNumber, isNoDate, isUnixTime } from '../cells/date.cells.js';
import { moneyText, readMoney } from '../cells/money.cells.js';
import { numberOf, readNumber } from '../cells/number.cells.js';
import type { Pace } from '../paced.js';
import { saysNothing } from '../rows/empty.words.js';
import { dateNamed, momentNamed, moneyNamed } from './heading.words.js';

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

/** What begins with a zero or a plus, or has very many digits in a row, is a number by name only: a postcode, a phone, an account. */
const NUMBER_BY_NAME = /^[-\u2212(]?(?:[+0]\d|\d{12})/u;

/**
 * What a column holds, by its cells that are not empty. All of them have to be of a kind; text is what holds everything.
 * Digits alone are no amount where there are very many, unless the heading says so.
 *
 * @param whole whether the cells are all there are: an option that comes later would be refused
 * @param currency of amounts that name none
 * @param headed that the heading, or a column beside it, says the amounts are in: then digits alone are amounts
 */
export async function kindOf(
  { name, cells: given }: { readonly name: string; readonly cells: readonly string[] },
  whole: boolean,
  currency: string | null,
  headed: string | undefined,
  pace: Pace,
): Promise<ColumnKind> {
  const plain = (kind: 'text' | 'number' | 'date' | 'money'): ColumnKind => ({ kind, options: [] });
  const cells = given.filter((cell) => !saysNothing(cell, 'amount'));
  if (cells.length === 0) return plain('text');
  if (await pace.isEach(cells, isDay)) return plain('date');
  if (dateNamed(name) && (await pace.isEach(cells, (cell) => isDay(cell) || isDayNumber(cell)))) return plain('date');
  if (momentNamed(name) && (await pace.isEach(cells, (cell) => isNoDate(cell) || isUnixTime(cell))))
    return plain('date');
  if (headed !== undefined && (await pace.isEach(cells, (cell) => holdsMoney(cell, headed, true))))
    return plain('money');
  if (await pace.isEach(cells, (cell) => !NUMBER_BY_NAME.test(cell) && holdsNumber(cell))) return plain('number');
  const isMoney = moneyNamed(name);
  if (await pace.isEach(cells, (cell) => holdsMoney(cell, currency, isMoney))) return plain('money');
  const distinct = new Set(given);
  const choice =
    whole &&
    given.length >= ROWS_OF_CHOICE &&
    distinct.size > 1 &&
    distinct.size <= Math.min(MOST_OPTIONS, given.length / ROWS_PER_OPTION) &&
    [...distinct].every((value) => value.length <= LONGEST_OPTION && !/[\n;|]/.test(value));
  return choice ? { kind: 'select', options: [...distinct] } : plain('text');
}

/** A date, which a time of day may follow: the field holds the day, as the preview says. */
function isDay(cell: string): boolean {
  return isNoDate(cell) || dateFormatsShown(cell) !== undefined;
}

/** Whether a cell is a number, under some format, that a field can keep. */
function holdsNumber(cell: string): boolean {
  const number = readNumber(cell, null);
  return number === 'undecided' || (number !== undefined && numberOf(number) !== undefined);
}

/** Whether a cell is an amount, under some format, that a field can keep; one of very many digits shows that it is money. */
function holdsMoney(cell: string, own: string | null, isMoney: boolean): boolean {
  const money = readMoney(cell, null, own);
  if (money === undefined || /^\D{0,4}0\d/.test(cell)) return false;
  if (money === 'undecided') return true;
  const { number, currency } = money;
  const isShown = isMoney || currency !== null || number.fraction !== '' || !NUMBER_BY_NAME.test(cell);
  const kept = currency ?? own;
  return isShown && kept !== null && moneyText(number, kept) !== undefined;
}
