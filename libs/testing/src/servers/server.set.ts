import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@apollo/contracts';
import { DEPLOY, natsServerConfig, setUpStreams } from '@apollo/messaging';
import { startNats, startPostgres } from '@apollo/servers';
import { createUser } from '@nats-io/nkeys';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { externalDatabase } from '../config.js';
import { containersAnswer, natsContainer, postgresContainer, type Started } from './containers.js';
import { dropTemplates } from './migrated.template.js';

/** Where the servers of one run are, and the keys of every service. */
export interface ServerSet {
  readonly postgresAdminUrl: string;
  /** One bus for each worker: whoever answers for a service on a bus takes its share of everybody's requests. */
  readonly natsUrls: readonly string[];
  readonly signingKeys: Readonly<Record<ServiceName, JWK>>;
  readonly publicKeys: readonly JWK[];
  /** Folder with one seed file per service, `<service>.nkey`. */
  readonly folder: string;
}

/**
 * Starts one PostgreSQL and a NATS for each worker. PostgreSQL: the one of DATABASE_URL, else a container where Docker
 * answers and has the image, else the embedded one. NATS likewise, without the first.
 *
 * @param workers how many spec files may run at once
 * @param report takes a line about what was chosen
 */
export async function startServers(
  workers: number,
  report: (line: string) => void,
): Promise<{ servers: ServerSet; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-test-'));
  const started: Started[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(started.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const keys = await makeKeys();
    const deploy = newUser();
    const publicKeys = {
      ...Object.fromEntries(keys.map(({ service, nkey }) => [service, [nkey.publicKey]])),
      [DEPLOY]: [deploy.publicKey],
    };
    await Promise.all(
      keys.map(({ service, nkey }) => writeFile(join(folder, `${service}.nkey`), nkey.seed, { mode: 0o600 })),
    );
    await writeFile(join(folder, `${DEPLOY}.nkey`), deploy.seed, { mode: 0o600 });
    const choose = chooser(await containersAnswer(), started, report);
    const configFor = (host: string, port: number, storeDir: string): string =>
      natsServerConfig({ host, port, storeDir, publicKeys });
    const startBus = async (worker: number): Promise<string> => {
      const url = await choose(
        'NATS',
        () => natsContainer(configFor('0.0.0.0', 4222, '/data')),
        () =>
          startNats({
            configText: configFor('127.0.0.1', -1, join(folder, `jetstream-${worker}`)),
            dir: join(folder, `nats-${worker}`),
            ownGroup: false,
          }),
      );
      await setUpStreams(url, join(folder, `${DEPLOY}.nkey`));
      return url;
    };
    const postgresAdminUrl =
      externalDatabase() ??
      (await choose('PostgreSQL', postgresContainer, () => embeddedPostgres(join(folder, 'postgres'))));
    if (externalDatabase())
      started.unshift({ url: postgresAdminUrl, stop: () => dropTemplates({ server: postgresAdminUrl, folder }) });
    const natsUrls = await Promise.all(Array.from({ length: workers }, (_, worker) => startBus(worker + 1)));
    report(
      `PostgreSQL at ${new URL(postgresAdminUrl).host}, NATS at ${natsUrls.map((url) => new URL(url).host).join(' and ')}`,
    );
    const signingKeys = Object.fromEntries(keys.map(({ service, jwk }) => [service, jwk])) as ServerSet['signingKeys'];
    const servers = {
      postgresAdminUrl,
      natsUrls,
      folder,
      signingKeys,
      publicKeys: keys.map(({ jwk: { d: _secret, ...rest } }) => rest),
    };
    return { servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function newUser(): { seed: string; publicKey: string } {
  const user = createUser();
  return { seed: new TextDecoder().decode(user.getSeed()), publicKey: user.getPublicKey() };
}

function chooser(containers: boolean, started: Started[], report: (line: string) => void) {
  return async (name: string, container: () => Promise<Started>, embedded: () => Promise<Started>): Promise<string> => {
    const fallBack = (error: unknown): Promise<Started> => {
      report(
        `${name}: Docker answers, but the container does not start (${error instanceof Error ? error.message : String(error)}); embedded instead`,
      );
      return embedded();
    };
    const server = await (containers ? container().catch(fallBack) : embedded());
    started.push(server);
    return server.url;
  };
}

async function embeddedPostgres(dataDir: string): Promise<Started> {
  const server = await startPostgres({ dataDir, ephemeral: true });
  return { url: server.adminUrl, stop: () => server.stop() };
}

async function makeKeys(): Promise<{ service: ServiceName; nkey: { seed: string; publicKey: string }; jwk: JWK }[]> {
  return Promise.all(
    SERVICES.map(async (service) => {
      const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
      return { service, nkey: newUser(), jwk: { ...(await exportJWK(privateKey)), kid: service } };
    }),
  );
}
