import { testOrg } from '@apollo/testing';
import { type Jobs, LeftOffError, WorkTurn } from '@apollo/work';
import type { FieldRepository } from '../../fields/field.repository.js';
import type { ImportRepository } from '../import.repository.js';
import type { ImportProgress } from '../import.progress.js';
import { ReferenceResolver } from '../rows/reference.resolver.js';
import type { ReferenceRepository } from '../rows/reference.repository.js';
import { ImportWorker } from './import.worker.js';
import type { ImportWriter } from './import.writer.js';
import type { ClaimedImport, WorkRepository } from './work.repository.js';

const endless = (): WorkTurn => new WorkTurn(new AbortController().signal, () => true);

/** A worker that has one file, and what comes of it. */
function workerOn(
  chunks: () => AsyncGenerator<Buffer>,
  writing: object,
  found: (file: object) => void = () => undefined,
): ImportWorker {
  return new ImportWorker(
    { chunks } as unknown as ImportRepository,
    { found: (_: object, file: object) => Promise.resolve(found(file)).then(() => true) } as unknown as WorkRepository,
    {} as Jobs,
    { begin: () => Promise.resolve(writing) } as unknown as ImportWriter,
    { all: () => Promise.resolve([]) } as unknown as FieldRepository,
    {
      resolver: () =>
        Promise.resolve(new ReferenceResolver('p', [{ id: 's', pipeline_id: 'p', name: 'New' }], [], new Set())),
    } as unknown as ReferenceRepository,
    { changed: () => Promise.resolve() } as unknown as ImportProgress,
  );
}

const reading = { encoding: 'utf-8', delimiter: ',', heading_line: 1, identity: 'none', formats: {} };
const mapping = [['Name', 'contact_name']];
const claimed = { settings: {}, reading, mapping, pipeline_id: 'p', rows_total: null } as unknown as ClaimedImport;

describe('writing a file', () => {
  it.each([
    ['Total,,5\nCount: 1,,\nEnd of report,,', [3, 4, 5]],
    ['Exported on 03/05/2024,,\nCount: 1,,\nEnd of report,,', [3, 4, 5]],
    ['End of report,,\nCount: 1,,', [3, 4]],
  ])('tells of all that is left out below the list: %j', async (below, lines) => {
    const left: number[] = [];
    const writing = {
      add: () => Promise.resolve(),
      leaveOut: (line: number) => left.push(line),
      finish: () => Promise.resolve(),
      settled: () => Promise.resolve(),
    };
    const chunks = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(`Name,Email,Amount\nW,w@x.example,5\n${below}\n`);
    };
    await testOrg().as(() => workerOn(chunks, writing).work(claimed, endless()));
    expect(left).toEqual(lines);
  });
});

describe('looking through a file', () => {
  it('gives its place back once it is done and the turn is over, and is not done again', async () => {
    let now = 0;
    const turn = new WorkTurn(
      new AbortController().signal,
      () => true,
      () => now,
    );
    const told: object[] = [];
    const chunks = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('Name\nAda\nGrace\n');
      now = 60_000;
    };
    let begun = 0;
    const writing = {
      add: () => Promise.resolve(),
      finish: () => Promise.resolve(begun++),
      settled: () => Promise.resolve(),
    };
    const worker = workerOn(chunks, writing, (file) => told.push(file));
    const work = (more: Partial<ClaimedImport>) => testOrg().as(() => worker.work({ ...claimed, ...more }, turn));
    await expect(work({})).rejects.toThrow(LeftOffError);
    expect([told, begun]).toEqual([[{ rows_total: 2, reading: { ...reading, footer_line: null } }], 0]);
    await work(told[0] as Partial<ClaimedImport>);
    expect([told.length, begun]).toEqual([1, 1]);
  });
});
