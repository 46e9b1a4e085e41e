import { definer, PLATFORM_ONLY } from '../accounts/directory.functions.js';

/** What the directory says of second factors: which one is confirmed, and the recovery codes that are left. */
export const secondFactorFunctions = [
  definer({
    name: 'require_factor',
    takes: 'person uuid, factor uuid, codes text[]',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update identity.accounts a set second_factor = true, factor_id = factor, recovery_codes = codes where a.user_id = person;`,
  }),
  definer({
    name: 'use_recovery_code',
    takes: 'person uuid, code_hash text',
    gives: 'table (used boolean)',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  return query update identity.accounts a set recovery_codes = array_remove(a.recovery_codes, code_hash)
    where a.user_id = person and code_hash = any (a.recovery_codes) returning true;`,
  }),
];
