import { currentRequestId, newId, runAsSystem } from '@apollo/tenancy';

/** What a directory found: the organization to step into. */
export interface Found {
  readonly org_id: string;
}

/**
 * Steps from a request that travels without an organization into the one that a directory look-up found for it:
 * a slug to suspend, a link to accept, an organization being created. The only place of the service where this happens.
 *
 * @param actor the person acting, or null where nobody is signed in
 */
export function enterOrg<T>(found: Found, actor: string | null, fn: () => T): T {
  return runAsSystem(
    {
      reason: 'a directory look-up named the organization',
      service: 'orgs',
      scope: 'org',
      orgId: found.org_id,
      actor: actor ?? undefined,
      requestId: currentRequestId(),
    },
    fn,
  );
}

/** Runs a directory look-up that answers the platform only, on behalf of a person who holds a link. */
export function askDirectory<T>(fn: () => T): T {
  return runAsSystem(
    {
      reason: 'a mailed link names no organization',
      service: 'orgs',
      scope: 'platform',
      requestId: currentRequestId(),
    },
    fn,
  );
}

/** Asks identity about a person, which it answers whichever organization that is for. */
export function askOfPerson<T>(fn: () => T): T {
  return runAsSystem(
    {
      reason: 'what identity knows of a person belongs to no organization',
      service: 'orgs',
      scope: 'platform',
      requestId: currentRequestId(),
    },
    fn,
  );
}

/** Steps into the organization that an operator decided about, as that operator at that request. */
export function enterDecided<T>(
  decision: Found & { readonly decided_by: string; readonly request_id: string },
  fn: () => T,
): T {
  return runAsSystem(
    {
      reason: 'what an operator decided is put into the audit log afterwards',
      service: 'orgs',
      scope: 'org',
      orgId: decision.org_id,
      actor: decision.decided_by,
      requestId: decision.request_id,
    },
    fn,
  );
}

/** Runs a directory look-up about all organizations that no request asked for. */
export function askForAll<T>(fn: () => T): T {
  return runAsSystem(
    { reason: 'what operators decided is put into audit logs', service: 'orgs', scope: 'platform', requestId: newId() },
    fn,
  );
}
