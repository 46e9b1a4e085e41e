import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type PeerConfig, peerEnvironment } from './config.js';

/** A peer that runs in a process of its own. */
export interface RunningPeer {
  readonly pid: number;
  /** Base URL; empty for one that answers on NATS only. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;

/** Starts one of the programs of this folder, e.g. `bare-pg`, and waits until it is ready. */
export async function startPeer(name: string, config: PeerConfig): Promise<RunningPeer> {
  const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const child = fork(program, [], {
    env: peerEnvironment(config),
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    const port = await new Promise<number | null>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { port: number | null }).port));
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
      timer = setTimeout(() => reject(new Error(`${name} was not ready in time`)), READY_WITHIN_MS);
    });
    return { pid: child.pid as number, url: port === null ? '' : `http://127.0.0.1:${port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
