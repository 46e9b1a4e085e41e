import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartFailure } from '../start.failure.js';

/**
 * Makes a folder, and those above it that are missing; one that is there stays as it is. Not by Node's `recursive`,
 * which tries for ever where a file system says of every folder that there is no place for it, as /proc does.
 *
 * @throws StartFailure for such a place, system errors for any other reason
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    if (await isThere(dirname(path)))
      throw new StartFailure(`Cannot use ${path}: no folder can be made there.`, { cause: error });
    await makeFolder(dirname(path), mode);
    await makeFolder(path, mode);
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
