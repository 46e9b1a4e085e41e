import { readFileSync } from 'node:fs';
import { serversFile } from '../config.js';
import type { ServerSet } from './server.set.js';

let known: ServerSet | undefined;

/** The servers and keys of this run. */
export function testServers(): ServerSet {
  return (known ??= JSON.parse(readFileSync(serversFile(), 'utf8')) as ServerSet);
}
