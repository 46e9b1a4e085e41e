import type { ServiceName } from '@apollo/contracts';
import { actingBy, newId, runAsSystem } from '@apollo/tenancy';

/** Whose work is done, in whose name. */
export interface DueWork {
  readonly org_id: string;
  /** A person's id, or `system:<service>`; the service itself when left out. */
  readonly started_by?: string;
}

/** A job, and what was granted for it. */
export interface GrantedWork {
  readonly id: string;
  readonly delegation: string | null;
}

/**
 * Opens contexts for work that outlives the request that began it. The only place of the library where this happens.
 */
export class WorkContext {
  /** @param reason why no caller's context can serve, in a few words */
  constructor(
    private readonly service: ServiceName,
    private readonly reason: string,
  ) {}

  /** Looks for work of any organization. */
  forAll<T>(fn: () => T): T {
    const { service, reason } = this;
    return runAsSystem({ reason, service, scope: 'platform', requestId: newId() }, fn);
  }

  /**
   * Works for an organization, in the name of whoever asked for it.
   *
   * @param requestId that of the work, where it has an id
   */
  within<T>({ org_id: orgId, started_by: actor }: DueWork, fn: () => T, requestId = newId()): T {
    const { service, reason } = this;
    return runAsSystem({ reason, service, scope: 'org', orgId, actor, requestId }, fn);
  }

  /**
   * Works on a job by what was granted for it, in the context of its organization: other services are shown the grant,
   * and audit logs tell who acted.
   *
   * @param as the name under which it is done, if it has one
   */
  actingFor<T>({ id: run, delegation }: GrantedWork, as: string | undefined, fn: () => T): T {
    return delegation === null ? fn() : actingBy({ service: this.service, run, as, grant: delegation }, fn);
  }
}
