export { type Clock, CLOCK, later, systemClock } from './context/clock.js';
export * from './context/delegation.scope.js';
export * from './context/system.context.js';
export { MAX_ID, newId, NIL_ID } from './context/new.id.js';
export { Tally } from './context/tally.js';
export {
  type ActingRole,
  currentTenant,
  type Delegation,
  InvalidTenantContextError,
  isUuid,
  NoTenantContextError,
  runInTenantContext,
  type Scope,
  type TenantContext,
} from './context/tenant.context.js';
