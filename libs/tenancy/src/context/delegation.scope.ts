import { currentTenant, type Delegation, runInTenantContext } from './tenant.context.js';

/** Runs `fn` for whom the open context is for, where somebody acts for them by `delegation`, or by none. */
export function actingBy<T>(delegation: Delegation | undefined, fn: () => T): T {
  return runInTenantContext({ ...currentTenant(), delegation }, fn);
}
