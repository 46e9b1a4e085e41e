import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '@apollo/dev';
import { startEnvironment } from '../config.js';
import type { BenchReport } from '../report/bench.report.js';

const PATIENCE_MS = 180_000;

/** `npm start` in an empty folder, then again in the same one: seconds until it says that everything is ready. */
export async function timeStart(repository: string, folder: string): Promise<NonNullable<BenchReport['start']>> {
  const coldSeconds = await startOnce(repository, folder);
  return { coldSeconds, warmSeconds: await startOnce(repository, folder) };
}

async function startOnce(repository: string, folder: string): Promise<number> {
  const env = startEnvironment(folder, await freePorts(9));
  const started = performance.now();
  // Its own group: the signal below reaches npm, the shell it uses and the program behind both.
  const child = spawn('npm', ['start'], { cwd: repository, env, stdio: 'ignore', detached: true });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve).once('error', () => resolve(null)));
  let code: number | null | undefined;
  void ended.then((value) => (code = value));
  try {
    while (!(await exists(join(folder, 'running.json')))) {
      if (code !== undefined) throw new Error(`npm start ended with ${code} before it was ready`);
      if (performance.now() - started > PATIENCE_MS) throw new Error(`npm start was not ready within ${PATIENCE_MS / 1000} s`);
      await delay(20);
    }
    return (performance.now() - started) / 1000;
  } finally {
    if (code === undefined && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
    // The shell may end before the runner has put everything down; the lock it holds says when it has.
    for (let waited = 0; waited < 30_000 && (await exists(join(folder, 'running.json'))); waited += 50) await delay(50);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
