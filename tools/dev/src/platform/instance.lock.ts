import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { identify, isRunning, type ProcessIdentity, StartFailure, stopLeftover } from '@apollo/servers';

interface Note {
  readonly runner: ProcessIdentity;
  readonly children: Record<string, ProcessIdentity>;
}

/** Says that one runner uses a folder, and which processes it started there. */
export interface InstanceLock {
  /** Remembers a child, so that the next start can stop it if this runner is killed. */
  add(name: string, pid: number): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. Refuses while another runner uses it; what a killed runner left running is
 * stopped first, after checking that each process is still the one that was started.
 */
export async function lockInstance(file: string, report: (line: string) => void): Promise<InstanceLock> {
  const note: Note = { runner: identify(process.pid) as ProcessIdentity, children: {} };
  await clearStale(file, report);
  await writeFile(file, JSON.stringify(note), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new StartFailure('Apollo Space is being started here by another process.') : error;
  });
  let written = Promise.resolve();
  const save = async () => {
    await writeFile(`${file}.new`, JSON.stringify(note), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  return {
    add(name, pid) {
      const child = identify(pid);
      if (child !== undefined) note.children[name] = child;
      // Services start at the same time; their notes are written one after the other, each whole.
      return (written = written.then(save));
    },
    release: () => rm(file, { force: true }),
  };
}

async function clearStale(file: string, report: (line: string) => void): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const note = parse(text);
  if (note !== undefined && isRunning(note.runner)) {
    throw new StartFailure(
      `Apollo Space already runs here as process ${note.runner.pid}: stop that one first (Ctrl-C).`,
    );
  }
  const left = Object.entries(note?.children ?? {}).filter(([, child]) => isRunning(child));
  if (left.length > 0) report(`Stopping what a killed run left behind: ${left.map(([name]) => name).join(', ')}`);
  // Services before the servers they use; SIGINT asks PostgreSQL not to wait for its sessions.
  const [servers, services] = [['postgres', 'nats'], left.map(([name]) => name)];
  const stop = (names: readonly string[]) =>
    Promise.all(left.filter(([name]) => names.includes(name)).map(([, child]) => stopLeftover(child, 'SIGINT')));
  await stop(services.filter((name) => !servers.includes(name)));
  await stop(servers);
  await rm(file, { force: true });
}

function parse(text: string): Note | undefined {
  try {
    return JSON.parse(text) as Note;
  } catch {
    // Not written by a runner of ours; no process can be known from it.
    return undefined;
  }
}
