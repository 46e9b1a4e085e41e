import { currentRequestId, runAsSystem } from '@apollo/tenancy';

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
