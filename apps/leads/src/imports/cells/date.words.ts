import { inForm } from '@apollo/contracts';

/** Languages that dates are read in. */
const LANGUAGES = [
  ...['en', 'en-GB', 'pt', 'es', 'de', 'de-AT', 'fr', 'it', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'hu', 'ro', 'tr'],
  ...['ru'],
];

/** The name of a month, or of a day, as names are compared: without accents, case and the point that shortens it. */
function plainName(text: string): string {
  return inForm(text, 'NFKD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase();
}

const LENGTHS = ['long', 'short'] as const;

/** Names of months, by themselves and as they stand behind a day. */
const MONTHS: ReadonlyMap<string, number> = new Map([
  // As spreadsheets shorten it in German.
  ['mrz', 3],
  ...LANGUAGES.flatMap((language) =>
    LENGTHS.flatMap((month) => [{ month }, { month, day: 'numeric' } as const]).flatMap((options) => {
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
      return Array.from({ length: 12 }, (_, at): [string, number] => {
        const parts = format.formatToParts(Date.UTC(2026, at, 15));
        return [plainName(parts.find(({ type }) => type === 'month')?.value ?? ''), at + 1];
      });
    }),
  ),
]);

const WEEKDAYS: ReadonlySet<string> = new Set(
  LANGUAGES.flatMap((language) =>
    LENGTHS.flatMap((weekday) => {
      const format = new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' });
      return Array.from({ length: 7 }, (_, at) => plainName(format.format(Date.UTC(2026, 1, at + 1))));
    }),
  ),
);

/** The month that a word names, from 1; undefined for none. */
export function monthNamed(word: string): number | undefined {
  return MONTHS.get(plainName(word));
}

const WEEKDAY_BEFORE = /^([\p{L}-]{2,14})\.?,?\s+(?=\S)/u;
const WEEKDAY_BEHIND = /(?<=\d),?\s+([\p{L}-]{2,14})$/u;
/** `2024年3月5日`, and `2024. 3. 5.` as it is written in Korean and Hungarian. */
const EAST_ASIAN = /^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/;
const SPACED = /^(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})\.?(?=\s|$)/;

/** A date with marks in place of the words for year, month and day; and without the day of the week beside it, which may be a month's name. */
export function plainDates(cell: string): string[] {
  const isDay = (word: string): boolean => WEEKDAYS.has(plainName(word));
  const dated = inForm(cell, 'NFC')
    .replace(EAST_ASIAN, '$1-$2-$3')
    .replace(SPACED, '$1-$2-$3')
    .replace(/(?<=\d{4})\s?г\.?$/, '');
  const dayless = dated
    .replace(WEEKDAY_BEFORE, (all, word: string) => (isDay(word) ? '' : all))
    .replace(WEEKDAY_BEHIND, (all, word: string) => (isDay(word) ? '' : all));
  return dayless === dated ? [dated] : [dated, dayless];
}
