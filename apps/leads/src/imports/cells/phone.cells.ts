import { dialledFromAbroad } from '@apollo/contracts';
import { parsePhoneNumberFromString as parseByRanges } from 'libphonenumber-js/max';
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { plainDigits } from './plain.digits.js';

/** As numbers are written in English, Portuguese, Spanish and German, and as the library writes them out. */
const EXTENSION =
  /,?\s?\b(?:ext(?:ens(?:ion|i\u00f3n|\u00e3o))?|x|ramal|anexo|int(?:erno)?|Durchwahl|DW)[.:]?\s?(\d{1,6})$/iu;

/** Digits that two numbers have in common only where they are one. */
const LEAST_DIGITS = 7;

/** Whether one of the numbers in a cell has an extension, which E.164 has no room for. */
export function hasExtension(cell: string): boolean {
  return [cell, ...phonesOf(cell)].some((each) => EXTENSION.test(each));
}

/** As numbers are written in North America. */
const AMERICAN = /^\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$/;

/**
 * A phone number as people and spreadsheets write it, in E.164. A national one is read by the country, and only as it is
 * dialled from all of it: a number without its area code would be another one. Without the digit in front that calls
 * within the country take, it may be a number of another country, so that only mobile phones are read.
 *
 * @param country ISO 3166 code, or null when national numbers cannot be read
 * @returns undefined when it is none
 */
