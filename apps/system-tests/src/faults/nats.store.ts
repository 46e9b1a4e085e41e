import { cp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultScene } from './fault.kinds.js';

/** Milliseconds of load that a store which is rolled back forgets. */
const FORGOTTEN_MS = 2_500;
/** Milliseconds the relay has to hand events to JetStream. */
const HELD_MS = 1_500;
const MEGABYTE = 1024 * 1024;

/** The delivery forgets everything: what it held, and who had taken what. */
export async function emptyStore(scene: FaultScene): Promise<() => Promise<void>> {
  const { platform } = scene;
  const back = await heldByNobodyElse(scene);
  await platform.kill('nats');
  await rm(platform.store, { recursive: true, force: true });
  return async () => {
    await platform.restart('nats');
    await platform.setUpStreams();
    await back();
  };
}

/** The delivery wakes up as it was some seconds ago, as from a backup or a disk that had not written all. */
export async function rollStoreBack(scene: FaultScene): Promise<() => Promise<void>> {
  const { platform } = scene;
  const older = join(platform.dir, 'older-store');
  await rm(older, { recursive: true, force: true });
  // Taken while it runs, so torn here and there; a file may be gone before it is copied.
  await cp(platform.store, older, { recursive: true, force: true }).catch(() => undefined);
  const back = await heldByNobodyElse(scene);
  await delay(FORGOTTEN_MS);
  await platform.kill('nats');
  await rm(platform.store, { recursive: true, force: true });
  await cp(older, platform.store, { recursive: true });
  return async () => {
    await platform.restart('nats');
    await platform.setUpStreams();
    await back();
  };
}

/**
 * Cuts the consumer off and has events written that no later one will ask after: JetStream takes them, and nobody else
 * does.
 */
async function heldByNobodyElse({ platform, makeOrg }: FaultScene): Promise<() => Promise<void>> {
  const line = platform.line('billing-stars', 'nats');
  for (const proxy of line) proxy.blackHole();
  await Promise.all([makeOrg(), makeOrg()]);
  await delay(HELD_MS);
  return async () => {
    for (const proxy of line) {
      // What is still on the line would arrive all the same.
      proxy.reset();
      await proxy.heal();
    }
  };
}

/**
 * Fills the disk of JetStream's own, to the last byte. The server gives JetStream up when it cannot write, until it is
 * started again, as an operator does who has made room.
 */
export async function fillDisk({ platform, note, missed }: FaultScene): Promise<() => Promise<void>> {
  if (!platform.ownDisk) {
    note('left out: only root can give NATS a disk that may be filled');
    missed();
    return async () => undefined;
  }
  const filler = join(platform.store, '..', 'filler');
  const file = await open(filler, 'w');
  let megabytes = 0;
  try {
    for (; ; megabytes += 1) await file.write(Buffer.alloc(MEGABYTE));
  } catch {
    for (let wrote = true; wrote;)
      wrote = await file.write(Buffer.alloc(4096)).then(
        ({ bytesWritten }) => bytesWritten === 4096,
        () => false,
      );
  } finally {
    await file.close().catch(() => undefined);
  }
  note(`${megabytes} MB of filling`);
  return async () => {
    await rm(filler, { force: true });
    await platform.kill('nats');
    await platform.restart('nats');
    await platform.setUpStreams();
  };
}
