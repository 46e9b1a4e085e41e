import { join } from 'node:path';
import { loadSecrets, type Platform, startPlatform } from '@apollo/dev';

/** A minute's requests from one address and in one organization: the limits count every request and refuse none. */
const UNREACHED = '1000000000';

/** Ours, running. */
export interface OurPlatform {
  readonly platform: Platform;
  /** Key of the leads role's session tag, for the peers that use the same table. */
  readonly tagKey: string;
  /** The services' processes and NATS, without PostgreSQL. */
  readonly pids: readonly number[];
  readonly postgresPid: number;
}

/** Starts the platform as `npm start` does, on free ports, with everything it checks on. */
export async function startOurs(folder: string, report: (line: string) => void): Promise<OurPlatform> {
  const platform = await startPlatform({
    dir: folder, ports: 'free', seed: true, logLevel: 'warn',
    environment: { gateway: { HTTP_RATE_PER_ADDRESS: UNREACHED, HTTP_RATE_PER_ORG: UNREACHED } },
    progress: { line: report, begin: () => report },
  });
  const { pids } = platform.running;
  const { leads: tagKey } = (await loadSecrets(join(folder, 'secrets.json'))).tagKeys;
  const pidOf = (name: string): number => {
    const pid = pids[name];
    if (pid === undefined) throw new Error(`the platform has no process named ${name}`);
    return pid;
  };
  return { platform, tagKey: String(tagKey), pids: ['gateway', 'identity', 'orgs', 'leads', 'billing-stars', 'nats'].map(pidOf), postgresPid: pidOf('postgres') };
}
