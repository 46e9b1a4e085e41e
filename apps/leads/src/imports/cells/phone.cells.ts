import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * A phone number as people and spreadsheets write it, in E.164. A national one is read by the country, and only as it is
 * dialled there: without the digit in front that calls within the country take, it may be a number of another country.
 *
 * @param country ISO 3166 code, or null when national numbers cannot be read
 * @returns undefined when it is none
 */
export function readPhone(cell: string, country: string | null): string | undefined {
  const text = cell
    .replace(/^(?:p|tel|phone):\s*/i, '')
    .replace(/^'/, '')
    // Of the digit that is dialled within the country only.
    .replace(/^((?:\+|00)[\d\s]{1,5})\(0\)/, '$1')
    .replace(/^00(?=[1-9])/, '+')
    .trim();
  if (!/^[+(]?[\d\s().\/\u2010-\u2015\u00a0+-]*(?:(?:ext|x|Durchwahl)\.?\s?\d{1,6})?$/iu.test(text)) return undefined;
  const number = parsePhoneNumberFromString(text, country === null ? undefined : (country as CountryCode));
  if (!number?.isValid()) return undefined;
  if (/^\+\d+$/.test(text)) return text;
  if (text.startsWith('+')) return number.number;
  const digits = text.replace(/(?:ext|x|Durchwahl).*$/i, '').replace(/\D/g, '');
  const dialled = number.formatNational().replace(/\D/g, '');
  return digits === dialled || digits.length > number.nationalNumber.length ? number.number : undefined;
}

/** Cuts a cell that holds several numbers. */
export function phonesOf(cell: string): string[] {
  return cell
    .split(/[;,|\n]|\s\/\s(?=\+|0)|\s(?:or|oder|o|ou)\s/i)
    .map((each) => each.trim())
    .filter(Boolean);
}
