import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyFiles, loadSecrets, LOOPBACK, startNats, startPostgres, writeKeyFiles } from '@apollo/dev';
import { natsServerConfig } from '@apollo/messaging';
import { externalDatabase } from './config.js';
import { containersAnswer, natsContainer, postgresContainer } from './integration.containers.js';

/** Where the servers of one integration run are, and what opens them. */
export interface IntegrationServers {
  readonly postgres: {
    /** A superuser's URL; each spec file makes a database of its own there. */
    readonly adminUrl: string;
  };
  readonly nats: {
    readonly url: string;
    /** By service: the files its process would be pointed to. The server knows each by its nkey, with its real allow-list. */
    readonly keyFiles: Readonly<Record<string, KeyFiles>>;
  };
}

/** A server and how it ends. */
export interface Started {
  readonly url: string;
  stop(): Promise<unknown>;
}

/**
 * Starts one Postgres and one NATS for a whole run. Postgres: the one of DATABASE_URL, else a container where Docker
 * answers and has the image, else the embedded one. NATS likewise, without the first.
 *
 * @param report takes a line about what was chosen
 */
export async function startIntegrationServers(report: (line: string) => void): Promise<{ servers: IntegrationServers; stop: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'apollo-int-'));
  const started: Started[] = [];
  const stop = async () => {
    await Promise.allSettled(started.map((server) => server.stop()));
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const containers = await containersAnswer();
    const choose = async (name: string, container: () => Promise<Started>, embedded: () => Promise<Started>) => {
      const server = await (containers ? container().catch((error: unknown) => fallBack(name, error, embedded)) : embedded());
      started.push(server);
      return server.url;
    };
    const fallBack = (name: string, error: unknown, embedded: () => Promise<Started>) => {
      report(`${name}: Docker answers, but the container does not start (${error instanceof Error ? error.message : String(error)}); embedded instead`);
      return embedded();
    };

    const secrets = await loadSecrets(join(dir, 'secrets.json'));
    const keyFiles = await writeKeyFiles(dir, secrets);
    const publicKeys = Object.fromEntries(Object.entries(secrets.natsKeys).map(([name, { publicKey }]) => [name, publicKey]));
    const adminUrl = externalDatabase() ?? (await choose('PostgreSQL', postgresContainer, () => embeddedPostgres(join(dir, 'postgres'))));
    const natsUrl = await choose(
      'NATS',
      () => natsContainer(natsServerConfig({ host: '0.0.0.0', port: 4222, storeDir: '/data', publicKeys })),
      () => startNats({ configText: natsServerConfig({ host: LOOPBACK, port: -1, storeDir: join(dir, 'jetstream'), publicKeys }), dir: join(dir, 'nats'), ownGroup: false }),
    );
    report(`PostgreSQL at ${new URL(adminUrl).host}, NATS at ${new URL(natsUrl).host}`);
    return { servers: { postgres: { adminUrl }, nats: { url: natsUrl, keyFiles } }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function embeddedPostgres(dataDir: string): Promise<Started> {
  const server = await startPostgres({ dataDir, ephemeral: true });
  return { url: server.adminUrl, stop: () => server.stop() };
}
