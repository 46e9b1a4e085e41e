import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertReaderName, readerName, streamsShown } from '@apollo/messaging';
import { StartFailure } from '@apollo/servers';
import { readersOf } from './nats.users.js';
import { newNkey, type Secrets } from './secrets.store.js';

/** An outsider that may receive one organization's events, with the private part of its key. */
export type KnownReader = Secrets['eventReaders'][string];

/** Who may receive events, a line each, for an operator. */
export function listedReaders(secrets: Secrets): string {
  const lines = readersOf(secrets).map(
    (reader) => `${reader.name}  reads the events of ${reader.orgId} as ${readerName(reader)}`,
  );
  return lines.join('\n') || 'Nobody outside reads events.';
}

/**
 * Notes a reader with a key of its own; the caller keeps the secrets.
 *
 * @throws StartFailure for a name that is none or is taken
 */
export function addReader(secrets: Secrets, name: string, orgId: string): KnownReader {
  assertFree(secrets, name);
  const reader = { orgId, ...newNkey() };
  secrets.eventReaders[name] = reader;
  return reader;
}

/** @throws StartFailure for a name that no reader can have, or one has */
export function assertFree(secrets: Secrets, name: string): void {
  assertName(name);
  if (secrets.eventReaders[name]) throw new StartFailure(`There is a reader named ${name} already: revoke it first.`);
}

/** Forgets a reader; the caller keeps the secrets. @throws StartFailure where there is none */
export function dropReader(secrets: Secrets, name: string): void {
  assertName(name);
  if (!secrets.eventReaders[name]) throw new StartFailure(`There is no reader named ${name}.`);
  delete secrets.eventReaders[name];
}

/**
 * Writes the file that is handed to a reader, mode 600: the seed and nothing behind it, as NATS clients take it.
 *
 * @param keys folder of key files
 * @returns its path
 */
export async function writeReaderKey(keys: string, name: string, { seed }: KnownReader): Promise<string> {
  const file = keyFile(keys, name);
  await writeFile(file, seed, { mode: 0o600 });
  return file;
}

/** @param keys folder of key files */
export async function removeReaderKey(keys: string, name: string): Promise<void> {
  await rm(keyFile(keys, name), { force: true });
}

/**
 * What a reader has to be told, a line each.
 *
 * @param server URL of the bus; @param file its key file; @param publicKeys file of the keys that seals are verified by
 */
export function readerFacts(
  name: string,
  reader: KnownReader,
  { server, file, publicKeys }: { readonly server: string; readonly file: string; readonly publicKeys: string },
): string[] {
  const own = readerName({ name, ...reader });
  return [
    `  server       ${server}`,
    `  key file     ${file}`,
    `  inbox        _INBOX_${own}`,
    `  consumer     ${own}, in each stream (${streamsShown().join(', ')})`,
    `  public keys  ${publicKeys}`,
  ];
}

function keyFile(keys: string, name: string): string {
  return join(keys, `reader-${name}.nkey`);
}

function assertName(name: string): void {
  try {
    assertReaderName(name);
  } catch (error) {
    throw new StartFailure((error as Error).message);
  }
}
