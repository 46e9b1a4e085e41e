import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../process/process.identity.js';
import { natsProgram } from './nats.program.js';
import { startNats } from './nats.server.js';
import { isRecentNats } from './nats.version.js';

describe('nats-server', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'apollo-nats-'));
  });

  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it('is found or fetched in a version that is recent enough, and from the cache the next time', async () => {
    const program = await natsProgram();
    expect(isRecentNats(program.version)).toBe(true);
    if (program.source !== 'PATH') expect((await natsProgram()).source).toBe('cache');
  });

  it('passes over one on the PATH that is too old', async () => {
    const old = join(dir, 'nats-server');
    await writeFile(old, '#!/bin/sh\necho "nats-server: v2.9.10"\n');
    await chmod(old, 0o755);
    const program = await natsProgram({ programFolders: [dir] });
    expect(program.path).not.toBe(old);
    expect(isRecentNats(program.version)).toBe(true);
  });

  it('starts on loopback, says where, and stops', async () => {
    const server = await startNats({ configText: 'listen: "127.0.0.1:-1"\n', dir, ownGroup: false });
    expect(server.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    expect(identify(server.pid)).toBeDefined();
    await server.stop();
    expect(identify(server.pid)).toBeUndefined();
  });

  it('opens a port for the other servers of a cluster where that is meant, and nowhere else', async () => {
    const configText = 'listen: "127.0.0.1:-1"\nserver_name: one\ncluster { name: x, listen: "127.0.0.1:-1" }\n';
    const server = await startNats({ configText, dir, ownGroup: false, cluster: true });
    expect(server.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    await server.stop();
    await expect(startNats({ configText, dir, ownGroup: false })).rejects.toThrow(/opens cluster, nats/);
  });

  it.each([
    ['a monitoring port', 'listen: "127.0.0.1:-1"\nhttp: "127.0.0.1:-1"\n', /opens .*monitoring/],
    ['other addresses than loopback', 'listen: "0.0.0.0:-1"\n', /beyond 127\.0\.0\.1/],
    ['a broken config', 'listen: {{{\n', /did not start/],
  ])('refuses %s', async (_what, configText, message) => {
    await expect(startNats({ configText, dir, ownGroup: false })).rejects.toThrow(message);
  });
});
