import { CONTINUED } from '../rows/continued.rows.js';
import type { RowProblem } from '../rows/lead.row.js';
import { ADDRESS_TAKEN } from '../rows/row.merge.js';
import type { Mapping } from '../import.mapping.js';

/** Heading → what a preview says of rows that are one person with others, at the column of the address. */
export function sameRowNotes(mapping: Mapping, problems: readonly RowProblem[]): ReadonlyMap<string, string> {
  const heading = [...mapping].find(([, target]) => target === 'email')?.[0];
  if (heading === undefined) return new Map();
  const rowsTold = (beginning: string): number =>
    problems.filter(({ column, problem }) => column === null && problem.startsWith(beginning)).length;
  const [continued, taken] = [rowsTold(CONTINUED), rowsTold(ADDRESS_TAKEN)];
  const notes = [
    ...(continued > 0 ? [`${rows(continued, 'goes', 'go')} on with the person of the row above: ${NO_ID}`] : []),
    ...(taken > 0 ? [`${rows(taken, 'has', 'have')} an address that is there under another id: ${SECOND}`] : []),
  ];
  return new Map(notes.length > 0 ? [[heading, notes.join(' ')]] : []);
}

const NO_ID = 'the same address, and neither an id nor a name. They change that lead.';
const SECOND = 'each becomes a second lead. Say email in identity where the same address is the same person.';

function rows(count: number, one: string, many: string): string {
  return count === 1 ? `One row ${one}` : `${count} rows ${many}`;
}
