import { CURRENCIES } from '@apollo/contracts';
import { ownValue } from '../../fields/own.value.js';
import {
  isNumber,
  LONGEST,
  type NumberFormat,
  numberFormatShown,
  readNumber,
  type WrittenNumber,
} from './number.cells.js';

/** Marks that stand for one currency alone. A dollar is the organization's own where it has one, else that of the United States. */
const SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₺': 'TRY',
  '₽': 'RUB',
  '₴': 'UAH',
  '₪': 'ILS',
  '₩': 'KRW',
  R$: 'BRL',
  US$: 'USD',
  C$: 'CAD',
  A$: 'AUD',
  zł: 'PLN',
  Kč: 'CZK',
};
const DOLLARS = new Set(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'CLP', 'COP', 'ARS']);

/** An amount and the currency that stands beside it; null where none does. */
export interface MoneyParts {
  readonly amount: string;
  readonly currency: string | null;
}

/** `1.200,-`: the hundredths of a whole amount, as they are written where German is spoken. */
const NO_CENTS = /(?<=\d)(?<mark>[.,])[-\u2013\u2014]{1,2}(?=\s?(?:[\p{L}\p{Sc}]|$))/u;

/** Takes the currency off an amount, before or after it. Undefined for what is no amount. */
export function moneyParts(cell: string, own: string | null): MoneyParts | undefined {
  if (cell.length > LONGEST) return undefined;
  const minus = /^[-\u2212]\s?/u.exec(cell) ? '-' : '';
  const text = (minus ? cell.replace(/^[-\u2212]\s?/u, '') : cell).replace(NO_CENTS, '$<mark>00');
  const parts = /^(\p{L}{0,3}\.?\p{Sc}?|\p{L}{2,3})\s*([\d(+-].*[\d)]|\d)\s*(\p{L}{0,3}\p{Sc}?|\p{L}{2,3})$/u.exec(
    text,
  );
  if (!parts) return undefined;
  const [, before = '', amount = '', after = ''] = parts;
  if (before !== '' && after !== '') return undefined;
  const name = before || after;
  const currency = name === '' ? null : currencyNamed(name, own);
  return currency === undefined || !isNumber(minus + amount) ? undefined : { amount: minus + amount, currency };
}

/** The currency that a sign or a code stands for; undefined for none. */
export function currencyNamed(name: string, own: string | null): string | undefined {
  if (name === '$') return own !== null && DOLLARS.has(own) ? own : 'USD';
  const code = ownValue(SIGNS, name) ?? name.toUpperCase();
  return CURRENCIES.has(code) ? code : undefined;
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

/** The value of a custom field of kind `money`: `1200.50 EUR`, with as many decimals as the currency has. Undefined for too many. */
export function moneyText({ negative, whole, fraction }: WrittenNumber, currency: string): string | undefined {
  const decimals = CURRENCIES.get(currency);
  const significant = fraction.replace(/(?<!0)0+$/, '');
  if (decimals === undefined || significant.length > decimals || whole.length > 15) return undefined;
  const cents = significant === '' ? '' : `.${significant.padEnd(decimals, '0')}`;
  return `${negative ? '-' : ''}${whole}${cents} ${currency}`;
}
