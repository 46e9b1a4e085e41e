import { currentRequestId, newId, runAsSystem } from '@apollo/tenancy';

const service = 'identity';

/**
 * From the platform to one person: before somebody is signed in, an address or a secret names whose rows to look at.
 * Everything after that look-up runs here, under the policies of that person's own rows.
 */
export function asPerson<T>(userId: string, fn: () => T): T {
  return runAsSystem(
    {
      reason: 'an address, a token or an account being created names the person',
      service,
      scope: 'self',
      actor: userId,
      requestId: currentRequestId(),
    },
    fn,
  );
}

/**
 * From a person to the platform: for throttles, which belong to nobody, and for what the directory says of the person.
 */
export function asPlatform<T>(fn: () => T): T {
  return runAsSystem(
    {
      reason: 'throttles and the directory belong to the platform',
      service,
      scope: 'platform',
      requestId: currentRequestId(),
    },
    fn,
  );
}

/** Work of the platform that no request asked for: keeping signing keys fresh, creating the first operator. */
export function unasked<T>(fn: () => T): T {
  return runAsSystem(
    { reason: 'scheduled and operator-started work', service, scope: 'platform', requestId: newId() },
    fn,
  );
}
