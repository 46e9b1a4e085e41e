/** A calendar besides ours that lists are dated by. */
export type Calendar = 'buddhist' | 'persian' | 'islamic-umalqura';

/** A day of some calendar, its month counted from 1. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** ISO 3166 → the calendar that is usual there beside ours. */
const USUAL: ReadonlyMap<string, Calendar> = new Map([
  ['TH', 'buddhist'],
  ['IR', 'persian'],
  ['AF', 'persian'],
  ['SA', 'islamic-umalqura'],
]);

/** What stands beside a year and says whose it is. */
const MARKS: readonly (readonly [mark: RegExp, calendar: Calendar | 'ours'])[] = [
  [/พ\.?\s?ศ\.?|\bB\.?E\b\.?/u, 'buddhist'],
  [/ค\.?\s?ศ\.?|\b(?:A\.?D|C\.?E)\b\.?|(?<=\d)\s?م$/u, 'ours'],
  [/(?<=\d)\s?هـ?\s?\.?\s?ش\.?$/u, 'persian'],
  [/(?<=\d)\s?هـ?\.?$|\bA\.?H\b\.?/u, 'islamic-umalqura'],
];

/** A date without what says of which calendar its year is, and that calendar where something does. */
export function withoutEra(cell: string): { readonly text: string; readonly calendar?: Calendar | 'ours' } {
  if (!/\p{L}/u.test(cell)) return { text: cell };
  const found = MARKS.find(([mark]) => mark.test(cell));
  return found ? { text: cell.replace(found[0], '').replace(/\s+/g, ' ').trim(), calendar: found[1] } : { text: cell };
}

const isBuddhist = (year: number): boolean => year >= 2400 && year < 2700;
const isPersianOrIslamic = (year: number): boolean => year >= 1300 && year < 1500;

/** Whether no lead has a date of a year of ours, but one of that number in another calendar. */
export function isOtherYear(year: number): boolean {
  return isBuddhist(year) || isPersianOrIslamic(year);
}

/**
 * The calendar that a year is of; undefined where that is not known.
 *
 * @param marked what stands beside it says
 * @param country ISO 3166 of whoever wrote it
 */
export function calendarOf(
  year: number,
  marked: Calendar | 'ours' | undefined,
  country: string | null,
): Calendar | undefined {
  const calendar = marked ?? USUAL.get(country ?? '');
  if (calendar === 'ours') return undefined;
  const fits = calendar === 'buddhist' ? isBuddhist(year) : isPersianOrIslamic(year);
  return fits ? calendar : undefined;
}

/** Whether two digits are no year of ours for sure. @param isNamed whether the month is, as ours are @param read the year that they would be */
export function isShortYearUnclear(country: string | null, isNamed: boolean, read: number): boolean {
  const usual = USUAL.get(country ?? '');
  return usual === 'buddhist' ? read < 2000 : usual === 'persian' && !isNamed;
}

const MS_PER_DAY = 86_400_000;
/** Days of a year, and the day on which the first one began, by our calendar: near enough to look around. */
const YEARS: Readonly<Record<Calendar, readonly [days: number, first: number]>> = {
  buddhist: [365.2425, Date.UTC(-542, 0, 1)],
  persian: [365.2422, Date.UTC(622, 2, 21)],
  'islamic-umalqura': [354.367, Date.UTC(622, 6, 18)],
};
/** Days by which a guess may be wrong, the likeliest first. */
const OFF = [0, -1, 1, -2, 2, -3, 3, -4, 4];
/** Days that were asked for, since those of a list come again: looking one up takes long. */
const known = new Map<string, CalendarDay | undefined>();
const MOST_KNOWN = 10_000;

const clocks = new Map<Calendar, Intl.DateTimeFormat>();

function dayIn(calendar: Calendar, moment: number): string {
  let clock = clocks.get(calendar);
  if (!clock) {
    const day = { year: 'numeric', month: 'numeric', day: 'numeric', timeZone: 'UTC' } as const;
    clock = new Intl.DateTimeFormat('en', { calendar, numberingSystem: 'latn', ...day });
    clocks.set(calendar, clock);
  }
  const parts = clock.formatToParts(moment);
  return (['year', 'month', 'day'] as const).map((type) => parts.find((each) => each.type === type)?.value).join('-');
}

/** A day of another calendar as it is in ours; undefined for one that there is not. */
export function ourDay(calendar: Calendar, date: CalendarDay): CalendarDay | undefined {
  const key = [calendar, date.year, date.month, date.day].join('-');
  if (!known.has(key)) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, lookedUp(calendar, date));
  }
  return known.get(key);
}

function lookedUp(calendar: Calendar, { year, month, day }: CalendarDay): CalendarDay | undefined {
  const [days, first] = YEARS[calendar];
  const guess = Math.floor(
    (first + ((year - 1) * days + ((month - 1) * days) / 12 + day - 1) * MS_PER_DAY) / MS_PER_DAY,
  );
  for (const off of OFF) {
    const moment = (guess + off) * MS_PER_DAY;
    if (dayIn(calendar, moment) !== `${year}-${month}-${day}`) continue;
    const found = new Date(moment);
    return { year: found.getUTCFullYear(), month: found.getUTCMonth() + 1, day: found.getUTCDate() };
  }
  return undefined;
}
