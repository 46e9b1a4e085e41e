import { setTimeout as delay } from 'node:timers/promises';
import { residentMb } from '../measure/process.usage.js';
import type { OurPlatform } from '../servers/our.platform.js';

/** Long enough for what the first requests left behind to be collected. */
const SETTLE_MS = 20_000;
const SERVICES = ['gateway', 'identity', 'orgs', 'leads', 'agents', 'billing-stars'];

/** Resident memory of each service when it has been ready for a while, before any load. */
export async function idleMemory({ platform }: OurPlatform): Promise<Record<string, number>> {
  await delay(SETTLE_MS);
  return Object.fromEntries(SERVICES.map((name) => [name, residentMb(platform.running.pids[name] as number)]));
}
