import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.js';
import { StartFailure } from '../start.failure.js';

const run = promisify(execFile);

/** A system account that PostgreSQL runs under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** For what root's PostgreSQL must reach while the clone lies in a folder only root may enter, such as /root. */
export const SHARED_FOLDER = '/var/lib/apollo-space';

/**
 * The account to run PostgreSQL under, or undefined for the current one. PostgreSQL refuses to run as root, so
 * root lends it the owner of an existing data folder, else the system's `postgres` account, made if missing.
 */
export async function postgresAccount(dataDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await lookUp('postgres')) ?? (await createAccount());
}

async function lookUp(name: string): Promise<Account | undefined> {
  try {
    const ids = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)));
    return { uid: ids[0] as number, gid: ids[1] as number };
  } catch {
    return undefined;
  }
}

async function createAccount(): Promise<Account> {
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  await run('useradd', [...options, 'postgres'], { env: childEnvironment() }).catch(() => undefined);
  const account = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (account !== undefined) return account;
  throw new StartFailure(
    'PostgreSQL does not run as root and no other account could be made: start as an ordinary user.',
  );
}

/** Whether an account may enter every folder on the way to `path` (missing ones are not made yet and count as open). */
export function reachableFor(account: Account, path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      const bit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
      if ((found.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Where the data folder really goes: the given place, or, when the account cannot reach that, a place of its own
 * whose path is noted in `<dataDir>.location`. The folder's parent exists afterwards, the folder itself may not.
 */
export async function placeDataFolder(dataDir: string, account: Account | undefined): Promise<string> {
  await mkdir(dirname(dataDir), { recursive: true });
  return account === undefined || reachableFor(account, dataDir) ? dataDir : await placeOutside(dataDir);
}

async function placeOutside(dataDir: string): Promise<string> {
  const note = `${dataDir}.location`;
  const noted = await readFile(note, 'utf8').catch(() => '');
  if (noted !== '') return noted.trim();
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(join(SHARED_FOLDER, 'data-'));
  await chmod(folder, 0o711);
  const place = join(folder, 'postgres');
  await writeFile(note, `${place}\n`, { mode: 0o600 });
  return place;
}
