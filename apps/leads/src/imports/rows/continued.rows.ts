import type { CsvRecord } from '../csv/csv.records.js';
import { saysNothing } from './empty.words.js';
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

/** Places of the columns by which it is seen that a row goes on with the person above it. */
export interface PersonColumns {
  readonly ids: readonly number[];
  readonly names: readonly number[];
  readonly address: number | undefined;
}

/** Where ids, names and the address of rows stand. */
export function personColumns(columns: readonly Placed[]): PersonColumns {
  const placesOf = (targets: readonly string[]): number[] =>
    columns.filter(({ target }) => targets.includes(target)).map(({ index }) => index);
  return { ids: placesOf(IDS), names: placesOf(NAMES), address: placesOf(['email'])[0] };
}

/** Whether cells have the address of a row before them, and neither an id nor a name of their own. */
export function continuesRow(last: readonly string[], cells: readonly string[], places: PersonColumns): boolean {
  const address = addressIn(cells, places);
  const isNamed = places.ids.some((at) => (cells[at] ?? '').trim() !== '') || haveName(cells, places);
  return address !== '' && !isNamed && addressIn(last, places) === address;
}

/** Whether cells have a name. */
export function haveName(cells: readonly string[], { names }: PersonColumns): boolean {
  return names.some((at) => !saysNothing((cells[at] ?? '').trim() || '-', 'name'));
}

function addressIn(cells: readonly string[], { address }: PersonColumns): string {
  const text = address === undefined ? '' : (cells[address] ?? '').trim().toLowerCase();
  return saysNothing(text, 'strict') ? '' : text;
}

/**
 * Finds rows that go on with the person above them, as orders of shops have one for each further item: with the address of
 * that row, and neither an id nor a name of their own. Rows are shown to it in the order of the file.
 */
export class ContinuedRows {
  private readonly places: PersonColumns;
  private last: RowAbove | undefined;

  /** @param isByAddress whether rows are recognized by their address: then those without an id go on with a name */
  constructor(
    columns: readonly Placed[],
    private readonly isByAddress = false,
  ) {
    this.places = personColumns(columns);
  }

  /** The row that a record goes on with; undefined for one of its own. */
  above({ cells }: CsvRecord): RowAbove | undefined {
    return this.last && continuesRow(this.last.cells, cells, this.places) ? this.last : undefined;
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
    const begun = above?.cells ?? cells;
    const isKnown = Object.keys(ids).length > 0 || (this.isByAddress && haveName(begun, this.places));
    this.last = isKnown ? { cells: begun, line: above?.line ?? line, ids } : undefined;
    if (!above) return { row, problems };
    const problem = `${CONTINUED} on line ${above.line}, and changes that lead`;
    return { row, problems: [...problems, { line, column: null, problem, refused: false }] };
  }
}

/** How what is told of such a row begins. */
export const CONTINUED = 'has neither an id nor a name, and the address of the row above: it is the same person as';
