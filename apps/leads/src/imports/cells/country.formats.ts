import type { DateFormat } from './date.cells.js';
import type { NumberFormat } from './number.cells.js';

/** How numbers and dates are usually written in a country; what is not known of it, or is no format of a column, is absent. */
export interface CountryFormats {
  readonly number?: NumberFormat;
  readonly date?: DateFormat;
}

/** @param country ISO 3166 */
export function countryFormats(country: string): CountryFormats {
  const { language } = new Intl.Locale('und', { region: country }).maximize();
  const locale = `${language}-${country}`;
  // Of a language that is not known here another one's habits would be told.
  if (new Intl.NumberFormat(locale).resolvedOptions().locale !== locale) return {};
  const point = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value;
  const order = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', year: 'numeric' })
    .formatToParts()
    .flatMap(({ type }) => (['day', 'month', 'year'].includes(type) ? [type] : []))
    .join('-');
  const date = (['day-month-year', 'month-day-year'] as const).find((format) => format === order);
  return { ...(point ? { number: point === '.' ? '1,234.56' : '1.234,56' } : {}), ...(date ? { date } : {}) };
}
