import { plainDigits } from './plain.digits.js';

/** How a column writes its numbers: which mark stands between thousands and which before the fraction. */
export type NumberFormat = '1,234.56' | '1.234,56';

/** A number as it is written: digits before and after the point, without leading zeros that say nothing. */
export interface WrittenNumber {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

interface Reading {
  readonly number: WrittenNumber;
  /** What the cell shows of the column's format, where it shows it. */
  readonly shows?: NumberFormat;
}

/** A cell that means one number under one format and a thousandth of it under the other, or a plain reading. */
type Readings = { readonly sure: Reading } | { readonly either: Readonly<Record<NumberFormat, WrittenNumber>> };

/** Characters of a number; what is longer is none, and costs no search for one. */
export const LONGEST = 100;
const blanks = /[ '\u2019\u00a0\u202f]/gu;
const grouped = /^\d{1,3}(?:[ '\u2019\u00a0\u202f]\d{3})+(?:[.,]\d+)?$/u;
/** Thousands, or lakhs and crores, which are written with commas alone: `1.20.300` is the number of a version or a section. */
const commas = /^\d{1,3}(?:,\d{2,3})*,\d{3}$/;
const points = /^\d{1,3}(?:\.\d{3})+$/;

/** As programs of accounting write what is below zero: `500,00-`. Behind a whole number it could be anything. */
export const MINUS_BEHIND = /(?<=\d[.,]\d{2,3})[-\u2212](?=\s?(?:[\p{L}\p{Sc}]|$))/u;
/** Whole and fraction with the marks that Arabic has for them, of which each stands for one thing. */
const ARABIC = /^(\d{1,3}(?:\u066c\d{3})+|\d+)(?:\u066b(\d+))?$/;

/** What a cell may mean as a number; undefined when it is none. */
function readings(written: string): Readings | undefined {
  if (written.length > LONGEST) return undefined;
  const cell = plainDigits(written);
  const inBrackets = /^\((.+)\)$/.exec(cell)?.[1] ?? (/^\d/.test(cell) ? minusBehind(cell) : undefined);
  const signed = inBrackets ?? cell.replace(/^[-\u2212\u2013]\s?/u, '');
  const negative = inBrackets !== undefined || signed !== cell;
  const text = signed.replace(/^\+/, '');
  const number = (whole: string, fraction = ''): WrittenNumber => ({
    negative,
    whole: whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '') || '0',
    fraction,
  });
  if (/^\d+$/.test(text)) return { sure: { number: number(text) } };
  const arabic = ARABIC.exec(text);
  if (arabic) return { sure: { number: number(arabic[1] ?? '', arabic[2]) } };
  if (grouped.test(text)) {
    const [whole = '', fraction] = text.replace(blanks, '').split(/[.,]/);
    return { sure: { number: number(whole, fraction) } };
  }
  const last = Math.max(text.lastIndexOf(','), text.lastIndexOf('.'));
  if (last < 0 || !/^\d*(?:[.,]\d+)+$/.test(text)) return undefined;
  const [before, mark, after] = [text.slice(0, last), text[last], text.slice(last + 1)];
  const asPoint: NumberFormat = mark === '.' ? '1,234.56' : '1.234,56';
  const asGroup: NumberFormat = mark === '.' ? '1.234,56' : '1,234.56';
  const thousands = mark === '.' ? commas : points;
  if (/[.,]/.test(before)) {
    if (thousands.test(before)) return { sure: { number: number(before, after), shows: asPoint } };
    return (mark === '.' ? points : commas).test(text) ? { sure: { number: number(text), shows: asGroup } } : undefined;
  }
  if (after.length !== 3 || before.length > 3 || /^0?$/.test(before))
    return { sure: { number: number(before, after), shows: asPoint } };
  const either = { [asPoint]: number(before, after), [asGroup]: number(text) };
  return { either: either as Record<NumberFormat, WrittenNumber> };
}

/** A cell without the minus behind its figures; undefined where there is none. */
function minusBehind(cell: string): string | undefined {
  return MINUS_BEHIND.test(cell) ? cell.replace(MINUS_BEHIND, '') : undefined;
}

/** The format that a cell shows by itself, `either` where it could be both, undefined where nothing depends on it or it is no number. */
export function numberFormatShown(cell: string): NumberFormat | 'either' | undefined {
  const found = readings(cell);
  return found && ('sure' in found ? found.sure.shows : 'either');
}

/** Whether a cell is a number under some format. */
export function isNumber(cell: string): boolean {
  return readings(cell) !== undefined;
}

/**
 * A cell as the number it is under the column's format, undefined when it is none or contradicts it.
 *
 * @param format what decides where a cell alone does not; null when nothing does
 * @returns `undecided` for a cell that could be one number or a thousandth of it
 */
export function readNumber(cell: string, format: NumberFormat | null): WrittenNumber | 'undecided' | undefined {
  const found = readings(cell);
  if (!found) return undefined;
  if ('either' in found) return format === null ? 'undecided' : found.either[format];
  const { number, shows } = found.sure;
  return format !== null && shows !== undefined && shows !== format ? undefined : number;
}

/** As JavaScript knows it; undefined when it has more digits than that can hold. */
export function numberOf({ negative, whole, fraction }: WrittenNumber): number | undefined {
  const value = Number(`${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** In the smallest unit of a currency with so many decimals; undefined when it does not come out even, is negative or too large. */
export function minorUnits({ negative, whole, fraction }: WrittenNumber, decimals: number): number | undefined {
  const significant = fraction.replace(/(?<!0)0+$/, '');
  if (significant.length > decimals) return undefined;
  const value = Number(`${whole}${significant.padEnd(decimals, '0')}`);
  return Number.isSafeInteger(value) && (!negative || value === 0) ? value : undefined;
}

/** Why an amount cannot be kept in the smallest unit of a currency with so many decimals. */
export function amountProblem({ negative, fraction }: WrittenNumber, decimals: number): string {
  if (negative) return 'must not be negative';
  return fraction.replace(/(?<!0)0+$/, '').length > decimals
    ? `must be an amount with at most ${decimals} digits after the point`
    : 'is more than can be kept';
}

/** `12k`, `1.5 Mio. €` */
const ABBREVIATED = /\d\s?(?:k|m|mn|mio|mln|mill|mi|mil|tsd|bn|b|mrd)\.?\s*(?:\p{Sc}|\p{Lu}{3})?$/iu;

/**
 * Why a cell is no number of its column, in a few words.
 *
 * @param shown the format that the cell shows by itself
 * @param format that the column has
 */
export function numberProblem(
  cell: string,
  shown: NumberFormat | 'either' | undefined,
  format: NumberFormat | null,
): string {
  if (shown !== undefined && format !== null)
    return `is written in another way than its column, whose numbers are read as ${format}`;
  return cell.length <= LONGEST && ABBREVIATED.test(cell)
    ? 'must be written out in digits, such as 12000: it is abbreviated'
    : 'must be a number in digits, such as 1234.56';
}
