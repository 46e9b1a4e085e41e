import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.js';
import { type AptSource, readAptSources } from './apt.sources.js';

const run = promisify(execFile);

/**
 * Debian suites whose nats-server is recent enough, tried in this order: the next release, then the one where
 * everything arrives first. The package needs nothing but a C library that Debian 12 has already.
 */
const SUITES = ['forky', 'sid'];

const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Gets the nats-server program from the machine's own Debian mirror, without root and without touching the
 * machine's apt: sources, lists and cache live in a temporary folder. apt checks the archive's signature with the
 * keyring the machine has. `take` receives the program's path while the folder exists.
 * Resolves to why it was not possible, or undefined when `take` was called.
 */
export async function natsFromApt(take: (program: string) => Promise<void>): Promise<string | undefined> {
  const mirror = debianMirror(await readAptSources(), await debianCodename());
  if (mirror === undefined) return 'this machine has no Debian mirror to take it from';
  const folder = await mkdtemp(join(tmpdir(), 'apollo-apt-'));
  try {
    let reason = '';
    for (const suite of SUITES) {
      try {
        await take(await download(folder, mirror, suite));
        return undefined;
      } catch (error) {
        reason = `${suite}: ${lastLine(error)}`;
      }
    }
    return `apt could not get it from ${mirror.uri} (${reason})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The mirror the machine takes its own release from, so that its network, proxy and trust are already right. */
export function debianMirror(sources: readonly AptSource[], codename: string | undefined): AptSource | undefined {
  if (codename === undefined) return undefined;
  return sources.find(
    (source) =>
      /^(https?|file):/.test(source.uri) && source.suites.includes(codename) && source.components.includes('main'),
  );
}

async function debianCodename(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
  return field('ID') === 'debian' ? field('VERSION_CODENAME') : undefined;
}

async function download(folder: string, mirror: AptSource, suite: string): Promise<string> {
  const at = (name: string) => join(folder, suite, name);
  await Promise.all(
    ['lists/partial', 'cache/archives/partial', 'out', 'root'].map((name) => mkdir(at(name), { recursive: true })),
  );
  const keyring = [mirror.signedBy, DEBIAN_KEYRING].find((file) => file !== undefined && existsSync(file));
  const signedBy = keyring === undefined ? '' : `[signed-by=${keyring}] `;
  await writeFile(at('sources.list'), `deb ${signedBy}${mirror.uri} ${suite} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': at('sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': at('lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': at('cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20',
    // Root's apt would hand the download to an account that may not enter the temporary folder.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const context = { cwd: at('out'), env: childEnvironment(), timeout: 180_000 };
  await run('apt-get', ['-q', ...options, 'update', '-o', 'APT::Update::Error-Mode=any'], context);
  await run('apt-get', ['-q', ...options, 'download', 'nats-server'], context);
  const [archive] = (await readdir(at('out'))).filter((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('nothing was downloaded');
  await run('dpkg-deb', ['-x', archive, at('root')], context);
  const program = ['usr/sbin', 'usr/bin']
    .map((bin) => join(at('root'), bin, 'nats-server'))
    .find((path) => existsSync(path));
  if (program === undefined) throw new Error('the package has no nats-server program');
  return program;
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr || message || String(error)).trim().split('\n').at(-1) ?? '';
}
