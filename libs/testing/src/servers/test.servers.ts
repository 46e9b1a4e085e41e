import { readFileSync } from 'node:fs';
import { serversFile, workerNumber } from '../config.js';
import type { ServerSet } from './server.set.js';

/** The servers and keys of this run, with the bus that only the files of this worker use, one file after the other. */
export interface TestServers extends Omit<ServerSet, 'natsUrls'> {
  readonly natsUrl: string;
}

let known: TestServers | undefined;

/** What the specs of this file may use. */
export function testServers(): TestServers {
  return (known ??= read());
}

function read(): TestServers {
  const { natsUrls, ...shared } = JSON.parse(readFileSync(serversFile(), 'utf8')) as ServerSet;
  const natsUrl = natsUrls[workerNumber() - 1];
  if (natsUrl === undefined) throw new Error(`Worker ${workerNumber()} has no bus: there are ${natsUrls.length}.`);
  return { ...shared, natsUrl };
}
