import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '@apollo/dev';
import { announceRunningFile } from './config.js';
import { keepForTeardown } from './e2e-global-teardown.js';
import { NO_LIMITS } from './live.platform.js';

/** Jest runs this once before the end-to-end tier: the whole platform, every service its own process. */
export default async function globalSetup(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'apollo-e2e-'));
  const platform = await startPlatform({
    dir,
    ports: 'free',
    seed: true,
    ephemeral: true,
    environment: { gateway: NO_LIMITS },
  });
  keepForTeardown(async () => {
    await platform.stop();
    await rm(dir, { recursive: true, force: true });
  });
  const path = join(dir, 'running-for-specs.json');
  await writeFile(path, JSON.stringify({ ...platform.running, dir }), { mode: 0o600 });
  announceRunningFile(path);
}
