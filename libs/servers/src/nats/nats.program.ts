import { chmod, copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, programFolders } from '../config.js';
import { asStartFailure, StartFailure } from '../start.failure.js';
import { natsFromRelease } from './nats.archive.js';
import { natsFromApt } from './nats.apt.js';
import { compareVersions, isRecentNats, natsVersion, OLDEST_NATS } from './nats.version.js';

/** A nats-server program that runs on this machine. */
export interface NatsProgram {
  readonly path: string;
  readonly version: string;
  /** Where it came from, for the progress line. */
  readonly source: 'PATH' | 'cache' | 'apt' | 'release';
}

/** Where to look, and whom to tell when something slow begins. */
export interface NatsProgramOptions {
  readonly programFolders?: readonly string[];
  readonly cacheFolder?: string;
  readonly report?: (line: string) => void;
}

/**
 * Finds a nats-server of at least `OLDEST_NATS`: one on the PATH, else one downloaded before, else the machine's
 * Debian mirror, else the publisher's release archive. Fails with one line that names every way out.
 */
export async function natsProgram(options: NatsProgramOptions = {}): Promise<NatsProgram> {
  const { report = () => undefined } = options;
  const cache = options.cacheFolder ?? cacheFolder();
  for (const folder of options.programFolders ?? programFolders()) {
    const path = join(folder, 'nats-server');
    const version = await natsVersion(path);
    if (version !== undefined && isRecentNats(version)) return { path, version, source: 'PATH' };
  }
  const cached = await newestCached(cache);
  if (cached !== undefined) return cached;

  const reasons: string[] = [];
  for (const [source, get] of [
    ['apt', natsFromApt],
    ['release', natsFromRelease],
  ] as const) {
    report(
      `Getting nats-server (${source === 'apt' ? 'the Debian mirror of this machine' : 'its publisher’s release page'})`,
    );
    let kept: NatsProgram | undefined;
    const reason = await get(async (program) => {
      kept = { ...(await keep(program, cache)), source };
    });
    if (kept !== undefined) return kept;
    reasons.push(reason ?? '');
  }
  throw new StartFailure(
    `No nats-server ${OLDEST_NATS} or newer: none on PATH, none in ${cache}; ${reasons.join('; ')}. ` +
      'Install one, or set NATS_URL to a server that runs.',
  );
}

async function newestCached(cache: string): Promise<NatsProgram | undefined> {
  const versions = (await readdir(cache).catch(() => []))
    .map((name) => /^nats-server-(\d+\.\d+\.\d+)$/.exec(name)?.[1])
    .filter((version): version is string => version !== undefined && isRecentNats(version))
    .sort(compareVersions)
    .reverse();
  for (const named of versions) {
    const path = join(cache, `nats-server-${named}`);
    // Asking the program itself finds a truncated file, or one that another machine's home folder brought along.
    if ((await natsVersion(path)) === named) return { path, version: named, source: 'cache' };
  }
  return undefined;
}

async function keep(program: string, cache: string): Promise<{ path: string; version: string }> {
  await chmod(program, 0o755);
  const version = await natsVersion(program);
  if (version === undefined) throw new Error('the downloaded program does not run here');
  if (!isRecentNats(version)) throw new Error(`it has only ${version}`);
  const path = join(cache, `nats-server-${version}`);
  const draft = `${path}.${process.pid}`;
  try {
    await mkdir(cache, { recursive: true });
    await copyFile(program, draft);
    await rename(draft, path);
  } catch (error) {
    throw asStartFailure(error, cache);
  }
  return { path, version };
}
