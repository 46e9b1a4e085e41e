import { PIECE_BYTES } from '@apollo/service-kit';
import { setImmediate as turn } from 'node:timers/promises';
import { testOrg } from '@apollo/testing';
import type { FieldRepository } from '../../fields/field.repository.js';
import { FileQueue } from '../file.queue.js';
import type { ImportDestination } from '../import.destination.js';
import { COLUMNS, SAMPLE_RECORDS } from '../import.limits.js';
import type { ImportRepository } from '../import.repository.js';
import { ReferenceResolver } from '../rows/reference.resolver.js';
import type { ReferenceRepository } from '../rows/reference.repository.js';
import type { RowRepository } from '../rows/row.repository.js';
import { ImportPlanner } from './import.planner.js';
import { ImportPreviewer } from './import.preview.js';

const fields = { all: () => Promise.resolve([]) } as unknown as FieldRepository;
const references = {
  resolver: () => Promise.resolve(new ReferenceResolver('p', [], [], new Set())),
} as unknown as ReferenceRepository;
const destination = { pipeline: () => Promise.resolve('p') } as unknown as ImportDestination;
const nobody = () => Promise.resolve([]);
const rows = { known: nobody, addressed: nobody } as unknown as RowRepository;

/** A file of as many rows as a preview looks at. */
function filled(heading: string, row: string): Buffer {
  const count = Math.floor((PIECE_BYTES - heading.length - 1) / (row.length + 1));
  return Buffer.from(`${heading}\n${`${row}\n`.repeat(Math.min(count, SAMPLE_RECORDS - 1))}`);
}

/** Headings that are one to whoever compares words: they differ in marks alone. */
function alike(word: string, count = COLUMNS, more = ''): string {
  const marks = '!#$%&*+./:<=>?@[]^_{}~';
  const suffix = (n: number): string => [...n.toString(22)].map((digit) => marks[parseInt(digit, 22)]).join('');
  return Array.from({ length: count }, (_, at) => `${word} ${suffix(at)}${more}`).join();
}

const cells = (of: (at: number) => string, count = COLUMNS): string =>
  Array.from({ length: count }, (_, at) => of(at)).join();

const plain = filled('Name,Email,City,Note', `Ada Roth,ada@b.test,Ulm,${'some words '.repeat(7)}`);

interface Cost {
  /** Milliseconds of the processor. */
  readonly work: number;
  /** Of them in one turn of the event loop, at most. */
  readonly stretch: number;
}

async function costOf(file: Buffer): Promise<Cost> {
  const previewer = new ImportPreviewer(
    new ImportPlanner({} as ImportRepository, fields, references),
    fields,
    destination,
    rows,
    new FileQueue(),
  );
  const data = file.toString('base64');
  const used = (): number => process.cpuUsage().user / 1_000;
  const begun = used();
  let isDone = false;
  const done = testOrg()
    .as(() => previewer.preview({ file_name: 'x.csv', data, whole: true, country: 'DE', currency: 'EUR' }))
    // A file that is refused has been planned as far as that.
    .catch(() => undefined)
    .finally(() => (isDone = true));
  let stretch = 0;
  for (let last = used(); !isDone;) {
    await turn();
    const now = used();
    stretch = Math.max(stretch, now - last);
    last = now;
  }
  await done;
  return { work: used() - begun, stretch };
}

/**
 * A file's cost in those of plain files measured right beside it: the least of some rounds, none behind one that is
 * within the bounds. A busy machine makes a round dearer now and then; what grows faster than its file is dear in all.
 */
async function timesPlain(file: Buffer): Promise<Cost> {
  let least: Cost = { work: Infinity, stretch: Infinity };
  for (let round = 0; round < ROUNDS && (least.work >= WORK || least.stretch >= STRETCH); round += 1) {
    const before = await costOf(plain);
    const { work, stretch } = await costOf(file);
    const usual = Math.max(before.work, (await costOf(plain)).work);
    least = { work: Math.min(least.work, work / usual), stretch: Math.min(least.stretch, stretch / usual) };
  }
  return least;
}

/** How much more than a plain file one may cost, and what one turn may; what grows faster than its file costs dozens of times as much. */
const WORK = 8;
const STRETCH = 1.5;
const ROUNDS = 6;

describe('a preview of the worst file of its size', () => {
  beforeAll(() => costOf(plain), 120_000);

  it.each([
    ['names of thousands of words', filled('First name,Name', `b,${'a '.repeat(4_990)}a`)],
    ['names of as many words as a lead’s may have', filled('First name,Name', `b,${'a '.repeat(99)}a`)],
    [
      'phones in every column',
      filled(
        alike('Phone'),
        cells((at) => (at % 2 ? '+4930123456' : '0309999999')),
      ),
    ],
    [
      'words for phones in every column',
      filled(
        alike('Phone direct'),
        cells(() => '0309999999'),
      ),
    ],
    [
      'numbers under contacts in every column',
      filled(
        alike('Kunde'),
        cells((at) => `030${9_000_000 + at}`),
      ),
    ],
    [
      'companies in every column',
      filled(
        alike('Firma'),
        cells((at) => `F ${at}`),
      ),
    ],
    [
      'parts of names in every heading',
      filled(
        alike('First', COLUMNS, '~'.repeat(150)),
        cells(() => 'x'),
      ),
    ],
    [
      'titles of deals in every column',
      filled(
        `${alike('Lead name', COLUMNS - 1)},Name`,
        cells(() => 'x'),
      ),
    ],
    [
      'currencies in every heading',
      filled(
        `Value,${alike('Currency', COLUMNS - 1, '~'.repeat(150))}`,
        cells(() => '1'),
      ),
    ],
    [
      'one heading in every column',
      filled(
        cells(() => 'Note'),
        cells(() => 'x'),
      ),
    ],
    ['names in hundreds of columns', filled(`${alike('Name', 400)},First name`, `${','.repeat(400)}b`)],
    ['addresses by the thousand in each cell', filled('Name,Email', `x,${'a@bc.de '.repeat(1_240)}a@bc.de`)],
    ['tags by the thousand in each cell', filled('Name,Tags', `x,"${cells((at) => at.toString(36), 2_500)}"`)],
    ['numbers by the dozen in each cell', filled('Name,Phone', `x,${'0301234567;'.repeat(85)}1`)],
  ])(
    'costs a few times what a plain one does, and takes no long turn: %s',
    async (_, file) => {
      const { work, stretch } = await timesPlain(file);
      expect(work).toBeLessThan(WORK);
      expect(stretch).toBeLessThan(STRETCH);
    },
    120_000,
  );
});
