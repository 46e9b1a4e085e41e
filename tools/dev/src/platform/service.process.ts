import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  asStartFailure,
  childEnvironment,
  type Daemon,
  LOOPBACK,
  startDaemon,
  type StartFailure,
} from '@apollo/servers';
import { failureOf, howItEnded } from './part.supervisor.js';
import { REPOSITORY } from './platform.layout.js';

const PARENT_WATCH = pathToFileURL(join(REPOSITORY, 'tools/dev/dist/process/parent.watch.js')).href;

/**
 * A young generation of a few megabytes costs a service no time that can be measured and spares it a hundred; and one
 * that can collect gives back what its start left behind, see `runProcess`. The images say the same.
 */
const MEMORY_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=60', '--expose-gc'];
/** glibc keeps what is freed, for each thread and each large buffer, unless it is told not to; others pay no heed. */
const MEMORY_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** How long a service may take from its start to being ready, in milliseconds. */
const READY_WITHIN = 60_000;
const ONE_SHOT_WITHIN = 120_000;

/** A built program of a service, e.g. `main`. */
function programOf(service: string, program: string): string {
  return join(REPOSITORY, 'apps', service, 'dist', `${program}.js`);
}

/** Starts a service as its own process, its output in `<logs>/<service>.log`. */
export async function startService(name: string, env: Record<string, string>, logs: string): Promise<Daemon> {
  return await startDaemon({
    name,
    command: process.execPath,
    args: [...MEMORY_FLAGS, '--import', PARENT_WATCH, programOf(name, 'main')],
    env: { ...MEMORY_ENVIRONMENT, ...env },
    logFile: join(logs, `${name}.log`),
    cwd: REPOSITORY,
    watched: true,
  });
}

/** Runs a program of a service to its end, e.g. its migrations; fails with one line if it does. */
export async function runToEnd(
  service: string,
  program: string,
  env: Record<string, string>,
  logs: string,
  signal?: AbortSignal,
): Promise<void> {
  const logFile = join(logs, `${service}.${program}.log`);
  const log = await open(logFile, 'w', 0o600).catch((error: unknown) => {
    throw asStartFailure(error, logFile);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(process.execPath, [programOf(service, program)], {
        env: { ...childEnvironment(), ...env },
        cwd: REPOSITORY,
        stdio: ['ignore', log.fd, log.fd],
        timeout: ONE_SHOT_WITHIN,
        ...(signal && { signal }),
      });
      child.once('exit', resolve).once('error', reject);
    });
    if (code !== 0) throw await failureOf(`${service}: ${program} failed`, logFile);
  } finally {
    await log.close();
  }
}

/** Waits until a service says on its health port that it can work; fails when it ends or takes too long. */
export async function waitUntilReady(service: Daemon, healthPort: number, signal?: AbortSignal): Promise<void> {
  for (const begun = Date.now(); Date.now() - begun < READY_WITHIN; await delay(50, undefined, { signal })) {
    if (service.end !== undefined) throw await diedUnexpectedly(service);
    const ok = await fetch(`http://${LOOPBACK}:${healthPort}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.ok;
      },
      () => false,
    );
    if (ok) return;
  }
  throw await failureOf(`${service.name} was not ready within ${READY_WITHIN / 1000} s`, service.logFile);
}

/** What to say of a process that ended while it was needed. */
export function diedUnexpectedly({
  name,
  logFile,
  end,
}: Pick<Daemon, 'name' | 'logFile' | 'end'>): Promise<StartFailure> {
  return failureOf(`${name} ended ${howItEnded(end)}`, logFile);
}
