import { countsNamed } from '../plan/heading.words.js';
import { type DateFormat, dateFormatsShown } from './date.cells.js';
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
      .filter(({ heading }) => !(heading in given))
      .map((column) => ({ column, shown: new Set(), marks: new Set() }));
  }

  /** Takes a row's cells. */
  add(cells: readonly string[]): void {
    for (const { column, shown, marks } of this.seen) {
      const cell = cells[column.index]?.trim() ?? '';
      if (cell === '') continue;
      if (column.sort === 'date') {
        const formats = dateFormatsShown(cell);
        if (formats?.length === 1) shown.add(formats[0] as DateFormat);
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
}

function sole<Format>(sets: readonly Set<Format>[]): Format | undefined {
  const all = new Set(sets.flatMap((set) => [...set]));
  return all.size === 1 ? [...all][0] : undefined;
}

function wholeFormat(heading: string, marks: ReadonlySet<string>): NumberFormat | undefined {
  if (marks.size !== 1 || !countsNamed(heading)) return undefined;
  return marks.has(',') ? '1,234.56' : '1.234,56';
}
