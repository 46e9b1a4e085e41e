import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.js';
import { StartFailure } from '../start.failure.js';
import type { Account } from './postgres.account.js';
import type { PostgresBinaries } from './postgres.binaries.js';

const run = promisify(execFile);

/** The name of the superuser of an embedded server. */
export const ADMIN = 'postgres';

/** The superuser's password, made on the first start and kept beside the data folder, readable by its owner only. */
export async function adminPassword(dataDir: string): Promise<string> {
  const file = `${dataDir}.password`;
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known !== '') return known.trim();
  const password = randomBytes(24).toString('base64url');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/**
 * Makes the cluster in `data` unless there is one. Every way in asks for a SCRAM password, loopback included.
 * It is made beside its place and moved there when complete, so a start that is killed leaves no half of one.
 */
export async function ensureCluster(
  binaries: PostgresBinaries,
  data: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  const made = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (made !== undefined) return requireSameMajor(data, made.trim(), binaries.version);
  const draft = `${data}.new`;
  const passwordFile = `${data}.initdb`;
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    // initdb reads and writes as the account it runs under, so that must own both.
    if (account !== undefined)
      await Promise.all([draft, passwordFile].map((path) => chown(path, account.uid, account.gid)));
    await initialize(binaries.initdb, draft, passwordFile, account);
    await rename(draft, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function initialize(
  initdb: string,
  data: string,
  passwordFile: string,
  account: Account | undefined,
): Promise<void> {
  const options = [
    `--pgdata=${data}`,
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The built-in provider sorts the same on every machine, whatever its C library.
    '--locale-provider=builtin',
    '--locale=C',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  try {
    await run(initdb, options, { env: childEnvironment(), cwd: '/', ...account });
  } catch (error) {
    const output = String((error as { stderr?: unknown }).stderr ?? error).trim();
    const reason = /No space left/.test(output) ? 'the disk is full' : output.split('\n').at(-1);
    throw new StartFailure(`PostgreSQL could not make its data folder: ${reason}`, { cause: error });
  }
}

function requireSameMajor(data: string, found: string, version: string): void {
  const wanted = version.split('.')[0];
  if (found === wanted) return;
  throw new StartFailure(
    `${data} was made by PostgreSQL ${found}, this is ${wanted}: move the folder away to start afresh.`,
  );
}
