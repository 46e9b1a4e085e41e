import { isIPv4 } from 'node:net';
import { KEPT_KEY } from '../../fields/field.repository.js';
import { moneyForm } from '../../fields/money.value.js';
import { dateFormatsShown, isDayNumber, isNoDate, isUnixTime } from '../cells/date.cells.js';
import { moneyParts, readMoney } from '../cells/money.cells.js';
import { numberOf, readNumber } from '../cells/number.cells.js';
import type { Pace } from '../paced.js';
import { saysNothing } from '../rows/empty.words.js';
import { isPaidNamed } from './currency.headings.js';
import { areNearlyAll, exceptionsTo } from './exception.rules.js';
import { dateNamed, momentNamed, moneyNamed } from './heading.words.js';
import { isPartOfTime } from './time.parts.js';

/** The kind of custom field that a column's cells make, and the options of a choice. */
export interface ColumnKind {
  readonly kind: 'text' | 'number' | 'date' | 'select' | 'money';
  readonly options: readonly string[];
  /** What is to be told of cells that are of another kind, or that make the column a text. */
  readonly note?: string;
}

/** A choice has few values, each of them often. */
const MOST_OPTIONS = 12;
const ROWS_OF_CHOICE = 20;
const ROWS_PER_OPTION = 4;
const LONGEST_OPTION = 60;

/** What begins with a zero or a plus, or has very many digits in a row, is a number by name only: a postcode, a phone, an account. */
const NUMBER_BY_NAME = /^[-\u2212(]?(?:[+0]\d|\d{12})/u;
/** Figures that letters or marks join to something that is called so: `12B`, `A-551`, `12/14`. */
const JOINED = /\p{L}[-_/.]?\d|\d[-_/]?\p{L}|\d[-/:]\d/u;
/** An amount though letters are joined to it: `12k`. A house has no such number, as it has `12b`. */
const ABBREVIATED = /^\D{0,4}\d[\d.,]{0,12}\s?(?:k|mio|mln|tsd|mrd)\.?(?![\p{L}\d])/iu;

/** One of the kinds that a column may be, and what its cells have to be then. */
interface Way {
  readonly kind: 'date' | 'number' | 'money';
  readonly test: (cell: string) => boolean;
}

/**
 * What a column holds, by its cells that are not empty: the kind of all of them, else that of nearly all, whose other cells
 * cost themselves alone; text is what holds everything. A code among numbers makes them codes, and a word that is there
 * as often as an option is one. Digits alone are no amount where there are very many, unless the heading says so.
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
  const cells = given.filter((cell) => !saysNothing(cell, 'amount'));
  if (cells.length === 0) return { kind: 'text', options: [] };
  const ways = waysOf(name, currency, headed).filter(({ kind }) => kind === 'date' || !areOtherFigures(name, cells));
  for (const { kind, test } of ways) if (await pace.isEach(cells, test)) return { kind, options: [] };
  const near = await nearest(ways, cells, pace);
  const options = whole ? optionsOf(cells) : [];
  const repeated = [...Map.groupBy(near?.others ?? [], (cell) => cell).values()];
  const isOption = options.length > 0 && repeated.every(({ length }) => length >= ROWS_PER_OPTION);
  if (near && !isOption) {
    const code = near.kind === 'date' ? undefined : near.others.find(isCodeLike);
    if (code === undefined)
      return { kind: near.kind, options: [], note: othersNote(near.kind, near.others, cells.length) };
    return { kind: 'text', options: [], note: `It is text for ${shown(code)}, which no ${near.kind} keeps as it is.` };
  }
  if (options.length > 0) {
    const others = cells.filter((cell) => !mayBeOption(cell));
    return {
      kind: 'select',
      options,
      ...(others.length > 0 ? { note: othersNote('select', others, cells.length) } : {}),
    };
  }
  const note = await textNote(ways, cells, pace);
  return { kind: 'text', options: [], ...(note === undefined ? {} : { note }) };
}

/** Whether figures with points are no numbers, though each could be one: addresses of machines, parts of dates or times. */
function areOtherFigures(name: string, cells: readonly string[]): boolean {
  if (!moneyNamed(name) && cells.filter(isIPv4).length * 2 >= cells.length) return true;
  return cells.filter((cell) => isPartOfTime(name, cell)).length * 2 > cells.length;
}

function waysOf(name: string, currency: string | null, headed: string | undefined): Way[] {
  const isMoney = moneyNamed(name) || isPaidNamed(name);
  return [
    { kind: 'date', test: isDay },
    ...(dateNamed(name) ? [{ kind: 'date', test: (cell: string) => isDay(cell) || isDayNumber(cell) } as const] : []),
    ...(momentNamed(name)
      ? [{ kind: 'date', test: (cell: string) => isNoDate(cell) || isUnixTime(cell) } as const]
      : []),
    ...(headed === undefined
      ? []
      : [{ kind: 'money', test: (cell: string) => holdsMoney(cell, headed, true) } as const]),
    { kind: 'number', test: (cell) => !NUMBER_BY_NAME.test(cell) && holdsNumber(cell) },
    { kind: 'money', test: (cell) => holdsMoney(cell, currency, isMoney) },
  ];
}

/** The kind that the fewest cells are not, and those cells; undefined where they are too many for each. */
async function nearest(
  ways: readonly Way[],
  cells: readonly string[],
  pace: Pace,
): Promise<{ readonly kind: Way['kind']; readonly others: readonly string[] } | undefined> {
  let best: { readonly kind: Way['kind']; readonly others: readonly string[] } | undefined;
  for (const { kind, test } of ways) {
    const others = await exceptionsTo(cells, test, pace);
    if (others && others.length < (best?.others.length ?? Infinity)) best = { kind, others };
  }
  return best;
}

/** The values of a choice; none where there are too many, or most are not there often. What can be no option is told. */
function optionsOf(cells: readonly string[]): string[] {
  if (cells.length < ROWS_OF_CHOICE || !areNearlyAll(cells, mayBeOption)) return [];
  // Cells that are one option but for case name the first.
  const distinct = new Map<string, string>();
  for (const cell of cells.filter(mayBeOption))
    if (!distinct.has(cell.toLowerCase())) distinct.set(cell.toLowerCase(), cell);
  const isChoice = distinct.size > 1 && distinct.size <= Math.min(MOST_OPTIONS, cells.length / ROWS_PER_OPTION);
  return isChoice ? [...distinct.values()] : [];
}

function mayBeOption(value: string): boolean {
  return value.length <= LONGEST_OPTION && !/[\n;|]/.test(value);
}

/** Whether a cell is what somebody or something is known by, though nearly all beside it are numbers. */
function isCodeLike(cell: string): boolean {
  if (NUMBER_BY_NAME.test(cell)) return true;
  return JOINED.test(cell) && !ABBREVIATED.test(cell) && readMoney(cell, null, null) === undefined;
}

const MANY = { date: 'dates', number: 'numbers', money: 'amounts', select: 'options of a choice' } as const;
const SHOWN_CHARACTERS = 40;

function shown(cell: string): string {
  const line = cell.replace(/\s+/g, ' ');
  return `"${line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS - 1)}…` : line}"`.toWellFormed();
}

