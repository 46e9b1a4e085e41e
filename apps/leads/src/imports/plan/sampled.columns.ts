import { setImmediate as others } from 'node:timers/promises';
import { legible } from '@apollo/contracts';
import { isKeptText, withoutApostrophe } from '../cells/apostrophes.js';
import { columnName } from '../csv/csv.headings.js';
import type { CsvRecord } from '../csv/csv.records.js';
import { CELL_CHARACTERS } from '../import.limits.js';
import { saysNothing } from '../rows/empty.words.js';
import type { SampledColumn } from './mapping.proposal.js';
import { isOurExport } from './own.columns.js';

/** The columns of a list, without the apostrophes by which cells were kept from spreadsheets. */
export async function sampledColumns(
  names: readonly string[],
  rows: readonly CsvRecord[],
  groups: readonly (string | undefined)[],
): Promise<SampledColumn[]> {
  const escaping = isOurExport(names) ? 'ours' : 'others';
  const columns: SampledColumn[] = [];
  for (const [at, name] of names.entries()) {
    const found = rows
      .map((row, of) => ({ of, cell: legible((row.cells[at] ?? '').slice(0, CELL_CHARACTERS)) }))
      .filter(({ cell }) => cell !== '' && !saysNothing(cell, 'name'));
    columns.push({
      name,
      cells: found.map(({ cell }) => withoutApostrophe(cell, escaping)),
      rows: found.map(({ of }) => of),
      group: groups[at],
      isText: found.some(({ cell }) => isKeptText(cell)),
    });
    await others();
  }
  return columns;
}

/** What the line above the heading calls the columns below each of its cells, where it has several and fewer than the heading. */
export function groupsAbove(records: readonly CsvRecord[], heading: CsvRecord): (string | undefined)[] {
  const above =
    records
      .filter(({ line }) => line < heading.line)
      .at(-1)
      ?.cells.map(columnName) ?? [];
  const filled = above.filter(Boolean).length;
  if (filled < 2 || filled >= heading.cells.filter(Boolean).length) return [];
  let group: string | undefined;
  return heading.cells.map((_, at) => (group = above[at] || group));
}
