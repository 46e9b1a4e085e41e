import { isMoment } from '@apollo/contracts';
import { systemClock } from '@apollo/tenancy';
import { type Calendar, calendarOf, isOtherYear, isShortYearUnclear, ourDay, withoutEra } from './calendars.js';
import { monthNamed, plainDates, withoutZone } from './date.words.js';
import { plainDigits } from './plain.digits.js';

/** The order in which a column writes day, month and year. */
export type DateFormat = 'year-month-day' | 'day-month-year' | 'month-day-year';

/** A day, and what stands beside it. */
export interface WrittenDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `14:03:00`; undefined when the cell names none. */
  readonly time?: string;
  /** `Z` or `+01:00`; undefined when the cell names none. */
  readonly offset?: string;
  /** The zone of its time, where the cell names it as one that has two times a year: `CET`. */
  readonly zone?: string;
}

/** A date as it is written, by its own calendar where a mark tells that. */
interface Reading extends WrittenDate {
  readonly calendar?: Calendar | 'ours';
}

/** What a cell may mean as a date under each format. */
type Readings = ReadonlyMap<DateFormat, Reading>;

/** Why a cell is a date and yet no certain one: day and month could change places, or its year is of an unknown calendar. */
export type UnsureDate = 'undecided' | 'other calendar';

