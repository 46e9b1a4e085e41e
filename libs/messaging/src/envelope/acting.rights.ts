import { DomainError, may, mayNot, type Permission } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';

/**
 * Whether the acting person may do something: by their role, and where a service acts for them, by what they granted
 * it.
 */
export function mayNow(permission: Permission): boolean {
  return mayAs(currentTenant().role, permission);
}

/** As `mayNow`, where the acting person's role was read anew. */
export function mayAs(role: string, permission: Permission): boolean {
  return may(role, permission) && isGranted(permission);
}

/** @throws DomainError `forbidden` when the acting person may not, with the reason */
export function assertMayNow(permission: Permission, { role } = currentTenant()): void {
  if (!may(role, permission)) throw new DomainError('forbidden', mayNot(role, permission));
  if (!isGranted(permission)) throw new DomainError('forbidden', 'That was not granted to the service that acts.');
}

function isGranted(permission: Permission): boolean {
  return currentTenant().permissions?.includes(permission) ?? true;
}
