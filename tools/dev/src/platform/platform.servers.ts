import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { natsConfigText, requireSuperuser, type Secrets } from '@apollo/operate';
import { LOOPBACK, natsProgram, startNats, startPostgres } from '@apollo/servers';
import type { Progress } from '../progress.js';
import type { Layout } from './platform.layout.js';

/** A server the platform uses. Without `process` it is one of the user's own, and is left alone. */
export interface Server {
  readonly url: string;
  readonly process?: {
    readonly pid: number;
    readonly logFile: string;
    readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
    stop(): Promise<void>;
  };
}

/** PostgreSQL: the one of DATABASE_URL, else an embedded one. */
export async function databaseServer(
  layout: Layout,
  options: { readonly port: number; readonly external: string | undefined; readonly ephemeral: boolean },
  progress: Progress,
): Promise<Server> {
  if (options.external !== undefined) {
    await requireSuperuser(options.external);
    progress.line('PostgreSQL: the one of DATABASE_URL');
    return { url: options.external };
  }
  const done = progress.begin('Starting PostgreSQL');
  const server = await startPostgres({
    dataDir: layout.postgres,
    port: options.port,
    ephemeral: options.ephemeral,
    takeOver: true,
  });
  done(`PostgreSQL ${server.version} on ${LOOPBACK}:${server.port}`);
  return { url: server.adminUrl, process: server };
}

/** NATS: the one of NATS_URL, which must have loaded the generated config, else a program found or fetched. */
export async function messageServer(
  layout: Layout,
  options: { readonly port: number; readonly external: string | undefined; readonly secrets: Secrets },
  progress: Progress,
): Promise<Server> {
  const configText = natsConfigText(options.secrets, {
    host: LOOPBACK,
    port: options.port,
    storeDir: join(layout.nats, 'jetstream'),
  });
  if (options.external !== undefined) {
    const file = join(layout.nats, 'nats.conf');
    await writeFile(file, configText, { mode: 0o600 });
    progress.line(`NATS: the one of NATS_URL; it must have loaded the accounts in ${file}`);
    return { url: options.external };
  }
  const program = await natsProgram({ report: (line) => progress.line(line) });
  const done = progress.begin('Starting NATS');
  const server = await startNats({ configText, dir: layout.nats, program });
  done(`NATS ${server.version} on ${new URL(server.url).host}`);
  return { url: server.url, process: server };
}
