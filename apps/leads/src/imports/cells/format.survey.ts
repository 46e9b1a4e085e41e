import { countsNamed } from '../plan/heading.words.js';
import { withoutApostrophe } from './apostrophes.js';
import { countryFormats } from './country.formats.js';
import {
  type DateFormat,
  dateFormatsShown,
  dayText,
  isDayNumber,
  isNoDate,
  isUnixTime,
  namesOtherYear,
  namesTime,
  readDate,
} from './date.cells.js';
import { moneyFormatShown, moneyParts } from './money.cells.js';
import type { NumberFormat } from './number.cells.js';

/** A column whose cells mean different things under different formats. */
export interface FormattedColumn {
  readonly heading: string;
  readonly index: number;
  readonly sort: 'number' | 'date';
}

/** Column heading → its format; columns that nothing decides are not in it. */
export type Formats = Readonly<Record<string, NumberFormat | DateFormat>>;

interface Seen {
  readonly column: FormattedColumn;
  readonly shown: Set<NumberFormat | DateFormat>;
  /** Marks before three digits that alone decide nothing. */
  readonly marks: Set<string>;
  /** Whether day and month could change places in a cell. */
  isTurnable: boolean;
  /** Whether a cell names a time of day. */
  isTimed: boolean;
  /** Whether a cell says that there is no date. */
  hasNone: boolean;
  /** The first cell that is a day's number. */
  dayNumber: string | undefined;
  /** The first cell that is a moment in seconds since 1970, or in thousandths of them. */
  unixTime: string | undefined;
  /** The first cell whose year is of another calendar. */
  otherYear: string | undefined;
}

/** Looks at every cell of columns with formats, so that one cell that shows the format decides those that do not. */
export class FormatSurvey {
  private readonly seen: readonly Seen[];

  /**
   * @param given formats that are told; those columns are not looked at
   * @param currency of the organization, which tells what a dollar is
   */
  constructor(
    columns: readonly FormattedColumn[],
    private readonly given: Formats,
    private readonly currency: string | null,
  ) {
    this.seen = columns
      .filter(({ heading }) => !Object.hasOwn(given, heading))
      .map((column) => ({
        column,
        shown: new Set(),
        marks: new Set(),
        isTurnable: false,
        isTimed: false,
        hasNone: false,
        dayNumber: undefined,
        unixTime: undefined,
        otherYear: undefined,
      }));
  }

  /** Takes a row's cells. */
  add(cells: readonly string[]): void {
    for (const seen of this.seen) {
      const { column, shown, marks } = seen;
      const cell = withoutApostrophe(cells[column.index]?.trim() ?? '', 'others');
      if (cell === '') continue;
      if (column.sort === 'date') {
        const formats = dateFormatsShown(cell);
        if (formats?.length === 1) shown.add(formats[0] as DateFormat);
        else seen.isTurnable ||= readDate(cell, null) === 'undecided';
        seen.isTimed ||= namesTime(cell);
        seen.hasNone ||= isNoDate(cell);
        if (isDayNumber(cell)) seen.dayNumber ??= cell;
        if (isUnixTime(cell)) seen.unixTime ??= cell;
        if (seen.otherYear === undefined && namesOtherYear(cell)) seen.otherYear = cell;
        continue;
      }
      const format = moneyFormatShown(cell, this.currency);
      if (format === 'either') marks.add(/[.,]/.exec(moneyParts(cell, this.currency)?.amount ?? '')?.[0] ?? '');
      else if (format) shown.add(format);
    }
  }

  /** Each column by its own cells; where those do not decide, by the file's other columns, and counts by being whole. */
  result(): Formats {
    const numbers = sole(this.seen.filter(({ column }) => column.sort === 'number').map(({ shown }) => shown));
    const dates = sole(this.seen.filter(({ column }) => column.sort === 'date').map(({ shown }) => shown));
    const found = this.seen.flatMap(({ column, shown, marks }) => {
      const format =
        shown.size > 0
          ? sole([shown])
          : column.sort === 'date'
            ? dates
            : (numbers ?? wholeFormat(column.heading, marks));
      return format ? [[column.heading, format] as const] : [];
    });
    return { ...Object.fromEntries(found), ...this.given };
  }

  /**
   * What the habits of a country make likely of columns that nothing in the file decides. A mark that stands before the
   * fraction there is none of thousands, and three digits after it are no reason to believe in a fraction.
   *
   * @param country ISO 3166
   */
  likely(country: string): Formats {
    const { number, date } = countryFormats(country);
    const point = number?.at(-3) ?? '';
    const decided = this.result();
    const found = this.seen.flatMap(({ column, shown, marks, isTurnable }) => {
      if (shown.size > 0 || Object.hasOwn(decided, column.heading)) return [];
      const isLikely = column.sort === 'date' ? isTurnable : marks.size === 1 && !marks.has(point);
      const format = column.sort === 'date' ? date : number;
      return isLikely && format ? [[column.heading, format] as const] : [];
    });
    return Object.fromEntries(found);
  }

  /**
   * Heading → what is to be told of how cells of dates are read that are written as no date is.
   *
   * @param country ISO 3166 of the organization
   */
  dateNotes(country?: string): ReadonlyMap<string, readonly string[]> {
    const formats = { ...this.result(), ...(country === undefined ? {} : this.likely(country)) };
    return new Map(
      this.seen.map(({ column, hasNone, dayNumber, unixTime, otherYear = '' }) => {
        const format = Object.hasOwn(formats, column.heading) ? formats[column.heading] : undefined;
        const ours = readDate(otherYear, (format ?? null) as DateFormat | null, country);
        const [day, moment] = [dayNumber, unixTime].map((cell) =>
          cell === undefined ? undefined : readDate(cell, null),
        );
        return [
          column.heading,
          [
            ...(typeof day === 'object'
              ? [`Numbers are read as the days that spreadsheets count: ${dayNumber} is ${dayText(day)}.`]
              : []),
            ...(typeof moment === 'object'
              ? [`Numbers are read as seconds, or thousandths of them, since 1970: ${unixTime} is ${dayText(moment)}.`]
              : []),
            ...(typeof ours === 'object'
              ? [`Years are read as those of another calendar: ${otherYear} is ${dayText(ours)}.`]
              : []),
            ...(hasNone ? ['Dates of nothing but zeros count as empty.'] : []),
          ],
        ];
      }),
    );
  }

  /** Headings of columns of dates with times of day. */
  timed(): ReadonlySet<string> {
    return new Set(this.seen.filter(({ isTimed }) => isTimed).map(({ column }) => column.heading));
  }
}

function sole<Format>(sets: readonly Set<Format>[]): Format | undefined {
  const all = new Set(sets.flatMap((set) => [...set]));
  return all.size === 1 ? [...all][0] : undefined;
}

function wholeFormat(heading: string, marks: ReadonlySet<string>): NumberFormat | undefined {
  if (marks.size !== 1 || !countsNamed(heading)) return undefined;
  return marks.has(',') ? '1,234.56' : '1.234,56';
}
