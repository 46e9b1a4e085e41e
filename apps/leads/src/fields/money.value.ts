import { CURRENCIES } from '@apollo/contracts';

/** An amount that was read, its digits before and behind the point. */
export interface Amount {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

const WRITTEN = /^(?<minus>-?)(?<whole>0|[1-9]\d{0,14})(?:\.(?<fraction>\d+))? (?<currency>[A-Z]{3})$/;
const MOST_DIGITS = 15;

/**
 * The one form that an amount is kept in, whichever way it came: `1200.50 EUR`, with all decimals of its currency or, where
 * it is whole, with none; nothing is not below zero. Undefined for more digits than can be kept.
 *
 * @param currency ISO 4217
 */
export function moneyForm({ negative, whole, fraction }: Amount, currency: string): string | undefined {
  const decimals = CURRENCIES.get(currency);
  const significant = fraction.replace(/(?<!0)0+$/, '');
  if (decimals === undefined || significant.length > decimals || whole.length > MOST_DIGITS) return undefined;
  const cents = significant === '' ? '' : `.${significant.padEnd(decimals, '0')}`;
  const isNothing = !/[1-9]/.test(whole + significant);
  return `${negative && !isNothing ? '-' : ''}${whole}${cents} ${currency}`;
}

/** A value of a field of kind `money` in the form that it is kept in: `12.5 EUR` as `12.50 EUR`; undefined for what is none. */
export function moneyValue(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? WRITTEN.exec(value)?.groups : undefined;
  if (!parts) return undefined;
  const { minus, whole = '', fraction = '', currency = '' } = parts;
  if (fraction.length > (CURRENCIES.get(currency) ?? 0)) return undefined;
  return moneyForm({ negative: minus === '-', whole, fraction }, currency);
}

/** Whether values are one amount, in whichever form they are kept. */
export function isSameMoney(a: unknown, b: unknown): boolean {
  const amount = moneyValue(a);
  return amount !== undefined && amount === moneyValue(b);
}
