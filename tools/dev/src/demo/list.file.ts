import { access, constants, stat } from 'node:fs/promises';
import { StartFailure } from '@apollo/servers';

/**
 * Looks whether a lead list can be sent, before anything else is done.
 *
 * @throws StartFailure with one line for what cannot be read, is no file, or is empty
 */
export async function mustBeList(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new StartFailure(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  const found = await stat(path);
  if (!found.isFile())
    throw new StartFailure(`${path} is ${found.isDirectory() ? 'a folder' : 'no file'}: name a CSV file.`);
  if (found.size === 0) throw new StartFailure(`${path} is empty.`);
}
