import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRunning, type Running } from '@apollo/dev';
import { freePorts } from '@apollo/servers';
import { startEnvironment } from '../config.js';
import type { BenchReport } from '../report/bench.report.js';

const PATIENCE_MS = 180_000;
const STOP_WITHIN_MS = 60_000;
/** Five in a row are needed; the system hands out single ones, and only above this. */
const FIRST_HEALTH_PORT = 20_000;

/** `npm start` in an empty folder, then again in the same one: seconds until it says that everything is ready. */
export async function timeStart(repository: string, folder: string): Promise<NonNullable<BenchReport['start']>> {
  const coldSeconds = await startOnce(repository, folder);
  return { coldSeconds, warmSeconds: await startOnce(repository, folder) };
}

async function startOnce(repository: string, folder: string): Promise<number> {
  const env = startEnvironment(folder, await freePorts(5), FIRST_HEALTH_PORT + 5 * randomInt(1_000));
  const logFile = `${folder}.start.log`;
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, 'w');
  const started = performance.now();
  // Its own group: the signal below reaches npm, the shell it uses and the program behind both.
  const child = spawn('npm', ['start'], { cwd: repository, env, stdio: ['ignore', log.fd, log.fd], detached: true });
  let ended = false;
  child.once('exit', () => (ended = true)).once('error', () => (ended = true));
  try {
    const readable = (): Promise<Running | undefined> =>
      readRunning(join(folder, 'running.json')).catch(() => undefined);
    let running = await readable();
    for (; running === undefined; running = await readable()) {
      if (ended)
        throw new Error(
          `npm start ended before it was ready: ${(await readFile(logFile, 'utf8')).trim().split('\n').at(-1)}`,
        );
      if (performance.now() - started > PATIENCE_MS)
        throw new Error(`npm start was not ready within ${PATIENCE_MS / 1000} s`);
      await delay(20);
    }
    const seconds = (performance.now() - started) / 1000;
    end(child);
    await untilGone(running.pids['runner'] as number);
    return seconds;
  } finally {
    end(child);
    await log.close();
  }
}

function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // Nobody of the group is left.
  }
}

/** npm and its shell end at once; the runner ends when it has put everything down. */
async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; waited < STOP_WITHIN_MS; waited += 50) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await delay(50);
  }
  throw new Error('npm start did not stop in time');
}
