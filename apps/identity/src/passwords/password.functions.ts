import { definer, PLATFORM_ONLY } from '../accounts/directory.functions.js';

/**
 * Of each account, which password hash is in force, and the one reset link: by the hash of its token, and until when.
 */
export const passwordFunctions = [
  definer({
    name: 'set_password',
    takes: 'person uuid, password_hash text',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update identity.accounts a set password_digest = encode(sha256(convert_to(password_hash, 'UTF8')), 'hex') where a.user_id = person;`,
  }),
  definer({
    name: 'set_reset',
    takes: 'person uuid, token_hash text, until timestamptz',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update identity.accounts a set reset_hash = token_hash, reset_until = until where a.user_id = person;`,
  }),
  definer({
    name: 'use_reset',
    takes: 'person uuid, token_hash text, moment timestamptz',
    gives: 'table (email text)',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  return query update identity.accounts a set reset_hash = null, reset_until = null
    where a.user_id = person and a.reset_hash = token_hash and a.reset_until > moment returning a.email;`,
  }),
];
