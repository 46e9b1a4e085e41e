import type { Pace } from '../paced.js';
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
