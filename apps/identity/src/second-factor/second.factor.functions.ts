import { definer, PLATFORM_ONLY } from '../accounts/directory.functions.js';

/**
 * What the directory says of second factors: which one waits, which one is confirmed, up to which time step its codes
 * are used up, and the recovery codes that are left.
 */
export const secondFactorFunctions = [
  definer({
    name: 'begin_factor',
    // Instances of the release before do not say until when.
    takes: `person uuid, factor uuid, until timestamptz default now() + interval '15 minutes'`,
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update identity.accounts a
    set pending_factor_id = factor, pending_factor_until = until, pending_factor_tries = 0, pending_factor_try = null
    where a.user_id = person;`,
  }),
  definer({
    name: 'try_factor',
    takes: 'person uuid, attempt uuid, moment timestamptz, most integer',
    gives: 'table (tries integer)',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  return query update identity.accounts a
    set pending_factor_tries = a.pending_factor_tries + case when a.pending_factor_try = attempt then 0 else 1 end,
      pending_factor_try = attempt
    where a.user_id = person and a.pending_factor_id is not null and a.pending_factor_until > moment
      and (a.pending_factor_tries < most or a.pending_factor_try = attempt)
    returning a.pending_factor_tries;`,
  }),
  definer({
    name: 'require_factor',
    takes: 'person uuid, factor uuid, step bigint, codes text[]',
    gives: 'table (required boolean)',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  return query update identity.accounts a
    set second_factor = true, factor_id = factor, factor_step = step, pending_factor_id = null, recovery_codes = codes
    where a.user_id = person and a.pending_factor_id = factor returning true;`,
  }),
  definer({
    name: 'use_factor_step',
    takes: 'person uuid, factor uuid, step bigint',
    gives: 'table (used boolean)',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  return query update identity.accounts a set factor_step = step
    where a.user_id = person and a.factor_id = factor and (a.factor_step < step or a.factor_step is null) returning true;`,
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
