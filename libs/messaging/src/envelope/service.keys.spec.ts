import { generateKeyPairSync } from 'node:crypto';
import type { ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';
import { MessageKeys } from './message.keys.js';

/** Keys of services that know each other, made anew. */
export function serviceKeys<Name extends ServiceName>(...services: Name[]): Record<Name, MessageKeys> {
  const made = services.map((kid) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return { kid, signingKey: { ...(privateKey.export({ format: 'jwk' }) as JWK), kid } };
  });
  const publicKeys = made.map(({ signingKey: { d: _secret, ...rest } }): JWK => rest);
  const keys = made.map(({ kid, signingKey }) => [kid, new MessageKeys(kid, { signingKey, publicKeys })]);
  return Object.fromEntries(keys) as Record<Name, MessageKeys>;
}
