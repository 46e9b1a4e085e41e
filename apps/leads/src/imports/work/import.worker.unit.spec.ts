import { testOrg } from '@apollo/testing';
import { type Jobs, LeftOffError, WorkTurn } from '@apollo/work';
import type { FieldRepository } from '../../fields/field.repository.js';
import type { ImportRepository } from '../import.repository.js';
import { PlaceBook } from '../rows/place.book.js';
import type { PlaceRepository } from '../rows/place.repository.js';
import { ImportWorker } from './import.worker.js';
import type { ImportWriter } from './import.writer.js';
import type { ClaimedImport, WorkRepository } from './work.repository.js';

describe('looking through a file', () => {
  it('gives its place back once it is done and the turn is over, and is not done again', async () => {
    let now = 0;
    const turn = new WorkTurn(
      new AbortController().signal,
      () => true,
      () => now,
    );
    const told: object[] = [];
    const imports = {
      async *chunks(): AsyncGenerator<Buffer> {
        yield Buffer.from('Name\nAda\nGrace\n');
        now = 60_000;
      },
    } as unknown as ImportRepository;
    const files = { found: (_: object, found: object) => Promise.resolve(told.push(found) > 0) };
    const writing = { add: () => Promise.resolve(), finish: () => Promise.resolve(), settled: () => Promise.resolve() };
    let begun = 0;
    const writer = { begin: () => Promise.resolve({ ...writing, begun: begun++ }) };
    const worker = new ImportWorker(
      imports,
      files as unknown as WorkRepository,
      {} as Jobs,
      writer as unknown as ImportWriter,
      { all: () => Promise.resolve([]) } as unknown as FieldRepository,
      { book: () => Promise.resolve(new PlaceBook('p', [], [], new Set())) } as unknown as PlaceRepository,
    );
    const reading = { encoding: 'utf-8', delimiter: ',', heading_line: 1, identity: 'none', formats: {} };
    const mapping = [['Name', 'contact_name']];
    const claimed = { settings: {}, reading, mapping, pipeline_id: 'p', rows_total: null } as unknown as ClaimedImport;
    const work = (more: Partial<ClaimedImport>) => testOrg().as(() => worker.work({ ...claimed, ...more }, turn));
    await expect(work({})).rejects.toThrow(LeftOffError);
    expect([told, begun]).toEqual([[{ rows_total: 2, reading: { ...reading, footer_line: null } }], 0]);
    await work(told[0] as Partial<ClaimedImport>);
    expect([told.length, begun]).toEqual([1, 1]);
  });
});
