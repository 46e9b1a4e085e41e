import { inForm } from '@apollo/contracts';
import { verifySync } from 'otplib';

const STEP_SECONDS = 30;
/** A code of the step before or after still counts: clocks of phones go wrong, and typing takes time. */
const TOLERANCE_SECONDS = STEP_SECONDS;

/** A code as it is meant: authenticators and mails show them in groups, and people type them so. */
export function bareCode(typed: string): string {
  return inForm(typed, 'NFKC').replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether a text is a code of an authenticator and not a recovery code. */
export function isTotpCode(code: string): boolean {
  return /^\d{6}$/.test(bareCode(code));
}

/**
 * The time step a code belongs to, or undefined when it is wrong.
 *
 * @param secret base32
 * @param usedUpTo the last step that was accepted: a code of it or before it is a replay
 */
export function acceptedStep(secret: string, code: string, now: Date, usedUpTo: number | null): number | undefined {
  const epoch = Math.floor(now.getTime() / 1000);
  const latest = Math.floor((epoch + TOLERANCE_SECONDS) / STEP_SECONDS);
  // The library throws on a bound beyond its window (a clock that was set back); nothing can be accepted then.
  if (!isTotpCode(code) || (usedUpTo !== null && usedUpTo >= latest)) return undefined;
  const result = verifySync({
    secret,
    token: bareCode(code),
    epoch,
    period: STEP_SECONDS,
    epochTolerance: TOLERANCE_SECONDS,
    ...(usedUpTo === null ? {} : { afterTimeStep: usedUpTo }),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
