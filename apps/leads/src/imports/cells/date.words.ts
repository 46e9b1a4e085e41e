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

/** `9:12:33 AM GMT+1`, `09:12:33 GMT+0100 (CET)`, `9:12 (UTC +1)`: the zone as it is written elsewhere. */
const ZONE = /\s\(?(?:GMT|UTC)\s?([+-])(\d{1,2}):?(\d{2})?\)?(?:\s\([^()]{1,40}\))?$/;
/** `09:12:33+01`, as databases write it. */
const HOURS_OFF = /(?<=\d:\d{2}(?:[.,]\d{1,9})?)\s?([+-]\d{2})$/;
const UTC_IN_BRACKETS = /\s\((UTC|GMT)\)$/;
/**
 * Names of zones, which people write all year for what the clocks of a place show: `MEZ` in July is the time of Berlin. What
 * is the name of several zones, as `CST` and `IST` are, is none here.
 */
const ZONES: ReadonlyMap<string, string> = new Map(
  [
    ['Europe/Berlin', 'MEZ', 'MESZ', 'CET', 'CEST'],
    ['Europe/Lisbon', 'WET', 'WEST'],
    ['Europe/Helsinki', 'OEZ', 'OESZ', 'EET', 'EEST'],
    ['America/Sao_Paulo', 'BRT', 'BRST'],
    ['America/New_York', 'EST', 'EDT', 'ET'],
    ['America/Chicago', 'CDT'],
    ['America/Denver', 'MDT'],
    ['America/Los_Angeles', 'PST', 'PDT', 'PT'],
    ['Europe/London', 'BST'],
    ['Europe/Moscow', 'MSK'],
    ['Asia/Tokyo', 'JST'],
  ].flatMap(([zone = '', ...names]) => names.map((name): [string, string] => [name, zone])),
);
const NAMED_ZONE = new RegExp(
  String.raw`(?<=\d|Uhr|h|[AaPp]\.?\s?[Mm]\.?)\s?\(?(?<name>${[...ZONES.keys()].join('|')})\)?$`,
);

/** A date without the name of the zone behind its time, and that zone of IANA's; undefined where it names none. */
export function withoutZone(cell: string): { readonly text: string; readonly zone?: string } {
  const found = NAMED_ZONE.exec(cell);
  const zone = ZONES.get(found?.groups?.['name'] ?? '');
  return found && zone && /\d[:h]\d{2}|\d\s?[AaPp]\.?\s?[Mm]/.test(cell)
    ? { text: cell.slice(0, found.index), zone }
    : { text: cell };
}
/** What stands between a day and its time: `March 5, 2024 at 9:12 am`, `5. März 2024 um 9:12`, `17/03/2024 - 10:00`. */
const BEFORE_TIME = /(?<=\d),?\s(?:at|um|à|às|a las|a les|alle(?: ore)?|om|kl\.?|klo|o|-|–)\s(?=\d{1,2}[:h]\d{2})/iu;
/** `09h12` */
const HOURS = /(?<=\s\d{1,2})h(?=\d{2}(?!\d))/;
/** `9:12 a. m.`, as it is written in Spanish. */
const HALF = /(?<=\d)\s?([ap])\.?\s?m\.?(?=\s|$)/i;

/** A time as programs write it most, behind its date. */
function plainTime(cell: string): string {
  return cell
    .replace(ZONE, (_, sign: string, hours: string, minutes = '00') => ` ${sign}${hours.padStart(2, '0')}:${minutes}`)
    .replace(HOURS_OFF, ' $1:00')
    .replace(UTC_IN_BRACKETS, ' $1')
    .replace(BEFORE_TIME, ' ')
    .replace(HOURS, ':')
    .replace(HALF, ' $1m');
}

/** A date with marks in place of the words for year, month and day; and without the day of the week beside it, which may be a month's name. */
export function plainDates(cell: string): string[] {
  const isDay = (word: string): boolean => WEEKDAYS.has(plainName(word));
  const dated = plainTime(inForm(cell, 'NFC'))
    .replace(EAST_ASIAN, '$1-$2-$3')
    .replace(SPACED, '$1-$2-$3')
    .replace(/(?<=\d{4})\s?г\.?$/, '');
  const dayless = dated
    .replace(WEEKDAY_BEFORE, (all, word: string) => (isDay(word) ? '' : all))
    .replace(WEEKDAY_BEHIND, (all, word: string) => (isDay(word) ? '' : all));
  return dayless === dated ? [dated] : [dated, dayless];
}
