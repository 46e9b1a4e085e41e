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
  'personas.read': everyone,
  'personas.configure': admins,
  'agents.use': workers,
  'documents.read': everyone,
  'documents.write': workers,
  'balance.read': workers,
  'wallet.read': admins,
  'caps.configure': admins,
  'billing.purchase': owners,
} as const satisfies Record<string, readonly Role[]>;

/** An action that a role may or may not do. */
export type Permission = keyof typeof PERMISSIONS;

/** What each permission allows, as people say it after "may". */
const DEEDS: Readonly<Record<Permission, string>> = {
  'org.read': 'see the organization',
  'org.update': 'change the settings of the organization',
  'org.delete': 'delete the organization',
  'org.leave': 'leave the organization',
  'members.read': 'see members',
  'members.manage': 'change or remove members',
  'owners.manage': 'change or remove an Owner, or make one',
  'invitations.read': 'see invitations',
  'invitations.manage': 'invite, or change invitations',
  'audit.read': 'read the audit log',
  'audit.read-all': 'read what others did in the audit log',
  'leads.read': 'see leads',
  'leads.write': 'create or change leads',
  'leads.import': 'import leads',
  'leads.export': 'export leads',
  'pipelines.read': 'see pipelines',
  'pipelines.configure': 'configure pipelines and fields',
  'personas.read': 'see personas, what they remember and conversations with them',
  'personas.configure': 'configure personas',
  'agents.use': 'talk to personas, or change what they remember',
  'documents.read': 'see or search documents',
  'documents.write': 'upload or delete documents',
  'balance.read': 'see the balance',
  'wallet.read': 'see the wallet, its ledger and caps',
  'caps.configure': 'change caps',
  'billing.purchase': 'buy, or change the plan',
};

/** What the permission allows, as people say it after "may". */
export function deedOf(permission: Permission): string {
  return DEEDS[permission];
}

/** `A Viewer may not create or change leads.` @param role of a member, or whatever else somebody acts as */
export function mayNot(role: string, permission: Permission): string {
  const isMember = (ROLES as readonly string[]).includes(role);
  const named = `${/^[aeiou]/.test(role) ? 'An' : 'A'} ${role[0]?.toUpperCase()}${role.slice(1)}`;
  return `${isMember ? named : `The role ${role}`} may not ${deedOf(permission)}.`;
}

/** True when the role may do the action; false for anything that is not a role of a member. */
export function may(role: string, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly string[]).includes(role);
}

/** True when `a` is at least as strong as `b`. */
export function atLeast(a: Role, b: Role): boolean {
  return ROLES.indexOf(a) <= ROLES.indexOf(b);
}
