import type { ServiceName } from '@apollo/contracts';
import { newId, runAsSystem, runInTenantContext, type TenantContext } from '@apollo/tenancy';

/** Runs `fn` as a service would that acts for one of the benchmark's own organizations. */
export function actAs<T>(service: ServiceName, orgId: string, fn: () => T): T {
  return runAsSystem({ reason: 'the benchmark plays a service', service, scope: 'org', orgId, requestId: newId() }, fn);
}

/** Runs `fn` as a service would that acts for the platform. */
export function actForPlatform<T>(service: ServiceName, fn: () => T): T {
  return runAsSystem({ reason: 'the benchmark plays a service', service, scope: 'platform', requestId: newId() }, fn);
}

/** Runs `fn` as a service would that acts for a person of one of the benchmark's own organizations. */
export function actFor<T>(context: TenantContext, delegation: TenantContext['delegation'], fn: () => T): T {
  return runInTenantContext({ ...context, ...(delegation && { delegation }), requestId: newId() }, fn);
}
