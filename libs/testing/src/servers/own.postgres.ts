import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardPostgres, startPostgres } from '@apollo/servers';

/** A PostgreSQL of one spec's own that keeps what it has acknowledged, which the run's does not. */
export interface OwnPostgres {
  /** Superuser's, the same after a restart. */
  readonly adminUrl: string;
  /**
   * Ends it and starts it again on the same data and port.
   *
   * @param largestFileKb no file grows beyond, as on a full disk; any size when left out
   */
  restart(largestFileKb?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one: for specs of what a service does while the disk is full, or of what a role of the server must not be. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-postgres-'));
  const dataDir = join(folder, 'postgres');
  let running = await startPostgres({ dataDir });
  const { adminUrl, port } = running;
  return {
    adminUrl,
    restart: async (largestFileKb) => {
      await running.stop();
      running = await startPostgres({ dataDir, port, largestFileKb });
    },
    stop: async () => {
      await running.stop();
      await discardPostgres(dataDir);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
