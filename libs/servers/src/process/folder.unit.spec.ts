import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './folder.js';

describe('a folder', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'apollo-folder-'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('is made with those above it, by several at once, and stays where it is there', async () => {
    const paths = ['a/b/c', 'a/b/d', 'a'].map((path) => join(base, path));
    await Promise.all(paths.map((path) => makeFolder(path, 0o700)));
    await makeFolder(join(base, 'a'));
    for (const path of paths) expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('is refused in one line where none can be made', async () => {
    if (process.platform !== 'linux') return;
    for (const path of ['/proc/apollo', '/proc/apollo/a/b'])
      await expect(makeFolder(path)).rejects.toThrow('Cannot use /proc/apollo: no folder can be made there.');
  });

  it('is none below a file', async () => {
    await writeFile(join(base, 'file'), '');
    await expect(makeFolder(join(base, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
