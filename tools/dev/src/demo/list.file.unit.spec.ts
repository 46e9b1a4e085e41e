import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { mustBeList } from './list.file.js';

describe('the lead list of the demo', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'apollo-list-'))));
  afterAll(() => rm(folder, { recursive: true }));

  it('is a file with something in it', async () => {
    const file = join(folder, 'a.csv');
    await writeFile(file, 'Name\nAda\n');
    await expect(mustBeList(file)).resolves.toBeUndefined();
  });

  it('is refused in one line where it is a folder, no file, empty, or not there', async () => {
    const empty = join(folder, 'empty.csv');
    await writeFile(empty, '');
    for (const [path, line] of [
      [folder, 'is a folder: name a CSV file.'],
      ['/dev/null', 'is no file: name a CSV file.'],
      [empty, 'is empty.'],
      [join(folder, 'none.csv'), 'cannot be read'],
    ] as const) {
      await expect(mustBeList(path)).rejects.toThrow(StartFailure);
      await expect(mustBeList(path)).rejects.toThrow(`${path} ${line}`);
    }
  });
});
