import type { LeadRow } from './lead.row.js';
import { RowBatch } from './row.batch.js';

const row = (external_id?: string): LeadRow => ({ id: 'id', custom_fields: {}, external_id });
const problems = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ line: at, column: null, problem: 'is wrong' }));

describe('a batch of rows', () => {
  it('never changes one lead twice in a round, and keeps the order of the file', () => {
    const batch = new RowBatch(0, 0);
    for (const id of ['a', 'b', 'a', undefined, 'a', 'b', undefined]) batch.add(row(id));
    expect(
      batch.rounds().map(({ rows }) => (JSON.parse(rows) as LeadRow[]).map(({ external_id }) => external_id)),
    ).toEqual([['a', 'b', undefined, undefined], ['a', 'b'], ['a']]);
  });

  it('accounts for every row', () => {
    const batch = new RowBatch(10, 0);
    for (const each of [row('a'), row('b'), row('c'), problems(2), problems(1)]) batch.add(each);
    expect(batch.progress()).toEqual({ from: 10, read: 5, refused: 2, noted: 3 });
    expect(batch.rounds().map(({ size }) => size)).toEqual([3]);
    expect(batch.next().progress()).toMatchObject({ from: 15, read: 0 });
  });

  it('notes problems by number until there are too many, and still counts the rows', () => {
    const batch = new RowBatch(0, 9_998);
    batch.add(problems(3));
    batch.add(problems(1));
    expect(batch.toNote().map(({ position }) => position)).toEqual([9_999, 10_000]);
    expect(batch.progress()).toMatchObject({ refused: 2, noted: 2 });
  });
});
