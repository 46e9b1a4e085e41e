import { setTimeout as delay } from 'node:timers/promises';
import { residentMb } from '../measure/process.usage.js';
import type { OurPlatform } from '../servers/our.platform.js';

const SETTLE_MS = 5_000;
const SERVICES = ['gateway', 'identity', 'orgs', 'leads'];

/** Resident memory of each service a moment after it became ready, before any load. */
export async function idleMemory({ platform }: OurPlatform): Promise<Record<string, number>> {
  await delay(SETTLE_MS);
  return Object.fromEntries(SERVICES.map((name) => [name, residentMb(platform.running.pids[name] as number)]));
}
