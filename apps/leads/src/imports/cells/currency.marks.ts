import { CURRENCIES, inForm } from '@apollo/contracts';

/** Marks by the currencies that they stand for: the organization's own where it is one, else the only one. */
const MARKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['€', ['EUR']],
  ['euro', ['EUR']],
  ['euros', ['EUR']],
  ['евро', ['EUR']],
  ['ευρώ', ['EUR']],
  ['ευρω', ['EUR']],
  ['£', ['GBP']],
  ['¥', ['JPY', 'CNY']],
  ['円', ['JPY']],
  ['元', ['CNY', 'TWD', 'HKD']],
  ['rmb', ['CNY']],
  ['₩', ['KRW']],
  ['원', ['KRW']],
  ['₹', ['INR']],
  ['rs', ['INR', 'PKR', 'LKR', 'NPR', 'MUR']],
  ['₺', ['TRY']],
  ['tl', ['TRY']],
  ['₽', ['RUB']],
  ['руб', ['RUB', 'BYN']],
  ['р', ['RUB', 'BYN']],
  ['₴', ['UAH']],
  ['грн', ['UAH']],
  ['лв', ['BGN']],
  ['₪', ['ILS']],
  ['₫', ['VND']],
  ['đ', ['VND']],
  ['vnđ', ['VND']],
  ['฿', ['THB']],
  ['บาท', ['THB']],
  ['₱', ['PHP']],
  ['₦', ['NGN']],
  ['₡', ['CRC']],
  ['₲', ['PYG']],
  ['₸', ['KZT']],
  ['₾', ['GEL']],
  ['rp', ['IDR']],
  ['rm', ['MYR']],
  ['s/', ['PEN']],
  ['s/.', ['PEN']],
  ['bs', ['BOB', 'VES']],
  ['kr', ['SEK', 'NOK', 'DKK', 'ISK']],
  ['ft', ['HUF']],
  ['zł', ['PLN']],
  ['zl', ['PLN']],
  ['kč', ['CZK']],
  ['kc', ['CZK']],
  ['lei', ['RON', 'MDL']],
  ['din', ['RSD', 'MKD']],
  ['ksh', ['KES']],
  ['د.إ', ['AED']],
  ['ر.س', ['SAR']],
  ['r$', ['BRL']],
  ['us$', ['USD']],
  ['c$', ['CAD']],
  ['ca$', ['CAD']],
  ['a$', ['AUD']],
  ['au$', ['AUD']],
  ['nz$', ['NZD']],
  ['hk$', ['HKD']],
  ['nt$', ['TWD']],
  ['s$', ['SGD']],
  ['mx$', ['MXN']],
  ['ar$', ['ARS']],
  ['rd$', ['DOP']],
]);

/** Marks that could be anything elsewhere. */
const OWN_ONLY: ReadonlyMap<string, readonly string[]> = new Map([
  ['r', ['ZAR']],
  ['q', ['GTQ']],
  ['l', ['HNL', 'RON']],
  ['fr', ['CHF']],
  ['sfr', ['CHF']],
  ['£', ['EGP', 'LBP', 'SYP', 'SDG']],
]);

/** Names of currencies in the languages that headings are known in most. */
let names: ReadonlyMap<string, string> | undefined;

function currencyCalled(name: string): string | undefined {
  names ??= new Map(
    ['en', 'de', 'es', 'pt', 'fr'].flatMap((language) => {
      const shown = new Intl.DisplayNames(language, { type: 'currency' });
      return [...CURRENCIES.keys()].map((code): [string, string] => [(shown.of(code) ?? code).toLowerCase(), code]);
    }),
  );
  return names.get(name);
}

/** A mark as marks are compared. */
function plainMark(name: string): string {
  return inForm(name, 'NFC')
    .toLowerCase()
    .replace(/(?<=\p{L})\.$/u, '');
}

/** The currencies that a mark may stand for, wherever it is written; none for what is no mark. */
export function marksCurrencies(name: string): readonly string[] {
  const mark = plainMark(name);
  return [...(MARKS.get(mark) ?? []), ...(OWN_ONLY.get(mark) ?? [])];
}

/**
 * The currency that a mark, a code or a name stands for; undefined for none. A dollar is the organization's own where it
 * has one, else that of the United States.
 *
 * @param own ISO 4217 of the organization, which decides where a mark is of several
 */
export function currencyNamed(name: string, own: string | null): string | undefined {
  const mark = plainMark(name);
  if (mark === '$') return own !== null && isDollar(own) ? own : 'USD';
  const among = [...(OWN_ONLY.get(mark) ?? []), ...(MARKS.get(mark) ?? [])];
  if (own !== null && among.includes(own)) return own;
  const of = MARKS.get(mark);
  if (of) return of.length === 1 ? of[0] : undefined;
  const code = name.toUpperCase();
  return CURRENCIES.has(code) ? code : currencyCalled(mark);
}

function isDollar(currency: string): boolean {
  const parts = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(1);
  return parts.some(({ type, value }) => type === 'currency' && value === '$');
}
