import { setImmediate as turn } from 'node:timers/promises';
import { testOrg, type TestOrg } from '@apollo/testing';
import { FileQueue } from './file.queue.js';
import type { ImportDestination } from './import.destination.js';
import { OPEN_IMPORTS } from './import.limits.js';
import type { ImportProgress } from './import.progress.js';
import type { ImportRepository } from './import.repository.js';
import { type FileDigest, ImportUpload } from './import.upload.js';
import type { ImportPlanner } from './plan/import.planner.js';
import type { ImportEnding } from './work/import.ending.js';
import type { AuditTrail } from '@apollo/service-kit';
import type { Jobs } from '@apollo/work';

/** An upload that does nothing but with the imports it is given. */
function uploadOf(imports: ImportRepository): ImportUpload {
  return new ImportUpload(
    imports,
    {} as ImportDestination,
    {} as ImportPlanner,
    {} as Jobs,
    {} as ImportEnding,
    {} as AuditTrail,
    new FileQueue(),
    {} as ImportProgress,
  );
}

describe('the digest of a file that has arrived', () => {
  it('is made for one file of an organization at a time, and few wait for it', async () => {
    const steps: string[] = [];
    const imports = {
      settings: () => Promise.resolve(undefined),
      async *chunks(id: string): AsyncGenerator<Buffer> {
        steps.push(`${id} begins`);
        for (let chunk = 0; chunk < 5; chunk++) {
          await turn();
          yield Buffer.from('Name\n');
        }
        steps.push(`${id} ends`);
      },
    } as unknown as ImportRepository;
    const upload = uploadOf(imports);
    const digest = (org: TestOrg, id: string): Promise<FileDigest> => org.as(() => upload.digest(id));
    const org = testOrg();
    const asked = Array.from({ length: OPEN_IMPORTS + 1 }, (_, at) => digest(org, `file ${at}`));
    await expect(digest(org, 'one more')).rejects.toMatchObject({ code: 'rate_limited' });
    await digest(testOrg(), 'of another');
    expect(steps.slice(0, 2)).toEqual(['file 0 begins', 'of another begins']);
    await Promise.all(asked);
    const own = steps.filter((step) => step.startsWith('file'));
    expect(own).toEqual(asked.flatMap((_, at) => [`file ${at} begins`, `file ${at} ends`]));
  });
});

describe('an import that cannot be taken back', () => {
  it.each([
    ['undone', {}, /^The import has been taken back already\.$/],
    ['undoing', {}, /^The import is being taken back already\.$/],
    ['stopped', null, /was stopped on its way\. Continue it: once it has ended/],
    ['stopped', {}, /being taken back when that was stopped\. Continue it/],
    ['running', null, /still under way\. Once it has ended/],
    ['receiving', null, /still under way/],
    ['finished', null, /has read no row/],
    ['failed', null, /has read no row/],
  ])('says why: %s, %j', async (status, undo, told) => {
    const imports = {
      undo: () => Promise.resolve(undefined),
      find: () => Promise.resolve({ status, undo, rows_read: 0 }),
    } as unknown as ImportRepository;
    const upload = uploadOf(imports);
    await expect(upload.undo('i')).rejects.toMatchObject({
      code: 'state_conflict',
      detail: expect.stringMatching(told) as string,
    });
  });
});