const TIME = String.raw`(?:(?:T|,?\s)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s?(?:Uhr|h))?\s?([AaPp]\.?[Mm]\.?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}$`);
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})${TIME}$`);
const dayThenName = new RegExp(
  String.raw`^(?<day>\d{1,2})(?:st|nd|rd|th|er|\.)?(?:\sde\s|[\s./-]\s?)?(?<name>\p{L}+)(?:\.?,?\s(?:del?\s)?|\.?[./-]\s?)(?<year>\d{4}|\d{2})${TIME}$`,
  'u',
);
const nameThenDay = new RegExp(
  String.raw`^(?<name>\p{L}+)\.?[\s-]+(?<day>\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(?:del?\s)?(?<year>\d{4})${TIME}$`,
  'u',
);
/** Characters of a date with its time; what is longer is none, and costs no search for one. */
const LONGEST = 100;
/** What exporters write for no date. */
const noDate = /^0{1,4}([-/.])0{1,2}\1(?:0{1,4})(?:[T ][0:]+)?$/;

/** Days as spreadsheets count them, from 1927 to 2099; a fraction is the time of day. */
const dayNumber = /^(\d{5})(?:[.,](\d{1,12}))?$/;
const [FIRST_DAY, LAST_DAY] = [10_000, 73_050];
/** Day 0 of that count, for all days behind the 29th of February 1900, which it has and there was not. */
const DAY_ZERO = Date.UTC(1899, 11, 30);

/** Whether a cell may be a day's number in a spreadsheet: `45356`. Only where its column has dates it is one. */
export function isDayNumber(cell: string): boolean {
  const day = Number(dayNumber.exec(cell)?.[1] ?? 0);
  return day >= FIRST_DAY && day <= LAST_DAY;
}

/** The day of such a number, and its time to the second. */
function numberedDay(cell: string): WrittenDate | undefined {
  if (!isDayNumber(cell)) return undefined;
  const [, day, fraction] = dayNumber.exec(cell) ?? [];
  const seconds = Math.round(Number(`${day}.${fraction ?? 0}`) * 86_400);
  const [date = '', time = ''] = new Date(DAY_ZERO + seconds * 1_000).toISOString().split(/[TZ.]/);
  const [year = 0, month = 0, of = 0] = date.split('-').map(Number);
  return { year, month, day: of, ...(fraction === undefined ? {} : { time }) };
}

/** Seconds since 1970, from 2001 to 2033, as programs write moments; and thousandths of them. */
const unixTime = /^1\d{9}(?:\.\d{1,9})?$|^1\d{12}$/;

/** Whether a cell may be a moment in seconds or milliseconds since 1970. Only where its column has dates it is one. */
export function isUnixTime(cell: string): boolean {
  return unixTime.test(cell);
}

/** The moment of such a number, in UTC. */
function unixMoment(cell: string): WrittenDate | undefined {
  if (!isUnixTime(cell)) return undefined;
  const [whole = ''] = cell.split('.', 1);
  const moment = new Date(Number(whole) * (whole.length > 10 ? 1 : 1_000)).toISOString();
  const [date = '', time = ''] = moment.split(/[TZ.]/);
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { year, month, day, time, offset: 'Z' };
}

/** Whether a cell says that there is no date. */
export function isNoDate(cell: string): boolean {
  return noDate.test(cell);
}

function readings(written: string): Readings | undefined {
  if (written.length > LONGEST || !/\p{Nd}/u.test(written)) return undefined;
  const { text: zoned, calendar } = withoutEra(plainDigits(written.replace(/\s+/g, ' ')));
  const { text, zone } = withoutZone(zoned);
  for (const cell of plainDates(text)) {
    const found = plainReadings(cell);
    if (!found) continue;
    const more = { ...(calendar ? { calendar } : {}), ...(zone ? { zone } : {}) };
    return calendar || zone ? new Map([...found].map(([format, date]) => [format, { ...date, ...more }])) : found;
  }
  return undefined;
}

function plainReadings(cell: string): Readings | undefined {
  const first = yearFirst.exec(cell);
  if (first) return only('year-month-day', [first[1], first[3], first[4]], first.slice(5));
  const named = dayThenName.exec(cell) ?? nameThenDay.exec(cell);
  if (named) {
    const { day, name = '', year = '' } = named.groups ?? {};
    const month = monthNamed(name);
    return month ? only('year-month-day', [fullYear(year), String(month), day], named.slice(4)) : undefined;
  }
  const last = yearLast.exec(cell);
  if (!last) return undefined;
  const [, a, mark, b, year = ''] = last;
  const found = new Map<DateFormat, Reading>();
  const dayFirst = dateOf([fullYear(year), b, a], last.slice(5));
  if (dayFirst) found.set('day-month-year', dayFirst);
  // Nobody who writes points puts the month first, unless nothing else makes sense.
  const monthFirst = mark === '.' && dayFirst ? undefined : dateOf([fullYear(year), a, b], last.slice(5));
  if (monthFirst) found.set('month-day-year', monthFirst);
  return found.size > 0 ? found : undefined;
}

function only(format: DateFormat, parts: (string | undefined)[], time: (string | undefined)[]): Readings | undefined {
  const date = dateOf(parts, time);
  return date && new Map([[format, date]]);
}

/** Two digits are of this century up to ten years ahead. */
function fullYear(year: string, now = systemClock()): string {
  if (year.length === 4) return year;
  const soon = (now.getUTCFullYear() + 10) % 100;
  return `${Number(year) <= soon ? '20' : '19'}${year}`;
}

function dateOf(parts: (string | undefined)[], time: (string | undefined)[]): WrittenDate | undefined {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const moment = new Date(Date.UTC(year, month - 1, day));
  const isOurs =
    year > 0 && moment.getUTCFullYear() === year && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  // Which days another calendar has is looked at where it is known which one it is.
  const isOthers = isOtherYear(year) && month > 0 && month <= 12 && day > 0 && day <= 31;
  if (!isOurs && !isOthers) return undefined;
  const [hours, minutes, seconds = '00', half, offset] = time;
  if (hours === undefined || minutes === undefined) return { year, month, day };
  const hour = half ? (Number(hours) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(hours);
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const clock = `${String(hour).padStart(2, '0')}:${minutes}:${seconds}`;
  return { year, month, day, time: clock, ...(offset ? { offset: offset.replace(/^(UTC|GMT)$/, 'Z') } : {}) };
}

/** The formats under which a cell is a date; undefined when it is none. One that writes the year first is one under all. */
export function dateFormatsShown(cell: string): readonly DateFormat[] | undefined {
  const found = readings(cell);
  return found && (found.has('year-month-day') ? [] : [...found.keys()]);
}

/** Whether a cell names a time of day beside its date; midnight is what programs write for none. */
export function namesTime(cell: string): boolean {
  const [found] = readings(cell)?.values() ?? [numberedDay(cell) ?? unixMoment(cell)];
  return found?.time !== undefined && found.time !== '00:00:00';
}

/** Whether the year of a cell is none of our calendar. */
export function namesOtherYear(cell: string): boolean {
  const [found] = readings(cell)?.values() ?? [];
  return found !== undefined && isOthers(found);
}

function isOthers({ year, calendar }: Reading): boolean {
  return isOtherYear(year) || (calendar !== undefined && calendar !== 'ours');
}

/**
 * A cell as the date it is under the column's format, or as a day's number; of another calendar, as the day that it is in
 * ours.
 *
 * @param country ISO 3166 of whoever wrote it, which tells of which calendar a year is; null when unknown
 */
export function readDate(
  cell: string,
  format: DateFormat | null,
  country: string | null = null,
): WrittenDate | UnsureDate | undefined {
  const found = readings(cell);
  if (!found) return numberedDay(cell) ?? unixMoment(cell);
  const written = underFormat(found, format);
  if (typeof written !== 'object') return written;
  if (isOthers(written)) return inOurs(written, country);
  const isShort = !/(?<![+-])\d{4}/.test(plainDigits(cell));
  return isShort && isShortYearUnclear(country, /\p{L}{3}/u.test(cell), written.year) ? 'other calendar' : written;
}

function underFormat(found: Readings, format: DateFormat | null): Reading | 'undecided' | undefined {
  const plain = found.get('year-month-day');
  if (plain) return plain;
  if (format !== null && format !== 'year-month-day') return found.get(format);
  const [one, other] = [...found.values()];
  return one && other && (one.month !== other.month || one.day !== other.day) ? 'undecided' : one;
}

function inOurs({ calendar: marked, ...date }: Reading, country: string | null): WrittenDate | UnsureDate | undefined {
  const calendar = calendarOf(date.year, marked, country);
  if (calendar === undefined) return 'other calendar';
  const day = ourDay(calendar, date);
  return day && { ...date, ...day };
}

/** `2026-01-31` */
export function dayText({ year, month, day }: WrittenDate): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

/**
 * The moment a date means, in UTC. A day without a time is its noon, which is that day in most of the world.
 *
 * @param zone of cells that name no offset
 * @returns undefined for an offset that there is not, or a moment beyond what every program here knows
 */
export function momentText(date: WrittenDate, zone: string): string | undefined {
  const moment = momentOf(date, zone);
  const text = Number.isNaN(moment) ? '' : new Date(moment).toISOString();
  return isMoment(text) ? text : undefined;
}

function momentOf(date: WrittenDate, own: string): number {
  const zone = date.zone ?? own;
  const local = `${dayText(date)}T${date.time ?? '12:00:00'}`;
  if (date.offset) return Date.parse(`${local}${date.offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  const asUtc = Date.parse(`${local}Z`);
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  const guess = asUtc - offsetAt(zone, asUtc);
  return Number.isNaN(guess) ? guess : asUtc - offsetAt(zone, guess);
}

const clocks = new Map<string, Intl.DateTimeFormat>();
/** Zones may be spelled in many ways, and a clock takes tens of kilobytes. */
const MOST_CLOCKS = 100;

/** Milliseconds by which the clocks of a zone are ahead of UTC. */
function offsetAt(zone: string, moment: number): number {
  let clock = clocks.get(zone);
  if (!clock) {
    if (clocks.size >= MOST_CLOCKS) clocks.clear();
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    clocks.set(zone, clock);
  }
  return Date.parse(`${clock.format(moment).replace(' ', 'T')}Z`) - Math.trunc(moment / 1000) * 1000;
}
