/** The roles of a member, strongest first. */
export const ROLES = ['owner', 'admin', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const everyone: readonly Role[] = ROLES;
const workers: readonly Role[] = ['owner', 'admin', 'member'];
const admins: readonly Role[] = ['owner', 'admin'];
const owners: readonly Role[] = ['owner'];

/** Who may do what inside an organization. The one table, used by the gateway and again by every service. */
export const PERMISSIONS = {
  'org.read': everyone,
  'org.update': admins,
  'org.delete': owners,
  'org.leave': everyone,
  'members.read': everyone,
  'members.manage': admins,
  'owners.manage': owners,
  'invitations.read': admins,
  'invitations.manage': admins,
  'audit.read': everyone,
  'audit.read-all': admins,
  'leads.read': everyone,
  'leads.write': workers,
  'leads.import': workers,
  'leads.export': workers,
  'pipelines.read': everyone,
  'pipelines.configure': admins,
  'balance.read': workers,
  'wallet.read': admins,
  'caps.configure': admins,
  'billing.purchase': owners,
} as const satisfies Record<string, readonly Role[]>;

/** An action that a role may or may not do. */
export type Permission = keyof typeof PERMISSIONS;

/** True when the role may do the action; false for anything that is not a role of a member. */
export function may(role: string, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly string[]).includes(role);
}

/** True when `a` is at least as strong as `b`. */
export function atLeast(a: Role, b: Role): boolean {
  return ROLES.indexOf(a) <= ROLES.indexOf(b);
}
