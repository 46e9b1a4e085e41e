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

describe('a second heading', () => {
  const SECOND = 'is a second heading, of a survey, and is left out';

  it.each([
    [',Open-Ended Response,'],
    [',,Response'],
    [',Offene Antwort,Ja'],
    [',Respuesta abierta,Otro (especifique)'],
    ['Yes,No,Other (please specify)'],
  ])('of a survey is left out and told: %s', async (second) => {
    const [, row] = await read(['Email,Name,Which', second, 'a@b.test,Ada,x']);
    expect([row?.cells[1], row?.passed]).toEqual(['Ada', [{ line: 2, problem: SECOND }]]);
  });

  it('of questions and what a program knows them by is left out', async () => {
    const ids = '{"ImportId":"QID1"},{"ImportId":"QID2"}';
    const [, row] = await read(['Q1,Q2', 'What is your name?,Your mail?', ids, 'Ada,a@b.test']);
    expect([row?.line, row?.passed?.map(({ line }) => line)]).toEqual([4, [2, 3]]);
  });

  it('is a row where it has an address or a number, or stands further below', async () => {
    for (const lines of [
      ['Email,Name,Which', 'a@b.test,Open-Ended Response,'],
      ['Email,Name,Which', '7,Open-Ended Response,'],
      ['Email,Name,Which', ',Ada,Response'],
      ['Email,Name,Which', 'a@b.test,Ada,x', ',Open-Ended Response,x'],
    ])
      expect((await read(lines)).map(({ cells }) => cells.join())).toEqual(lines);
  });
});

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

describe('another table below the list', () => {
  const OTHER = 'begins another table, which is left out as a whole: import it by itself';
  const ends = async (...lines: string[]): Promise<unknown[]> =>
    (await read(lines.map((each) => each.replaceAll('\t', ',')))).map(({ line, isBelow = false, problem }) =>
      problem === undefined ? [line, isBelow] : [line, isBelow, problem],
    );
  const meeting = 'Name,First Join,Last Leave,In-Meeting Duration,Email,Participant ID (UPN),Role';
  const activities = 'Name,Join Time,Leave Time,Duration,Email,Role';

  it('ends the list at its title, or at its heading behind an empty line, told once', async () => {
    const guest = 'Bo Guest,17:01,17:41,40m 20s,bo@guest.test,,Presenter';
    const found = [
      [1, false],
      [2, false],
      [3, true, OTHER],
    ];
    expect(await ends(meeting, guest, '3. In-Meeting Activities', activities, guest, 'Total,2')).toEqual(found);
    const list = 'Name,Email,Phone,Value';
    expect(await ends(list, 'Ada,a@b.test,1,2', 'Sales Team B', 'Email,Name,Value,Phone', 'b@b.test,Bo,3,4')).toEqual(
      found,
    );
    expect(await ends(list, 'Ada,a@b.test,1,2', ',,,', 'Email,Name,Value,Phone', 'b@b.test,Bo,3,4')).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true, OTHER],
    ]);
    expect(await ends(list, 'Ada,a@b.test,1,2', 'Total,,,2', 'Team B', 'Email,Name', 'b@b.test,Bo')).toEqual([
      [1, false],
      [2, false],
      [3, true],
      [4, true, OTHER],
    ]);
    const records = [
      { line: 1, cells: ['Name', 'Note'] },
      { line: 2, cells: ['Ada', 'two\nlines'] },
      { line: 5, cells: ['Email', 'Name'] },
    ];
    const behind: unknown[] = [];
    for await (const { line, problem } of withoutRepeats(records, 1)) behind.push([line, problem]);
    expect(behind).toEqual([
      [1, undefined],
      [2, undefined],
      [5, OTHER],
    ]);
  });

  it.each([
    ['a row that is apart from nothing', ['Name,Email,Phone', 'Ada,a@b.test,1', 'Email,Name,Phone']],
    ['people behind an empty line', ['Name,Company,City', 'Ada,Acme,Ulm', ',,', 'Bo,Bolt,Rome']],
    ['one word that is a heading', ['Name,Company,City', ',,', 'Bo,Company,Rome', 'Cy,,']],
    ['the title of a group', ['Name,Email,Phone', 'Ada,a@b.test,1', 'Done,,', 'Bo,b@b.test,2']],
    ['a row with a figure', ['Name,Email,Phone', ',,', 'Name,Email,030 123456']],
  ])('is not begun by %s', async (_, lines) => {
    expect((await read(lines)).map(({ cells }) => cells.join())).toEqual(lines);
  });
});
