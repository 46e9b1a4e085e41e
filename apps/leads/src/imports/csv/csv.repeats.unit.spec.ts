import type { CsvRecord } from './csv.records.js';
import { withoutRepeats } from './csv.repeats.js';

/** The records of lines cut at commas, the first of which is line 1. */
async function read(lines: readonly string[], headingLine = 1): Promise<CsvRecord[]> {
  const records = lines.map((line, at) => ({ line: at + 1, cells: line.split(',') }));
  const found: CsvRecord[] = [];
  for await (const record of withoutRepeats(records, headingLine)) found.push(record);
  return found;
}

const TITLE = 'is the title of a group and is left out';
const REPEATED = 'is the heading again and is left out';

describe('a heading that comes again', () => {
  it('is left out with the title of its group, and told by the next row', async () => {
    const found = await read(
      ['To do,,', 'Name,Mail,City', 'Ada,a@b.test,Ulm', ',,', 'Done,,', 'Name, Mail,City', 'Bo,,'],
      2,
    );
    expect(found).toEqual([
      { line: 1, cells: ['To do', '', ''] },
      { line: 2, cells: ['Name', 'Mail', 'City'] },
      { line: 3, cells: ['Ada', 'a@b.test', 'Ulm'] },
      { line: 4, cells: ['', '', ''] },
      {
        line: 7,
        cells: ['Bo', '', ''],
        passed: [
          { line: 5, problem: TITLE },
          { line: 6, problem: REPEATED },
        ],
      },
    ]);
  });

  it('is told by a row, and by none that has nothing in it', async () => {
    const [, empty, row] = await read(['Name,Mail', 'Name,Mail', ',', 'Ada,']);
    expect([empty?.passed, row?.passed]).toEqual([undefined, [{ line: 2, problem: REPEATED }]]);
  });

  it('stands below the list where no row follows', async () => {
    const found = await read(['Name,Mail,City', 'Ada,,', 'Bo,x,', 'Done,,', 'Name,Mail,City']);
    expect(found.map(({ line, isBelow = false }) => [line, isBelow])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
      [5, true],
    ]);
  });

  it('is a row where it differs in one cell, is one cell alone, or where there is no heading', async () => {
    for (const lines of [
      ['Name,Mail', 'Name,Mails'],
      ['Name,Mail', 'Name,Mail,more'],
      ['Name', 'Name'],
      ['Name,Mail,City', 'Ada,,', 'Bo,,', ',,', 'Cy,,'],
    ])
      expect((await read(lines)).map(({ cells }) => cells.join())).toEqual(lines);
    expect(await read(['Name,Mail', 'Name,Mail'], 0)).toHaveLength(2);
  });

  it('is told of as often as somebody reads it', async () => {
    const again = Array.from({ length: 3_000 }, () => 'Name,Mail');
    const [, row] = await read(['Name,Mail', ...again, 'Ada,a@b.test']);
    expect(row?.passed).toHaveLength(1_000);
  });
});
