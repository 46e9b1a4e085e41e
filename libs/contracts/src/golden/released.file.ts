import { readFileSync, writeFileSync } from 'node:fs';
import { contractsNow, type ReleasedContracts } from './release.comparison.js';

const FILE = new URL('../../released.json', import.meta.url);

/** The contracts of the last release. */
export function readReleased(): ReleasedContracts {
  return JSON.parse(readFileSync(FILE, 'utf8')) as ReleasedContracts;
}

/** Makes the contracts of this checkout those of the last release. */
export function writeReleased(): void {
  writeFileSync(FILE, `${JSON.stringify(contractsNow(), null, 1)}\n`);
}
