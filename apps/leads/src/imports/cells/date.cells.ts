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
}

/** What a cell may mean as a date under each format. */
type Readings = ReadonlyMap<DateFormat, WrittenDate>;

const TIME = String.raw`(?:(?:T|,?\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}$`);
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})${TIME}$`);
const worded = new RegExp(
  String.raw`^(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(\p{L}+)|(\p{L}+)\s+(\d{1,2})(?:st|nd|rd|th)?)\.?,?\s+(?:de\s+)?(\d{4})${TIME}$`,
  'u',
);
/** Characters of a date with its time; what is longer is none, and costs no search for one. */
const LONGEST = 100;
/** What exporters write for no date. */
const noDate = /^0{1,4}([-/.])0{1,2}\1(?:0{1,4})(?:[T ][0:]+)?$/;

const LANGUAGES = ['en', 'pt', 'es', 'de'];
const MONTHS: ReadonlyMap<string, number> = new Map(
  LANGUAGES.flatMap((language) =>
    (['long', 'short'] as const).flatMap((length) => {
      const names = new Intl.DateTimeFormat(language, { month: length, timeZone: 'UTC' });
      return Array.from({ length: 12 }, (_, at): [string, number] => [
        names
          .format(Date.UTC(2026, at, 15))
          .replace('.', '')
          .toLowerCase(),
        at + 1,
      ]);
    }),
  ),
);

/** Whether a cell says that there is no date. */
export function isNoDate(cell: string): boolean {
  return noDate.test(cell);
}

function readings(cell: string): Readings | undefined {
  if (cell.length > LONGEST) return undefined;
  const first = yearFirst.exec(cell);
  if (first) return only('year-month-day', [first[1], first[3], first[4]], first.slice(5));
  const word = worded.exec(cell);
  if (word) {
    const month = MONTHS.get((word[2] ?? word[3] ?? '').toLowerCase());
    return month ? only('year-month-day', [word[5], String(month), word[1] ?? word[4]], word.slice(6)) : undefined;
  }
  const last = yearLast.exec(cell);
  if (!last) return undefined;
  const [, a, mark, b, year = ''] = last;
  const found = new Map<DateFormat, WrittenDate>();
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
function fullYear(year: string): string {
  if (year.length === 4) return year;
  const soon = (new Date().getUTCFullYear() + 10) % 100;
  return `${Number(year) <= soon ? '20' : '19'}${year}`;
}

function dateOf(parts: (string | undefined)[], time: (string | undefined)[]): WrittenDate | undefined {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const moment = new Date(Date.UTC(year, month - 1, day));
  if (year < 1 || moment.getUTCFullYear() !== year || moment.getUTCMonth() !== month - 1 || moment.getUTCDate() !== day)
    return undefined;
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

/** A cell as the date it is under the column's format; `undecided` where day and month could change places. */
export function readDate(cell: string, format: DateFormat | null): WrittenDate | 'undecided' | undefined {
  const found = readings(cell);
  const plain = found?.get('year-month-day');
  if (!found || plain) return plain;
  if (format !== null && format !== 'year-month-day') return found.get(format);
  const meanings = [...found.values()];
  const [one, other] = meanings;
  return one && other && (one.month !== other.month || one.day !== other.day) ? 'undecided' : one;
}

/** `2026-01-31` */
export function dayText({ year, month, day }: WrittenDate): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

/**
 * The moment a date means, in UTC. A day without a time is its noon, which is that day in most of the world.
 *
 * @param zone of cells that name no offset
 */
export function momentText(date: WrittenDate, zone: string): string {
  const local = `${dayText(date)}T${date.time ?? '12:00:00'}`;
  if (date.offset) {
    const offset = date.offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
    return new Date(`${local}${offset}`).toISOString();
  }
  const asUtc = Date.parse(`${local}Z`);
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  const guess = asUtc - offsetAt(zone, asUtc);
  return new Date(asUtc - offsetAt(zone, guess)).toISOString();
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds by which the clocks of a zone are ahead of UTC. */
function offsetAt(zone: string, moment: number): number {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    clocks.set(zone, clock);
  }
  return Date.parse(`${clock.format(moment).replace(' ', 'T')}Z`) - Math.trunc(moment / 1000) * 1000;
}
