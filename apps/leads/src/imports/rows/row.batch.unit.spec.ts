import type { LeadRow, RowOutcome } from './lead.row.js';
import { RowBatch } from './row.batch.js';

const row: LeadRow = { id: 'id', line: 2, named: true, custom_fields: {}, kept: {} };
const problem = (line: number, refused: boolean, column: string | null = 'A') => ({
  line,
  column,
  problem: 'is wrong',
  refused,
});
const refused = (line: number, problems: number): RowOutcome => ({
  row: null,
  problems: Array.from({ length: problems }, () => problem(line, true, null)),
});

describe('a batch of rows', () => {
  it('accounts for every row, and for every cell that was left out', () => {
    const batch = new RowBatch(10);
    for (const each of [{ row, problems: [] }, { row, problems: [problem(3, false)] }, refused(4, 2), refused(5, 1)])
      batch.add(each, 10);
    expect(batch.progress()).toEqual({ from: 10, read: 4, refused: 2, cells_left_out: 1 });
    expect(batch.rows).toHaveLength(2);
    expect(batch.next().progress()).toMatchObject({ from: 14, read: 0 });
  });

  it('notes problems by number in the order of the file until there are too many, and still counts the rows', () => {
    const batch = new RowBatch(0);
    batch.add(refused(2, 1), 10);
    batch.add(refused(4, 2), 10);
    expect(batch.toNote(9_997, [problem(3, false)]).map(({ position, line }) => [position, line])).toEqual([
      [9_998, 2],
      [9_999, 3],
      [10_000, 4],
    ]);
    expect(batch.progress()).toMatchObject({ refused: 2 });
  });
});
