import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, startDaemon, type StartFailure } from '@apollo/servers';
import { PartSupervisor } from './part.supervisor.js';
import { PlatformParts } from './platform.parts.js';

const POLICY = { firstDelayMs: 20, settledAfterMs: 60_000, ends: 3 };

describe('a process that ends by itself', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-supervisor-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs a program under a supervisor until it is given up or `enough` says so. */
  async function supervised(code: string, settledAfterMs: number, enough: (told: string[]) => boolean) {
    const told: string[] = [];
    const cancel = new AbortController();
    let done: (failure: StartFailure | undefined) => void = () => undefined;
    const ended = new Promise<StartFailure | undefined>((resolve) => (done = resolve));
    const supervisor = new PartSupervisor(
      {
        restart: async (name) => {
          await parts.restart(name);
          return parts.pid(name);
        },
        tell: (line) => {
          told.push(line);
          if (!enough(told)) return;
          cancel.abort();
          done(undefined);
        },
        giveUp: (failure) => done(failure),
        signal: cancel.signal,
      },
      { ...POLICY, settledAfterMs },
    );
    const parts: PlatformParts = new PlatformParts({
      started: async (name) => supervisor.started(name),
      died: (name, { logFile }, end) => void supervisor.ended({ name, logFile, end }),
    });
    const start = () =>
      startDaemon({
        name: 'it',
        command: process.execPath,
        args: ['-e', code],
        env: childEnvironment(),
        logFile: join(folder, 'it.log'),
      });
    await parts.keep('it', await start(), start);
    const failure = await ended;
    await parts.stop('it');
    return { told, failure };
  }

  it('is started again later each time, and given up with its last lines when it does not settle', async () => {
    const { told, failure } = await supervised(`console.log('no luck'); process.exit(3)`, 60_000, () => false);
    expect(told).toEqual([
      expect.stringMatching(/^it ended with code 3: started again in 0\.02 s\. Its log so far: \S+it\.log\.1$/),
      expect.stringMatching(/^it runs again, as process \d+$/),
      expect.stringMatching(/^it ended with code 3: started again in 0\.04 s\./),
      expect.stringMatching(/^it runs again, as process \d+$/),
    ]);
    expect(failure?.message).toMatch(/^it ended with code 3, for the 3th time in a row .*it\.log:\n {2}no luck\n$/s);
  });

  it('is never given up when it settles in between', async () => {
    const { told, failure } = await supervised(`process.exit(3)`, 0, (lines) => lines.length === 10);
    expect(failure).toBeUndefined();
    const waits = told.flatMap((line) => /started again in (\S+) s/.exec(line)?.[1] ?? []);
    expect(waits.length).toBeGreaterThan(POLICY.ends);
    expect(new Set(waits)).toEqual(new Set(['0.02']));
  });
});
