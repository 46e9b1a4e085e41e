import type { CsvRecord } from '../csv/csv.records.js';
import type { LeadRow, RowOutcome } from './lead.row.js';

/** A column of rows, and what it is. */
interface Placed {
  readonly index: number;
  readonly target: string;
}

const IDS = ['id', 'external_id'];
const NAMES = ['contact_name', 'first_name', 'middle_name', 'last_name'];

/** The row above another one that goes on with its person. */
export interface RowAbove {
  readonly cells: readonly string[];
  readonly line: number;
  readonly ids: Pick<LeadRow, 'external_id' | 'lead_id'>;
}

/**
 * Finds rows that go on with the person above them, as orders of shops have one for each further item: with the address of
 * that row, and neither an id nor a name of their own. Rows are shown to it in the order of the file.
 */
export class ContinuedRows {
  private readonly ids: readonly number[];
  private readonly names: readonly number[];
  private readonly address: number | undefined;
  private last: RowAbove | undefined;

  constructor(columns: readonly Placed[]) {
    const placesOf = (targets: readonly string[]): number[] =>
      columns.filter(({ target }) => targets.includes(target)).map(({ index }) => index);
    this.ids = placesOf(IDS);
    this.names = placesOf(NAMES);
    [this.address] = placesOf(['email']);
  }

  /** The row that a record goes on with; undefined for one of its own. */
  above({ cells }: CsvRecord): RowAbove | undefined {
    const address = this.addressIn(cells);
    if (address === '' || this.ids.length === 0 || this.last === undefined) return undefined;
    if ([...this.ids, ...this.names].some((at) => (cells[at] ?? '').trim() !== '')) return undefined;
    return this.addressIn(this.last.cells) === address ? this.last : undefined;
  }

  /** Takes what became of a record; what goes on is of the same lead as the row above, and told. */
  taken({ cells, line }: CsvRecord, { row, problems }: RowOutcome, above: RowAbove | undefined): RowOutcome {
    if (!row) {
      this.last = undefined;
      return { row, problems };
    }
    if (above) Object.assign(row, above.ids, { isContinued: true });
    const { external_id, lead_id } = row;
    const ids = {
      ...(external_id === undefined ? {} : { external_id }),
      ...(lead_id === undefined ? {} : { lead_id }),
    };
    this.last =
      Object.keys(ids).length === 0 ? undefined : { cells: above?.cells ?? cells, line: above?.line ?? line, ids };
    if (!above) return { row, problems };
    const problem = `${CONTINUED} on line ${above.line}, and changes that lead`;
    return { row, problems: [...problems, { line, column: null, problem, refused: false }] };
  }

  private addressIn(cells: readonly string[]): string {
    return this.address === undefined ? '' : (cells[this.address] ?? '').trim().toLowerCase();
  }
}

/** How what is told of such a row begins. */
export const CONTINUED = 'has neither an id nor a name, and the address of the row above: it is the same person as';
