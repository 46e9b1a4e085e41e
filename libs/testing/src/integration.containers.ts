import { randomBytes } from 'node:crypto';
import type { StartedTestContainer } from 'testcontainers';
import type { Started } from './integration.servers.js';

const POSTGRES_IMAGE = 'postgres:18.6';
const NATS_IMAGE = 'nats:2.12-alpine';

/** How long an image may take to be there and a container to be ready, in milliseconds. */
const PATIENCE = 180_000;

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
        POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --locale-provider=builtin --locale=C --builtin-locale=C.UTF-8',
      })
      .withTmpFs({ '/var/lib/postgresql': 'rw' })
      .withCommand(['postgres', '-cfsync=off', '-csynchronous_commit=off', '-cfull_page_writes=off', '-cmax_connections=200'])
      .withExposedPorts(5432)
      // Once while the data folder is made, once for good.
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start(),
  );
  return started(container, `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/apollo`);
}

/** A throw-away NATS with the given config, which listens on 4222. */
export async function natsContainer(config: string): Promise<Started> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await patiently(
    new GenericContainer(NATS_IMAGE)
      .withCopyContentToContainer([{ content: config, target: '/etc/nats/apollo.conf' }])
      .withTmpFs({ '/data': 'rw' })
      .withCommand(['--config', '/etc/nats/apollo.conf'])
      .withExposedPorts(4222)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start(),
  );
  return started(container, `nats://${container.getHost()}:${container.getMappedPort(4222)}`);
}

function started(container: StartedTestContainer, url: string): Started {
  return { url, stop: () => container.stop({ timeout: 0 }) };
}

/** A registry that does not answer must not hold up a run that has another way. */
async function patiently(starting: Promise<StartedTestContainer>): Promise<StartedTestContainer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    return await Promise.race([starting, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
