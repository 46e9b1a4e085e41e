import type { Pace } from '../paced.js';
import { areCompanies } from './company.columns.js';
import { plainWords } from './plain.words.js';
import type { NamedColumn, SampledColumn } from './mapping.proposal.js';

/** Characters of a name that is looked into, as many as a lead's has, and words of a part of one. */
const LONGEST_NAME = 200;
const MOST_WORDS = 5;

/** Columns of names beside each other, each of which may be a part for what the others are. */
export class NameColumns {
  private readonly first: NamePart | undefined;
  private readonly last: NamePart | undefined;
  private readonly hasWhole: boolean;

  constructor(named: readonly NamedColumn[], pace: Pace) {
    const columnOf = (target: string): SampledColumn | undefined => named.find(([, each]) => each === target)?.[0];
    const [first, last] = [columnOf('first_name'), columnOf('last_name')];
    this.first = first && new NamePart(first.cells, pace);
    this.last = last && new NamePart(last.cells, pace);
    this.hasWhole = columnOf('contact_name') !== undefined;
  }

  /**
   * A name beside a first name is a last name and beside a last name a first one, unless its cells have that in them; a
   * first name with nothing beside it is all there is of a name.
   */
  async among(target: string, { cells }: SampledColumn): Promise<string> {
    const { first, last } = this;
    if (target === 'first_name' && !last && !this.hasWhole) return 'contact_name';
    if (target !== 'contact_name' || (first && last)) return target;
    if (first && !(await first.isIn(cells))) return 'last_name';
    return last && !(await last.isIn(cells)) ? 'first_name' : target;
  }
}

/** Cells of a column of first or last names, as they may stand in those of whole ones. */
class NamePart {
  private words: ReadonlySet<string> | undefined;

  constructor(
    private readonly cells: readonly string[],
    private readonly pace: Pace,
  ) {}

  /** Whether at least half of the names have one of the parts at their beginning or end, beside something else. */
  async isIn(names: readonly string[]): Promise<boolean> {
    if (names.length === 0) return false;
    const known = (this.words ??= await this.read());
    const has = (name: string): boolean => {
      if (name.length > LONGEST_NAME) return false;
      const words = plainWords(name).split(' ');
      return Array.from({ length: Math.min(MOST_WORDS, words.length - 1) }, (_, at) => at + 1).some(
        (count) => known.has(words.slice(-count).join(' ')) || known.has(words.slice(0, count).join(' ')),
      );
    };
    return (await this.pace.passing(names, has)) * 2 >= names.length;
  }

  private async read(): Promise<ReadonlySet<string>> {
    const words = new Set<string>();
    await this.pace.passing(this.cells, (cell) => cell.length <= LONGEST_NAME && words.add(plainWords(cell)).size > 0);
    return words;
  }
}

const PARTS = ['first_name', 'last_name'] as const;

/**
 * Columns without those that are called names and are none of the person that the parts of a name beside them call: `Acme
 * Ltd` beside `Ann` and `Roe`, as programs of accounting have it. They are the company where no other column is.
 */
export async function withoutOtherNames(named: readonly NamedColumn[], pace: Pace): Promise<NamedColumn[]> {
  const filled = named.filter(([{ cells }]) => cells.length > 0);
  const parts = PARTS.flatMap((part) => filled.find(([, target]) => target === part)?.[0] ?? []);
  if (parts.length === 0) return [...named];
  const others = new Set<SampledColumn>();
  for (const [column, target] of filled) {
    if (target !== 'contact_name') continue;
    const isOther = parts.length === PARTS.length ? !(await areWhole(column, parts, pace)) : areCompanies(column);
    if (isOther) others.add(column);
  }
  const isCompanyNamed = filled.some(([, target]) => target === 'company');
  return named.flatMap(([column, target]): NamedColumn[] => {
    if (!others.has(column)) return [[column, target]];
    return isCompanyNamed ? [] : [[column, 'company']];
  });
}

/** Whether names have both of their parts in them, in at least half of the rows that have all three. */
async function areWhole(column: SampledColumn, parts: readonly SampledColumn[], pace: Pace): Promise<boolean> {
  const rowsOf = ({ cells, rows }: SampledColumn): Map<number, string> =>
    new Map(cells.map((cell, at) => [rows?.[at] ?? at, cell]));
  const known = parts.map(rowsOf);
  const full = [...rowsOf(column)].filter(([row]) => known.every((part) => part.has(row)));
  const good = await pace.passing(
    full.map(([row, name]) => [name, ...known.map((part) => part.get(row) ?? '')].map(shortened).join('\n')),
    (names) => {
      const [whole = '', ...own] = names.split('\n').map(plainWords);
      return own.every((part) => whole.includes(part));
    },
  );
  return good * 2 >= full.length;
}

function shortened(name: string): string {
  return name.slice(0, LONGEST_NAME).replaceAll('\n', ' ');
}
