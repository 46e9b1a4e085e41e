import { DomainError, type Role } from '@apollo/contracts';
import { invitingProblem } from '../members/member.rules.js';

/** Days a mailed link works. */
const LIFETIME_DAYS = 7;

/** Mails of one organization that an address gets within a day. */
export const MAILS_A_DAY = 5;

/** Invitations that an organization sends within a day, to whomever. */
export const INVITATIONS_A_DAY = 200;

/** Invitations of an organization that may be accepted at a time. */
export const PENDING_AT_ONCE = 1_000;

/** How many invitations an organization has sent lately, and how many of them may still be accepted. */
export interface InvitationCount {
  readonly sent: number;
  readonly pending: number;
}

/** Whether an organization may send one more. @throws DomainError `rate_limited`, `state_conflict` */
export function assertRoom({ sent, pending }: InvitationCount): void {
  if (sent >= INVITATIONS_A_DAY)
    throw new DomainError('rate_limited', `An organization sends at most ${INVITATIONS_A_DAY} invitations a day.`);
  if (pending >= PENDING_AT_ONCE)
    throw new DomainError(
      'state_conflict',
      `At most ${PENDING_AT_ONCE} invitations of an organization wait at a time. Revoke those that nobody will accept.`,
    );
}

/** From when on mails count at `moment`. */
export function countedSince(moment: Date): Date {
  return new Date(moment.getTime() - 86_400_000);
}

export type StoredStatus = 'pending' | 'accepted' | 'revoked' | 'superseded';

/** When an invitation made at `moment` ends. */
export function expiryOf(moment: Date): Date {
  return new Date(moment.getTime() + LIFETIME_DAYS * 86_400_000);
}

/** What was made before has ended at `moment`, whatever became of it. */
export function aliveSince(moment: Date): Date {
  return new Date(moment.getTime() - LIFETIME_DAYS * 86_400_000);
}

/** The status people are told: a pending invitation expires by itself. */
export function statusAt(invitation: { status: StoredStatus; expires_at: Date }, now: Date): StoredStatus | 'expired' {
  return invitation.status === 'pending' && invitation.expires_at <= now ? 'expired' : invitation.status;
}

/** What decides whether a link may still be used. */
export interface LinkFacts {
  readonly status: StoredStatus;
  readonly expires_at: Date;
  readonly role: Role;
  /** The inviter's role now; null when they are no member any more. */
  readonly inviterRole: Role | null;
  readonly orgStatus: 'active' | 'suspended' | 'deleted';
}

/**
 * `open` for a link that may be used now; `powerless` when whoever invited could not invite to this role any more;
 * `dead` for every other reason. Nobody outside learns which.
 */
export function linkState(facts: LinkFacts, now: Date): 'open' | 'powerless' | 'dead' {
  if (facts.orgStatus !== 'active' || statusAt(facts, now) !== 'pending') return 'dead';
  return facts.inviterRole === null || invitingProblem(facts.inviterRole, facts.role) ? 'powerless' : 'open';
}
