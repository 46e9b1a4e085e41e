import { type ErrorCode, may, type Permission, type Role } from '@apollo/contracts';

/** What somebody may do who acts in a role: the table of permissions, or less of it. */
export type Rights = (role: Role, permission: Permission) => boolean;

/** Who acts upon whom; `null` stands for "no member": before joining, or after removal. */
export interface MemberChange {
  /** The acting person's role. */
  readonly by: Role;
  /** The role before. */
  readonly from: Role | null;
  /** The role after. */
  readonly to: Role | null;
  /** How many Owners the organization has before. */
  readonly owners: number;
}

/**
 * What stands in the way of a change that one member makes to another, or to themselves: an Admin never touches an
 * Owner and makes none, and the last Owner stays one. Null when the change may go ahead.
 */
export function changeProblem({ by, from, to, owners }: MemberChange, rights: Rights = may): ErrorCode | null {
  if (!rights(by, 'members.manage')) return 'forbidden';
  if ((from === 'owner' || to === 'owner') && !rights(by, 'owners.manage')) return 'owner_required';
  return losesLastOwner(from, to, owners) ? 'last_owner' : null;
}

/** What stands in the way of leaving: only being the last Owner. */
export function leavingProblem(role: Role, owners: number): ErrorCode | null {
  return losesLastOwner(role, null, owners) ? 'last_owner' : null;
}

/** What stands in the way of inviting somebody as `role`, and of revoking or renewing such an invitation. */
export function invitingProblem(by: Role, role: Role, rights: Rights = may): ErrorCode | null {
  if (!rights(by, 'invitations.manage')) return 'forbidden';
  return role === 'owner' && !rights(by, 'owners.manage') ? 'owner_required' : null;
}

function losesLastOwner(from: Role | null, to: Role | null, owners: number): boolean {
  return from === 'owner' && to !== 'owner' && owners <= 1;
}
