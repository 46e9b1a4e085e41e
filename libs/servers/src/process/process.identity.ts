import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can be recognized later: the number alone may have been given to another one by then. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever unit the system counts; only compared, never computed with. */
  readonly started: string;
}

/** The identity of a running process, or undefined when there is none of that number. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startTime(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether this very process, and not another one of the same number, is still running. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startTime(identity.pid) === identity.started;
}

/** The arguments a process was started with, or an empty list when it is gone or not ours to see. */
export function commandLine(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(' ');
  } catch {
    return [];
  }
}

function startTime(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    }
    // The second field is the program's name in parentheses and may hold spaces, so count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
