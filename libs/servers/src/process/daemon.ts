import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { asStartFailure, StartFailure } from '../start.failure.js';
import { endOf } from './log.file.js';
import { type ProcessIdentity, isRunning } from './process.identity.js';

/** What to run in the background. */
export interface DaemonOptions {
  /** How messages call it, e.g. "leads". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  /** Takes its standard output and error; the file of the run before is kept as `<logFile>.1`. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** Own process group, so that a Ctrl-C in the terminal reaches only the runner, which then stops it in order. */
  readonly ownGroup?: boolean;
  /** Opens a channel whose end the child notices when this process is gone; see `parent.watch.ts`. */
  readonly watched?: boolean;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process that runs until it is stopped. */
export interface Daemon {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it has ended, for whatever reason; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Undefined while it runs. */
  readonly end: ProcessEnd | undefined;
  /**
   * Sends each signal in turn, waiting `patience` milliseconds (default 10,000) before the next; SIGKILL comes last.
   */
  stop(signals?: readonly NodeJS.Signals[], patience?: number): Promise<void>;
}

/** What this process has started and must not leave behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGTERM')));

/** Starts a background process; fails with one line when the program cannot be run at all. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const log = await openLog(options.logFile);
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', log.fd, log.fd, ...(options.watched ? (['ipc'] as const) : [])],
    detached: options.ownGroup ?? true,
    ...options.account,
  });
  let end: ProcessEnd | undefined;
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve((end = { code, signal })));
    child.once('error', () => resolve((end ??= { code: null, signal: null })));
  });
  try {
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  } catch (error) {
    throw new StartFailure(`${options.name} cannot be started: ${(error as Error).message}.`, { cause: error });
  } finally {
    await log.close();
  }
  child.channel?.unref();
  const pid = child.pid as number;
  running.add(child);
  void ended.then(() => running.delete(child));

  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    ended,
    get end() {
      return end;
    },
    async stop(signals = ['SIGTERM'], patience = 10_000) {
      for (const signal of [...signals, 'SIGKILL'] as const) {
        if (end !== undefined) return;
        child.kill(signal);
        await Promise.race([ended, delay(patience, undefined, { ref: false })]);
      }
    },
  };
}

/** Stops a process that an earlier, killed runner left behind; does nothing when it is no longer that process. */
export async function stopLeftover(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  patience = 10_000,
): Promise<void> {
  for (const next of [signal, 'SIGKILL'] as const) {
    if (!isRunning(identity)) return;
    process.kill(identity.pid, next);
    for (let waited = 0; waited < patience && isRunning(identity); waited += 50) await delay(50);
  }
}

/** Why a process ended, as far as its log tells: its last line about a failure, else its last line. */
export async function lastWords(logFile: string): Promise<string> {
  const lines = (await endOf(logFile).catch(() => '')).trim().split('\n');
  return (
    lines.findLast((line) => /\b(fatal|panic|error|ftl|err)\b/i.test(line)) ?? (lines.at(-1) || 'it said nothing.')
  );
}

/** The end of a log; no line when it cannot be read. */
export async function lastLines(logFile: string, count: number): Promise<string[]> {
  const text = await endOf(logFile).catch(() => '');
  return text.trimEnd().split('\n').slice(-count);
}

async function openLog(logFile: string) {
  try {
    if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
    return await open(logFile, 'w', 0o600);
  } catch (error) {
    throw asStartFailure(error, logFile);
  }
}
