import { dateFormatsShown } from './date.cells.js';

/**
 * Spreadsheets and our export put an apostrophe before what would be a formula, and before the apostrophes of others;
 * spreadsheets and shops also before digits that are to stay text, which our export never does.
 */
const OTHERS = /^()'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20]|\d[\d\s.,/-]*$)/u;

/** Shops put one before codes of letters, too: no code begins with one. */
const CODES = /^()'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\p{L}\d])/u;

/** Our export puts one wherever a spreadsheet could begin a cell. */
const OURS = /((?:^|[,;|\t\r\n])(?:[^\S\t\r\n]|")*)'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

/** Digits that are to stay text. */
const TEXT = /^'\d[\d\s.,/-]*$/;

/** Who wrote a cell, and as what: our export, another program, or one that writes codes in it. */
export type Escaping = 'ours' | 'others' | 'codes';

const ESCAPES: Readonly<Record<Escaping, RegExp>> = { ours: OURS, others: OTHERS, codes: CODES };

/** A cell without the apostrophe that keeps spreadsheets from taking it for something else. */
export function withoutApostrophe(cell: string, by: Escaping): string {
  return cell.includes("'") ? cell.replace(ESCAPES[by], '$1') : cell;
}

/** Whether a cell says by its apostrophe that its digits are no number; days are days all the same. */
export function isKeptText(cell: string): boolean {
  return TEXT.test(cell) && dateFormatsShown(cell.slice(1)) === undefined;
}
