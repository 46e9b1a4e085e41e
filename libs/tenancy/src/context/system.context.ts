import { currentTenant, type Scope, runInTenantContext, type TenantContext } from './tenant.context.js';

/** What a service declares when it acts without a caller's envelope. */
export interface SystemWork {
  /** Why no caller's context can serve, in a few words; lands in logs. */
  readonly reason: string;
  /** The service that acts; becomes the actor `system:<service>` unless `actor` names a person. */
  readonly service: string;
  readonly scope: Scope;
  /** The organization worked for; required for scope `org`, absent otherwise. */
  readonly orgId?: string;
  /** The person on whose behalf a scope changes, e.g. the creator of a new organization. */
  readonly actor?: string;
  readonly requestId: string;
}

/**
 * The third entry point: opens a context for work that no envelope asked for (relays, schedulers) or that crosses
 * from one scope into another (creating an organization). Lint keeps an allow-list of the files that may call it.
 *
 * @throws InvalidTenantContextError when scope and organization do not fit each other
 */
export function runAsSystem<T>(work: SystemWork, fn: () => T): T {
  const context: TenantContext = {
    scope: work.scope,
    orgId: work.orgId ?? null,
    actor: work.actor ?? `system:${work.service}`,
    role: 'system',
    requestId: work.requestId,
  };
  return runInTenantContext(context, fn);
}

/** The current request id, for carrying a request into system work started by it. */
export function currentRequestId(): string {
  return currentTenant().requestId;
}
