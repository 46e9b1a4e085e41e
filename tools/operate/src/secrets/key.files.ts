import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOY } from '@apollo/messaging';
import type { JWK } from 'jose';
import type { Secrets } from './secrets.store.js';
import { SERVICES } from '../services/service.catalog.js';

/** Paths of the key files a service is pointed to. */
export interface KeyFiles {
  /** The seed of its NATS key. */
  readonly nkey: string;
  /** Its private signing key, a JWK. */
  readonly signingKey: string;
  /** The public signing keys of all services, a JWKS. */
  readonly publicKeys: string;
}

/** Writes the key files of all services, mode 600, and gives their paths by service. */
export async function writeKeyFiles(folder: string, secrets: Secrets): Promise<Record<string, KeyFiles>> {
  const publicKeys = publicKeysFile(folder);
  const jwks = { keys: publicSigningKeys(secrets) };
  const write = (path: string, text: string) => writeFile(path, text, { mode: 0o600 });
  await write(publicKeys, JSON.stringify(jwks, undefined, 2));
  await write(deployNkeyFile(folder), `${secrets.natsKeys[DEPLOY]?.seed}\n`);
  const entries = SERVICES.map(async ({ name }): Promise<[string, KeyFiles]> => {
    const files = { nkey: join(folder, `${name}.nkey`), signingKey: join(folder, `${name}.context.json`), publicKeys };
    await write(files.nkey, `${secrets.natsKeys[name]?.seed}\n`);
    await write(files.signingKey, JSON.stringify(secrets.contextKeys[name], undefined, 2));
    return [name, files];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The public signing keys of all services, those among them that are not in use yet, or no more. */
export function publicSigningKeys({ contextKeys, otherKeys }: Pick<Secrets, 'contextKeys' | 'otherKeys'>): JWK[] {
  const others = Object.values(otherKeys).map(({ context }) => context);
  return [...Object.values(contextKeys), ...others].map(publicPart);
}

/** Where the key of the credential lies that sets up streams. */
export function deployNkeyFile(folder: string): string {
  return join(folder, `${DEPLOY}.nkey`);
}

/** Where the public signing keys of all services lie. */
export function publicKeysFile(folder: string): string {
  return join(folder, 'context-public-keys.json');
}

function publicPart({ d: _secret, ...rest }: JWK): JWK {
  return rest;
}