export function readPhone(cell: string, country: string | null): string | undefined {
  const written = plainDigits(cell)
    .replace(/^(?:p|tel|phone):\s*/i, '')
    .replace(/^'/, '')
    // As programs write whole numbers that they take for fractions.
    .replace(/^(\+?\d{7,15})\.0$/, '$1');
  const text = dialledFromAbroad(written)
    // Mobile phones of Mexico had a digit of their own until 2019.
    .replace(/^(\+52)[ .-]?1(?=(?:[ .()-]*\d){10}$)/, '$1')
    .trim()
    .replace(EXTENSION, ' ext $1');
  if (!/^[+(]?[\d\s().\/\u2010-\u2015\u00a0+-]*(?:(?:ext|x)\.?\s?\d{1,6})?$/iu.test(text)) return undefined;
  const number = parsePhoneNumberFromString(text, country === null ? undefined : (country as CountryCode));
  if (!number?.isValid()) return undefined;
  if (/^\+\d+$/.test(text)) return text;
  if (text.startsWith('+')) return number.number;
  const digits = text.replace(EXTENSION, '').replace(/\D/g, '');
  // That it is as long as a number of the country does not make it one: nobody has `01 23 45 67 89` in Germany.
  if (digits.length > number.nationalNumber.length)
    return parseByRanges(number.number)?.isValid() ? number.number : undefined;
  return isDialledSo(digits, text, number.number) ? number.number : undefined;
}

/** Countries all of whose numbers are as long as they are with their area code, so that none without it is taken for one. */
const CLOSED: ReadonlySet<string> = new Set(['AR']);

/** Whether somebody could have a number that is written without a digit in front that calls within its country take. */
function isDialledSo(digits: string, text: string, e164: string): boolean {
  const number = parseByRanges(e164);
  if (!number?.isValid()) return false;
  if (digits === number.formatNational().replace(/\D/g, '')) return true;
  const isAmerican = AMERICAN.test(text) && parseByRanges(text, 'US')?.isValid() === true;
  return (number.getType() === 'MOBILE' || CLOSED.has(number.country ?? '')) && !isAmerican;
}

/** Digits with the code of their country in front, without a plus, in E.164; undefined for what nobody could have. */
export function withPlus(cell: string): string | undefined {
  const digits = plainDigits(cell).replace(/\D/g, '');
  const number = digits.length < 10 || digits.length > 15 ? undefined : parseByRanges(`+${digits}`);
  return number?.isValid() ? number.number : undefined;
}

function numberIn(cell: string, country: string): { readonly digits: string; readonly groups: string } | undefined {
  const number = parseByRanges(cell, country as CountryCode);
  if (!number?.isValid()) return undefined;
  const national = number.formatNational();
  return { digits: national.replace(/\D/g, ''), groups: groupsOf(national) };
}

function groupsOf(text: string): string {
  return text.replace(/\D+/g, ' ').trim();
}

/** Whether digits are a number of a country as they are dialled from all of it. @param country ISO 3166 */
export function isNumberOf(cell: string, country: string): boolean {
  return numberIn(cell, country)?.digits === cell.replace(/\D/g, '');
}

/** Whether a number is written in the groups that are usual in a country, whatever stands between them. */
export function isWrittenAsIn(cell: string, country: string): boolean {
  return numberIn(cell, country)?.groups === groupsOf(cell);
}

/** As a column writes the code of a country: `55`, `+55`, `0055`. */
const DIAL_CODE = /^(?:\+|00)?([1-9]\d{0,3})$/;

/** The code of a country in a cell, its digits alone; undefined for what is none. */
export function dialCodeOf(cell: string): string | undefined {
  return DIAL_CODE.exec(cell.trim())?.[1];
}

/**
 * As `readPhone`, for a number that stands beside the code of its country: with the digit in front, without it, or with the
 * code. One that nobody could have is none: its area code may be missing.
 */
export function readPhoneUnder(text: string, code: string): string | undefined {
  const cell = plainDigits(text);
  if (/^(?:\+|00)/.test(cell.trim())) return readPhone(cell, null);
  const digits = cell.replace(/^[\s(]+/, '');
  const ways = [`+${code} ${cell}`, ...(digits.startsWith(code) ? [`+${digits}`] : [])];
  return ways
    .map((way) => readPhone(way, null))
    .find((number) => number !== undefined && parseByRanges(number)?.isValid());
}

/** As a column writes the code of an area: `030`, `(11)`, `0 212`. */
const AREA_CODE = /^\(?(0?\s?[1-9]\d{0,4})\)?$/;

/** The code of an area in a cell, its digits alone; undefined for what is none. */
export function areaCodeOf(cell: string): string | undefined {
  return AREA_CODE.exec(plainDigits(cell.trim()))?.[1]?.replace(/\s/g, '');
}

/** The code that is dialled before numbers of a country; undefined where there is none. @param country ISO 3166 */
export function dialCodeIn(country: string): string | undefined {
  return isSupportedCountry(country) ? getCountryCallingCode(country) : undefined;
}

/**
 * A number beside the code of its area, which spreadsheets may have taken a zero from; undefined for one that nobody could
 * have, or that seems to have its own.
 *
 * @param code that is dialled before numbers of the country
 */
export function readPhoneOfArea(text: string, area: string, code: string): string | undefined {
  const cell = plainDigits(text).trim();
  if (/^(?:\+|\(?0)/.test(cell)) return undefined;
  return [area, `0${area}`]
    .map((each) => readPhone(`+${code} ${each} ${cell}`, null))
    .find((number) => number !== undefined && parseByRanges(number)?.isValid());
}

/** Whether a cell is a number that is there already, written without the code of its country. */
export function isSamePhone(cell: string, number: string): boolean {
  const digits = plainDigits(cell).replace(/\D/g, '').replace(/^0+/, '');
  return digits.length >= LEAST_DIGITS && number.endsWith(digits);
}

/** Figures of a number at least, where words stand beside it: others are hours, rooms or years. */
const LEAST_AMONG_WORDS = 5;

/** What may be numbers in a cell that has words beside them: `Büro 0351 987654 (ab 18 Uhr)`; none where it has no words. */
export function numbersAmongWords(cell: string): string[] {
  if (!/\p{L}/u.test(cell)) return [];
  const runs = plainDigits(cell).match(/[+(]{0,2}\d[\d\s()./\u2010-\u2015\u00a0+-]*/gu) ?? [];
  return runs
    .filter((run) => run.replace(/\D/g, '').length >= LEAST_AMONG_WORDS)
    .map((run) => run.slice(0, run.search(/\d\D*$/) + 1));
}

/** Cuts a cell that holds several numbers. */
export function phonesOf(cell: string): string[] {
  return cell
    .split(/[;,|\n]|\s\/\s|\/(?=\+|00)|\s(?:or|and|oder|und|o|ou|u|y|e)\s/i)
    .map((each) => each.trim())
    .filter(Boolean);
}
