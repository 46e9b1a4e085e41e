import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DaemonOptions, lastWords, startDaemon, stopLeftover } from './daemon.js';
import { freePorts, requireFreePort } from './port.js';
import { commandLine, identify, isRunning } from './process.identity.js';

describe('a background process', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-daemon-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const run = (code: string, options: Partial<DaemonOptions> = {}) =>
    startDaemon({
      name: 'it',
      command: process.execPath,
      args: ['-e', code],
      env: {},
      logFile: join(folder, 'it.log'),
      ...options,
    });

  const hasWritten = async (word: string) => {
    while (!(await readFile(join(folder, 'it.log'), 'utf8')).includes(word)) await delay(10);
  };

  it('is asked to stop, and killed when it does not', async () => {
    const polite = await run('setInterval(() => {}, 1000)');
    await polite.stop();
    expect(polite.end).toEqual({ code: null, signal: 'SIGTERM' });

    const deaf = await run(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')`);
    await hasWritten('deaf');
    await deaf.stop(['SIGTERM'], 100);
    expect(await deaf.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('leaves what it said in its log, and keeps the log of the run before', async () => {
    await (
      await run(`console.log('one'); console.error('last words')`)
    ).ended;
    expect(await lastWords(join(folder, 'it.log'))).toBe('last words');
    await (
      await run(`console.log('two')`)
    ).ended;
    expect(await readFile(join(folder, 'it.log'), 'utf8')).toBe('two\n');
    expect(await readFile(join(folder, 'it.log.1'), 'utf8')).toBe('one\nlast words\n');
  });

  it('that cannot be run at all is named in one line', async () => {
    await expect(run('', { command: '/nowhere/program' })).rejects.toThrow(/^it cannot be started: .*ENOENT/);
  });

  it('is recognized by more than its number', async () => {
    const daemon = await run('setInterval(() => {}, 1000)');
    const identity = identify(daemon.pid);
    expect(identity).toBeDefined();
    expect(commandLine(daemon.pid)[0]).toBe(process.execPath);
    const another = { pid: daemon.pid, started: 'at another time' };
    expect(isRunning(another)).toBe(false);
    await stopLeftover(another, 'SIGTERM');
    expect(daemon.end).toBeUndefined();
    await stopLeftover(identity ?? another, 'SIGTERM');
    expect(await daemon.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(identify(daemon.pid)).toBeUndefined();
  });
});

describe('ports', () => {
  it('that are taken are named, with the variable that moves them', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await expect(requireFreePort(port, 'gateway', 'APOLLO_HTTP_PORT')).rejects.toThrow(
      `Port ${port} (gateway) is taken by another program: stop that program or set APOLLO_HTTP_PORT.`,
    );
    await new Promise((resolve) => server.close(resolve));
    await expect(requireFreePort(port, 'gateway', 'APOLLO_HTTP_PORT')).resolves.toBeUndefined();
  });

  it('that are free are all different', async () => {
    expect(new Set(await freePorts(20)).size).toBe(20);
  });
});