function othersNote(kind: keyof typeof MANY, others: readonly string[], cells: number): string {
  const count =
    others.length === 1 ? `One of its ${cells} cells is none` : `${others.length} of its ${cells} cells are none`;
  const which = others.length === 1 ? shown(others[0] ?? '') : `such as ${shown(others[0] ?? '')}`;
  return `Its cells are ${MANY[kind]}. ${count}, ${which}: told, and kept in ${KEPT_KEY}.`;
}

/** Cells by which it is seen whether a text has many cells of another kind, and those of them that are counted. */
const [GLANCED, COUNTED] = [10, 100];

/** Which cell makes a column a text most of whose others are of another kind; undefined where they are not. */
async function textNote(ways: readonly Way[], cells: readonly string[], pace: Pace): Promise<string | undefined> {
  const glanced = cells.slice(0, GLANCED);
  const way = ways.find(({ test }) => glanced.filter(test).length * 2 > glanced.length);
  if (!way) return undefined;
  const counted = cells.slice(0, COUNTED);
  const good = await pace.passing(counted, way.test);
  const other = counted.find((cell) => !way.test(cell));
  if (other === undefined || good * 2 <= counted.length) return undefined;
  return `It is text for cells such as ${shown(other)}: ${good} of its ${cells.length > COUNTED ? 'first ' : ''}${counted.length} cells are ${MANY[way.kind]}.`;
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

/** What numbers something, though its letter is the mark of a currency as well: `Q1`, `R 12`. */
const LETTERED = /^\p{L}\.?\s?\d{1,2}$|^\d{1,2}\s?\p{L}\.?$/u;

/**
 * Whether a cell is an amount, under some format, that a field can keep; one of very many digits shows that it is money,
 * and words that name no currency are of amounts where the heading is: `Net 30` may be when something is to be paid.
 */
function holdsMoney(cell: string, own: string | null, isMoney: boolean): boolean {
  const money = readMoney(cell, null, own);
  if (money === undefined || /^\D{0,4}0\d/.test(cell)) return false;
  if (!isMoney && (LETTERED.test(cell) || (/\p{L}/u.test(cell) && moneyParts(cell, own)?.currency == null)))
    return false;
  if (money === 'undecided') return true;
  const { number, currency } = money;
  const isShown = isMoney || currency !== null || number.fraction !== '' || !NUMBER_BY_NAME.test(cell);
  const kept = currency ?? own;
  return isShown && kept !== null && moneyForm(number, kept) !== undefined;
}
