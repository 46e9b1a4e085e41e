import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';

/** A server and how it ends. */
export interface Started {
  readonly url: string;
  stop(): Promise<unknown>;
}

const POSTGRES_IMAGE = 'postgres:18.6';
const NATS_IMAGE = 'nats:2.12-alpine';

/** How long an image may take to be there and a container to be ready, in milliseconds. */
const PATIENCE_MS = 180_000;

/** Whether a Docker daemon (or one that speaks like it) answers on this machine. */
export async function containersAnswer(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

/** A throw-away PostgreSQL whose data lives in memory. */
export async function postgresContainer(): Promise<Started> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = randomBytes(15).toString('base64url');
  const container = await patiently(
    new GenericContainer(POSTGRES_IMAGE)
      .withEnvironment({
        POSTGRES_DB: 'apollo',
        POSTGRES_PASSWORD: password,
        POSTGRES_INITDB_ARGS: '--auth=scram-sha-256',
      })
      .withTmpFs({ '/var/lib/postgresql': 'rw' })
      .withCommand([
        'postgres',
        '-cfsync=off',
        '-csynchronous_commit=off',
        '-cfull_page_writes=off',
        '-cmax_connections=200',
      ])
      .withExposedPorts(5432)
      // Once while the data folder is made, once for good.
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start(),
  );
  return {
    url: `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/apollo`,
    stop: () => container.stop({ timeout: 0 }),
  };
}

/** A throw-away NATS with the given config, which listens on 4222. */
export async function natsContainer(content: string): Promise<Started> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await patiently(
    new GenericContainer(NATS_IMAGE)
      .withCopyContentToContainer([{ content, target: '/etc/nats/apollo.conf' }])
      .withTmpFs({ '/data': 'rw' })
      .withCommand(['--config', '/etc/nats/apollo.conf'])
      .withExposedPorts(4222)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start(),
  );
  return {
    url: `nats://${container.getHost()}:${container.getMappedPort(4222)}`,
    stop: () => container.stop({ timeout: 0 }),
  };
}

/** A registry that does not answer must not hold up a run that has another way. */
async function patiently(starting: Promise<StartedTestContainer>): Promise<StartedTestContainer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([starting, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
