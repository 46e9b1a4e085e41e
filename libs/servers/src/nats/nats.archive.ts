import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.js';

const run = promisify(execFile);

const VERSION = '2.15.0';
const RELEASE = `https://github.com/nats-io/nats-server/releases/download/v${VERSION}`;

/**
 * SHA-256 of the release archives, copied from the publisher's own container build
 * (github.com/nats-io/nats-docker, 2.15.x/alpine3.22/Dockerfile at 629985321b0b00d2c39c853782c776f91f3a3189).
 */
const CHECKSUMS: Record<string, string> = {
  'linux-amd64': '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
  'linux-arm64': 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
};

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Gets the nats-server program from its publisher's release page and compares its checksum before unpacking: the
 * pinned one, or, for a platform without, the one of the release's own list. `take` receives the program's path
 * while the temporary folder exists. Resolves to why it was not possible, or undefined when `take` was called.
 */
export async function natsFromRelease(take: (program: string) => Promise<void>): Promise<string | undefined> {
  const platform = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const name = `nats-server-v${VERSION}-${platform}`;
  const folder = await mkdtemp(join(tmpdir(), 'apollo-nats-'));
  try {
    const expected =
      CHECKSUMS[platform] ?? checksumOf(`${name}.tar.gz`, String(await fetchFile(`${RELEASE}/SHA256SUMS`)));
    if (expected === undefined) return `there is no release of it for ${platform}`;
    const archive = await fetchFile(`${RELEASE}/${name}.tar.gz`);
    const actual = createHash('sha256').update(archive).digest('hex');
    if (actual !== expected) return `the checksum of ${name}.tar.gz is ${actual}, not ${expected}: it is not used`;
    await writeFile(join(folder, 'archive.tar.gz'), archive);
    await run('tar', ['-xzf', 'archive.tar.gz'], { cwd: folder, env: childEnvironment() });
    await take(join(folder, name, 'nats-server'));
    return undefined;
  } catch (error) {
    const cause = (error as Error).cause;
    return `${RELEASE} could not be used (${cause instanceof Error ? cause.message : (error as Error).message})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Finds a file's line in a `sha256sum` list: the digest, spaces, perhaps a star, the name. */
export function checksumOf(file: string, list: string): string | undefined {
  const lines = list.split('\n').map((line) => line.trim().split(/\s+\*?/));
  return lines.find(([, name]) => name === file)?.[0];
}

async function fetchFile(url: string): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}
