import { StartFailure } from '@apollo/servers';
import { isUuid, newId } from '@apollo/tenancy';
import {
  addReader,
  dropReader,
  listedReaders,
  readerFacts,
  removeReaderKey,
  writeReaderKey,
} from '../secrets/reader.registry.js';
import { publicKeysFile } from '../secrets/key.files.js';
import type { Secrets } from '../secrets/secrets.store.js';

/** What may be said about readers. */
export const READER_USAGE = 'reader list | reader grant <organization id> <name> | reader revoke <name>';

/** What has to follow, in this order: a reader's consumers are there before its key is let in. */
const THEN = 'Set up the streams, then have NATS load its configuration again, twice';

/**
 * Has somebody outside stand among those who may receive one organization's events, or no more. The caller keeps the
 * secrets.
 *
 * @param server URL of the bus; @param keys folder for the key file of a reader
 * @returns what to tell the operator
 * @throws StartFailure for words that say nothing that can be done
 */
export async function changeReaders(
  secrets: Secrets,
  { server, keys }: { readonly server: string; readonly keys: string },
  words: readonly string[],
): Promise<string> {
  const [verb, first = '', second = ''] = words;
  if (verb === 'list' && words.length === 1) return listedReaders(secrets);
  if (verb === 'grant' && words.length === 3) return grant(secrets, { server, keys }, first, second);
  if (verb === 'revoke' && words.length === 2) return revoke(secrets, keys, first);
  throw new StartFailure(READER_USAGE);
}

async function grant(
  secrets: Secrets,
  { server, keys }: { readonly server: string; readonly keys: string },
  orgId: string,
  name: string,
): Promise<string> {
  if (!isUuid(orgId))
    throw new StartFailure(`${orgId} is no id of an organization, such as ${newId()}: GET /v1/orgs/<slug> says it.`);
  const reader = addReader(secrets, name, orgId);
  const file = await writeReaderKey(keys, name, reader);
  const facts = readerFacts(name, reader, { server, file, publicKeys: publicKeysFile(keys) });
  return [`${name} may receive the events of ${orgId}:`, ...facts, `${THEN}.`].join('\n');
}

async function revoke(secrets: Secrets, keys: string, name: string): Promise<string> {
  dropReader(secrets, name);
  await removeReaderKey(keys, name);
  return `${name} is a reader no more, and receives nothing once NATS has loaded its configuration again.`;
}
