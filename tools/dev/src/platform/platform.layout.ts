import { chmod, rm, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asStartFailure, makeFolder, StartFailure } from '@apollo/servers';

/** The clone's root; this file lies four folders below it, both as source and as built. */
export const REPOSITORY = resolve(fileURLToPath(import.meta.url), '../../../../..');

/** The folder of the platform that runs here, unless the environment names another. */
export function platformFolder({ dir }: { readonly dir: string | undefined }): string {
  return dir ?? join(REPOSITORY, '.apollo');
}

const ENOUGH_SPACE = 500 * 1024 * 1024;

/** Where one running platform keeps what it has. Everything in it can be deleted to start afresh. */
export interface Layout {
  readonly dir: string;
  readonly secrets: string;
  readonly running: string;
  readonly processes: string;
  readonly postgres: string;
  readonly nats: string;
  readonly keys: string;
  readonly logs: string;
  readonly compileCache: string;
}

/** Makes the folders, closed to other accounts, and checks that they can be written and that the disk has room. */
export async function prepareLayout(folder: string): Promise<Layout> {
  const dir = resolve(folder);
  const layout: Layout = {
    dir,
    secrets: join(dir, 'secrets.json'),
    running: join(dir, 'running.json'),
    processes: join(dir, 'processes.json'),
    postgres: join(dir, 'postgres'),
    nats: join(dir, 'nats'),
    keys: join(dir, 'keys'),
    logs: join(dir, 'logs'),
    compileCache: join(dir, 'compile-cache'),
  };
  try {
    await Promise.all([layout.nats, layout.keys, layout.logs].map((path) => makeFolder(path, 0o700)));
    // Root's PostgreSQL runs under another account, which must be able to walk through to its own folder;
    // it can list nothing, and every file and folder here is closed on its own.
    await chmod(dir, process.getuid?.() === 0 ? 0o711 : 0o700);
    const probe = join(dir, '.writable');
    await writeFile(probe, '');
    await rm(probe);
    const { bavail, bsize } = await statfs(dir);
    if (bavail * bsize < ENOUGH_SPACE) {
      throw new StartFailure(
        `The disk of ${dir} has ${Math.floor((bavail * bsize) / 1024 / 1024)} MB left; at least 500 MB are needed.`,
      );
    }
  } catch (error) {
    throw asStartFailure(error, dir);
  }
  return layout;
}
