import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@apollo/contracts';
import { startNats, startPostgres } from '@apollo/dev';
import { natsServerConfig } from '@apollo/messaging';
import { createUser } from '@nats-io/nkeys';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { GenericContainer, Wait } from 'testcontainers';
import { dockerHas } from './docker.js';

const POSTGRES_IMAGE = 'postgres:18.6';
const NATS_IMAGE = 'nats:2.12';

/** Where the servers of one run are, and the keys of every service. */
export interface ServerSet {
  readonly kind: 'containers' | 'embedded';
  readonly postgresAdminUrl: string;
  readonly natsUrl: string;
  readonly natsSeeds: Readonly<Record<ServiceName, string>>;
  readonly signingKeys: Readonly<Record<ServiceName, JWK>>;
  readonly publicKeys: readonly JWK[];
  /** Folder with one seed file per service, `<service>.nkey`. */
  readonly folder: string;
}

/** Starts one PostgreSQL and one NATS: in containers where Docker is, embedded elsewhere. */
export async function startServers(): Promise<{ servers: ServerSet; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-test-'));
  const keys = await makeKeys();
  const publicKeys = Object.fromEntries(keys.map(({ service, nkey }) => [service, nkey.publicKey]));
  await Promise.all(keys.map(({ service, nkey }) => writeFile(join(folder, `${service}.nkey`), nkey.seed, { mode: 0o600 })));
  const launched = (await dockerHas([POSTGRES_IMAGE, NATS_IMAGE])) ? await inContainers(publicKeys) : await embedded(folder, publicKeys);
  const servers: ServerSet = {
    kind: launched.kind, postgresAdminUrl: launched.postgres, natsUrl: launched.nats, folder,
    natsSeeds: Object.fromEntries(keys.map(({ service, nkey }) => [service, nkey.seed])) as ServerSet['natsSeeds'],
    signingKeys: Object.fromEntries(keys.map(({ service, jwk }) => [service, jwk])) as ServerSet['signingKeys'],
    publicKeys: keys.map(({ jwk: { d: _secret, ...rest } }) => rest),
  };
  const stop = async (): Promise<void> => {
    await launched.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { servers, stop };
}

async function makeKeys(): Promise<{ service: ServiceName; nkey: { seed: string; publicKey: string }; jwk: JWK }[]> {
  return Promise.all(SERVICES.map(async (service) => {
    const user = createUser();
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    return { service, nkey: { seed: new TextDecoder().decode(user.getSeed()), publicKey: user.getPublicKey() }, jwk: { ...(await exportJWK(privateKey)), kid: service } };
  }));
}

interface Launched {
  readonly kind: ServerSet['kind'];
  readonly postgres: string;
  readonly nats: string;
  stop(): Promise<void>;
}

async function embedded(folder: string, publicKeys: Record<string, string>): Promise<Launched> {
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), ephemeral: true });
  const configText = natsServerConfig({ host: '127.0.0.1', port: -1, storeDir: join(folder, 'jetstream'), publicKeys });
  const nats = await startNats({ configText, dir: join(folder, 'nats'), ownGroup: false });
  return { kind: 'embedded', postgres: postgres.adminUrl, nats: nats.url, stop: async () => void (await Promise.all([nats.stop(), postgres.stop()])) };
}

async function inContainers(publicKeys: Record<string, string>): Promise<Launched> {
  const password = crypto.randomUUID();
  const postgres = await new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_DB: 'apollo', POSTGRES_HOST_AUTH_METHOD: 'scram-sha-256' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=300']).withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2)).start();
  const content = natsServerConfig({ host: '0.0.0.0', port: 4222, storeDir: '/tmp/jetstream', publicKeys });
  const nats = await new GenericContainer(NATS_IMAGE).withCopyContentToContainer([{ content, target: '/etc/nats/apollo.conf' }])
    .withCommand(['-c', '/etc/nats/apollo.conf']).withExposedPorts(4222).withWaitStrategy(Wait.forLogMessage(/Server is ready/)).start();
  return {
    kind: 'containers',
    postgres: `postgres://postgres:${password}@${postgres.getHost()}:${postgres.getMappedPort(5432)}/apollo`,
    nats: `nats://${nats.getHost()}:${nats.getMappedPort(4222)}`,
    stop: async () => void (await Promise.all([nats.stop(), postgres.stop()])),
  };
}
