import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Platform, startPlatform } from '@apollo/dev';
import { loadSecrets, type Secrets, SERVICES } from '@apollo/operate';
import { connectAdmin } from '../dataset/bench.person.js';

/** A minute's requests from one address and in one organization: the limits count every request and refuse none. */
const UNREACHED = '1000000000';

/** What personas call the model that the benchmark answers for. */
export const BENCH_MODEL = 'bench';

const READY_WITHIN_MS = 60_000;

/** Ours, running. */
export interface OurPlatform {
  readonly platform: Platform;
  /** Where it keeps its files. */
  readonly folder: string;
  /** What the benchmark proves itself with where it plays a service. */
  readonly secrets: Secrets;
  /** Key of the leads role's session tag, for the peers that use the same table. */
  readonly tagKey: string;
  /** The services' processes and NATS, without PostgreSQL. */
  readonly pids: readonly number[];
  readonly postgresPid: number;
  /** Ends services for good: of a comparison with a checkout that has not got them. */
  end(services: readonly string[]): Promise<void>;
}

/**
 * Starts the platform as `npm start` does, on free ports, with everything it checks on.
 *
 * @param modelUrl of the model that `BENCH_MODEL` names
 * @param commitTimes whether PostgreSQL is to remember when each transaction was committed, which `npm start` does not
 *   ask of it
 */
export async function startOurs(
  folder: string,
  modelUrl: string,
  commitTimes: boolean,
  report: (line: string) => void,
): Promise<OurPlatform> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secrets = await loadSecrets(join(folder, 'secrets.json'));
  const models = join(folder, 'models.json');
  await writeFile(models, JSON.stringify({ models: [{ name: BENCH_MODEL, url: modelUrl, model: BENCH_MODEL }] }));
  const platform = await startPlatform({
    dir: folder,
    ports: 'free',
    seed: true,
    logLevel: 'warn',
    environment: {
      gateway: { HTTP_RATE_PER_ADDRESS: UNREACHED, HTTP_RATE_PER_ORG: UNREACHED },
      agents: { MODELS_FILE: models },
    },
    progress: { line: report, begin: () => report },
  });
  try {
    if (commitTimes) await rememberCommitTimes(platform);
  } catch (error) {
    await platform.stop();
    throw error;
  }
  const pidOf = (name: string): number => platform.pid(name);
  const processes = new Set<string>([...SERVICES.map(({ name }) => name), 'nats']);
  return {
    platform,
    folder,
    secrets,
    tagKey: String(secrets.tagKeys['leads']),
    get pids() {
      return [...processes].map(pidOf);
    },
    postgresPid: pidOf('postgres'),
    async end(services) {
      for (const name of services) {
        processes.delete(name);
        await platform.kill(name);
      }
    },
  };
}

/** PostgreSQL takes the setting at its start only; the services come back to it by themselves. */
async function rememberCommitTimes(platform: Platform): Promise<void> {
  const admin = await connectAdmin(platform.running.postgres.admin);
  await admin.query('alter system set track_commit_timestamp = on');
  await admin.end();
  await platform.kill('postgres');
  await platform.restart('postgres');
  const ready = async (url: string): Promise<boolean> =>
    fetch(`${url}/readyz`).then(
      async (answer) => (await answer.arrayBuffer(), answer.ok),
      () => false,
    );
  for (
    const begun = performance.now();
    !(await Promise.all(Object.values(platform.running.health).map(ready))).every(Boolean);
    await delay(100)
  ) {
    if (performance.now() - begun > READY_WITHIN_MS) throw new Error('the services did not come back to PostgreSQL');
  }
}
