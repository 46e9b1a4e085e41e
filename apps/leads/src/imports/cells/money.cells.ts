import { CURRENCIES } from '@apollo/contracts';
import { currencyNamed, marksCurrencies } from './currency.marks.js';
import {
  isNumber,
  LONGEST,
  MINUS_BEHIND,
  type NumberFormat,
  numberFormatShown,
  readNumber,
  type WrittenNumber,
} from './number.cells.js';
import { plainDigits } from './plain.digits.js';

/** An amount and the currency that stands beside it; null where none does. */
export interface MoneyParts {
  readonly amount: string;
  readonly currency: string | null;
}

/** `1.200,-`: the hundredths of a whole amount, as they are written where German is spoken. */
const NO_CENTS = /(?<=\d)(?<mark>[.,])[-\u2013\u2014]{1,2}(?=\s?(?:[\p{L}\p{Sc}]|$))/u;

/** `1 200:-`, as the same is written in Swedish. */
const NO_CENTS_SWEDISH = /(?<=\d):-(?=\s|$)/;

/** `12,50,000/-`, as whole amounts are written in India. */
const NO_PAISE = /(?<=\d)\/[-\u2013=]$/u;

const TAX =
  '(?:mwst|ust|umsatzsteuer|mehrwertsteuer|steuer|vat|tax|taxes|gst|iva|i\\.v\\.a|tva|btw|dph|moms|kdv|pdv|ндс|пдв)\\.?';
const WITH =
  '(?:inklusive|inkl|including|incl|inc|exklusive|exkl|excluding|excl|exc|ex|zuzüglich|zzgl|plus|ohne|mit|' +
  'with|without|con|sin|com|sem|más|hors|avec|bez|без|с|\\+)';
/** What is said of taxes beside an amount, which is that amount all the same: `netto`, `inkl. 19 % MwSt.`, `VAT incl.` */
const TAXED = new RegExp(
  `(?<![\\s,])[\\s,]*\\(?(?<!\\p{L})(?:netto|brutto|nett?|gross|neto|bruto|ht|ttc|hors taxes|` +
    `${WITH}\\.?\\s?(?:\\d{1,2}(?:[.,]\\d)?\\s?%\\s?)?${TAX}|` +
    `${TAX}\\s(?:inkl|incl|inclu(?:ded|ido|sa|ída|ído)|exkl|excl|excluded)\\.?)\\)?$`,
  'iu',
);
const TAXED_BEFORE = /^(?:netto|brutto|nett?|gross|neto|bruto)(?::\s*|\s+)(?=\S)/iu;

const MARK = String.raw`(?:\p{L}[\p{L}.]{0,6}\/?\.?)?\p{Sc}?`;
const AMOUNT = new RegExp(String.raw`^((?:[A-Z]{3}\s(?=\p{Sc}))?${MARK})\s*([\d(+-].*[\d)]|\d)\s*(${MARK})$`, 'u');

/** An amount and the mark, code or name beside it, which may be of no currency. */
function markedAmount(cell: string): { readonly amount: string; readonly name: string } | undefined {
  if (cell.length > LONGEST) return undefined;
  const untaxed = /\p{L}{2}/u.test(cell) ? cell.replace(TAXED, '').replace(TAXED_BEFORE, '') : cell;
  const plain = inFront(plainDigits(untaxed).replace(NO_PAISE, ''));
  const before = /^[-\u2212]\s?/u.exec(plain);
  const minus = before || MINUS_BEHIND.test(plain) ? '-' : '';
  const text = (before ? plain.slice(before[0].length) : plain.replace(MINUS_BEHIND, ''))
    .replace(NO_CENTS, '$<mark>00')
    .replace(NO_CENTS_SWEDISH, '');
  const parts = AMOUNT.exec(text);
  if (!parts) return undefined;
  const [, ahead = '', amount = '', behind = ''] = parts;
  const name = soleName(ahead, behind);
  return name !== undefined && isNumber(minus + amount) ? { amount: minus + amount, name } : undefined;
}

/** `($250.00)` as `-$250.00`: what is below zero, with its mark within the brackets. */
function inFront(cell: string): string {
  const within = /^\(([^()]+)\)$/.exec(cell)?.[1]?.trim();
  return within !== undefined && /^\p{Sc}|\p{Sc}$/u.test(within) ? `-${within}` : cell;
}

const CODE_AND_MARK = /^([A-Z]{3})\s?(\p{Sc})$/u;

/** What stands beside an amount, before or behind it; of a mark and a code that agree, the code. Undefined for others. */
function soleName(ahead: string, behind: string): string | undefined {
  const [, before, mark = ''] = CODE_AND_MARK.exec(ahead) ?? [];
  if (behind === '') return before !== undefined && currencyNamed(mark, before) === before ? before : ahead;
  if (ahead === '') return behind;
  const [code, other] = CURRENCIES.has(behind) ? [behind, ahead] : [ahead, behind];
  return CURRENCIES.has(code) && currencyNamed(other, code) === code ? code : undefined;
}

/** Takes the currency off an amount, before or after it. Undefined for what is no amount. */
export function moneyParts(cell: string, own: string | null): MoneyParts | undefined {
  const marked = markedAmount(cell);
  const currency = marked && (marked.name === '' ? null : currencyNamed(marked.name, own));
  return marked && currency !== undefined ? { amount: marked.amount, currency } : undefined;
}

/** Why an amount is none whose mark is of several currencies, or of one that it stands for only at home; undefined for others. */
export function markProblem(cell: string, own: string | null): string | undefined {
  const { name = '' } = markedAmount(cell) ?? {};
  if (name === '' || currencyNamed(name, own) !== undefined) return undefined;
  const [code, ...others] = marksCurrencies(name);
  if (code === undefined) return undefined;
  const codes = [code, ...others].join(', ').replace(/, (?=[^,]*$)/, ' or ');
  return `has a mark, ${name}, that may stand for ${codes}: write the code of its currency, such as 1200.50 ${code}`;
}

/** As `numberFormatShown`, whatever currency stands beside the amount. */
export function moneyFormatShown(cell: string, own: string | null): NumberFormat | 'either' | undefined {
  const parts = moneyParts(cell, own);
  return parts && numberFormatShown(parts.amount);
}

/** An amount of money that is read; `undecided` as for numbers, undefined for what is none. */
export function readMoney(
  cell: string,
  format: NumberFormat | null,
  own: string | null,
): { number: WrittenNumber; currency: string | null } | 'undecided' | undefined {
  const parts = moneyParts(cell, own);
  if (!parts) return undefined;
  const number = readNumber(parts.amount, format);
  return number === undefined || number === 'undecided' ? number : { number, currency: parts.currency };
}
