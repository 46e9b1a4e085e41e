import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment, type Daemon, identify, startDaemon } from '@apollo/servers';
import { PlatformParts } from './platform.parts.js';

/** Starts a child of its own, tells its number and waits. */
const PARENT =
  "const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(pid); setInterval(() => {}, 1000);";

describe('the processes of a platform', () => {
  let folder: string;
  const died: string[] = [];
  const started: [string, number][] = [];
  const parts = new PlatformParts({
    started: async (name, pid) => void started.push([name, pid]),
    died: (name) => died.push(name),
  });
  const start = (): Promise<Daemon> =>
    startDaemon({
      name: 'sleeper',
      command: process.execPath,
      args: ['-e', PARENT],
      env: childEnvironment(),
      logFile: join(folder, 'sleeper.log'),
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-parts-'));
    await parts.keep('sleeper', await start(), start);
  });
  afterAll(async () => {
    await parts.stop('sleeper');
    await rm(folder, { recursive: true, force: true });
  });

  async function childOf(): Promise<number> {
    for (let waited = 0; waited < 15_000; waited += 20) {
      const pid = Number((await readFile(join(folder, 'sleeper.log'), 'utf8')).trim());
      if (pid > 0) return pid;
      await delay(20);
    }
    throw new Error('it never told');
  }

  it('end with their children when they are killed, which is nobody’s fault, and start again', async () => {
    const [first, child] = [parts.pid('sleeper'), await childOf()];
    await parts.kill('sleeper');
    for (let waited = 0; waited < 15_000 && identify(child); waited += 20) await delay(20);
    expect([identify(first), identify(child), died]).toEqual([undefined, undefined, []]);
    await parts.restart('sleeper');
    expect(parts.pid('sleeper')).not.toBe(first);
    expect(started.map(([, pid]) => pid)).toEqual([first, parts.pid('sleeper')]);
  });

  it('are told of when they end by themselves', async () => {
    const child = await childOf();
    process.kill(parts.pid('sleeper'), 'SIGTERM');
    for (let waited = 0; waited < 15_000 && died.length === 0; waited += 20) await delay(20);
    process.kill(child, 'SIGKILL');
    expect(died).toEqual(['sleeper']);
  });
});
