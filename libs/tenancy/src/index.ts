export * from './context/system.door.js';
export { MAX_ID, newId, NIL_ID } from './context/new.id.js';
export { Tally } from './context/tally.js';
export {
  type ActingRole,
  currentTenant,
  InvalidTenantContextError,
  isUuid,
  NoTenantContextError,
  runInTenantContext,
  type Scope,
  type TenantContext,
} from './context/tenant.context.js';
