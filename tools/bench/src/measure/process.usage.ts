import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Linux counts CPU time for user programs in hundredths of a second, whatever the kernel's own tick. */
const MS_PER_TICK = 10;

interface Stat {
  readonly parent: number;
  /** User and system time of all threads of the process. */
  readonly ownMs: number;
  /** The same of its children that have ended and were waited for. */
  readonly endedChildrenMs: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may itself hold spaces and parentheses.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (field: number): number => fields[field - 3] ?? 0;
    return { parent: at(4), ownMs: (at(14) + at(15)) * MS_PER_TICK, endedChildrenMs: (at(16) + at(17)) * MS_PER_TICK };
  } catch {
    return undefined;
  }
}

/**
 * CPU milliseconds that processes have used so far, their running and ended children included (PostgreSQL has a
 * process per connection). Linux only.
 */
export function cpuMs(pids: readonly number[]): number {
  const stats = new Map<number, Stat>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : undefined;
    if (stat) stats.set(Number(entry), stat);
  }
  const sum = (pid: number): number => {
    const stat = stats.get(pid);
    if (!stat) throw new Error(`process ${pid} has ended`);
    const children = [...stats].filter(([, { parent }]) => parent === pid).map(([child]) => sum(child));
    return stat.ownMs + stat.endedChildrenMs + children.reduce((total, ms) => total + ms, 0);
  };
  return pids.reduce((total, pid) => total + sum(pid), 0);
}

function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return Number(kilobytes ?? NaN) / 1024;
}

/** Resident memory of a process now, in MiB. */
export function residentMb(pid: number): number {
  return memoryMb(pid, 'VmRSS');
}

/** The most a process had resident since `forgetPeak`, in MiB. */
export function peakResidentMb(pid: number): number {
  return memoryMb(pid, 'VmHWM');
}

/** Starts the count of `peakResidentMb` anew. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
