import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpClient, type Platform, progressTo, readRunning, startPlatform } from '@apollo/dev';
import { discardPostgres } from '@apollo/servers';

describe('a supervised platform', () => {
  const told: string[] = [];
  let dir: string;
  let platform: Platform;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'apollo-supervised-'));
    platform = await startPlatform({
      dir,
      ports: 'free',
      seed: false,
      supervised: true,
      progress: progressTo((line) => told.push(line.trim())),
    });
  });
  afterAll(async () => {
    await platform?.stop();
    await discardPostgres(join(dir, 'postgres'));
    await rm(dir, { recursive: true, force: true });
  });

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 90_000; waited += 50) {
      if (await holds()) return;
      await delay(50);
    }
    throw new Error(`${what}: not so. Told: ${told.join('\n')}`);
  }

  /** Ends a process as whoever is short of memory would, and waits for the next one of its name. */
  async function shoot(name: string): Promise<void> {
    const pid = platform.pid(name);
    process.kill(pid, 'SIGKILL');
    await until(`${name} has another process`, () => platform.pid(name) !== pid);
  }

  function serves(): Promise<boolean> {
    const { email, password } = platform.running.operator;
    return new HttpClient(platform.running.gateway).signIn(email, password).then(
      () => true,
      () => false,
    );
  }

  it.each(['identity', 'postgres', 'nats', 'gateway'])(
    'starts %s again when it is killed, and serves',
    async (name) => {
      expect(await serves()).toBe(true);
      await shoot(name);
      await until(`it serves without the first ${name}`, serves);
      expect(told).toContainEqual(expect.stringMatching(/ ended by SIGKILL: started again in 0\.5 s\./));
      expect(told).toContain(`${name} runs again, as process ${platform.pid(name)}`);
      await until('the file knows', async () => {
        const { pids } = await readRunning(join(dir, 'running.json'));
        return pids[name] === platform.pid(name);
      });
    },
  );

  it('ends with the last lines of what keeps dying', async () => {
    let broken: Error | undefined;
    void platform.broken.then((error) => (broken = error));
    for (const seen = new Set<number>(); broken === undefined; await delay(50)) {
      const pid = platform.pid('leads');
      if (seen.has(pid)) continue;
      // Long enough to have said something.
      await until('it has said something', async () => (await readFile(join(dir, 'logs/leads.log'), 'utf8')) !== '');
      process.kill(pid, 'SIGKILL');
      seen.add(pid);
    }
    expect(broken.message).toMatch(/^leads ended by SIGKILL, for the 5th time in a row/);
    expect(broken.message.split('\n').length).toBeGreaterThan(2);
    expect(broken.message).toContain('"service":"leads"');
  });
});
