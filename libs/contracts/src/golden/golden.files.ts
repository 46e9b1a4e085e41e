import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CATALOG } from '../catalog.js';
import { typeOf } from '../message/contract.js';
import type { MessageClass } from '../message/fields.js';
import { sampleOf } from './golden.samples.js';

const FOLDER = fileURLToPath(new URL('../../golden/', import.meta.url));

/** One message of one contract version, and the class it must parse as. */
export interface GoldenMessage {
  /** `<type>.request` or `<type>.reply`. */
  readonly name: string;
  readonly type: MessageClass;
}

/** Every message there is, requests, replies and events. */
export function goldenMessages(): GoldenMessage[] {
  return [...CATALOG.values()].flatMap((contract) => [
    { name: `${typeOf(contract)}.request`, type: contract.request },
    ...(contract.kind === 'event' ? [] : [{ name: `${typeOf(contract)}.reply`, type: contract.reply }]),
  ]);
}

/** Names of the committed files. */
export function goldenNames(): string[] {
  return readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
}

/** The committed message. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8'));
}

/** Writes what is missing and touches nothing that is there: a golden message must parse forever. */
export function writeMissingGoldens(): string[] {
  mkdirSync(FOLDER, { recursive: true });
  const missing = goldenMessages().filter(({ name }) => !existsSync(`${FOLDER}${name}.json`));
  for (const { name, type } of missing)
    writeFileSync(`${FOLDER}${name}.json`, `${JSON.stringify(sampleOf(type), null, 2)}\n`);
  return missing.map(({ name }) => name);
}
