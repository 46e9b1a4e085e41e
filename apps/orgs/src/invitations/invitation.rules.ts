import type { Role } from '@apollo/contracts';
import { invitingProblem } from '../members/member.rules.js';

/** Days a mailed link works. */
const LIFETIME_DAYS = 7;

/** Mails of one organization that an address gets within a day. */
export const MAILS_A_DAY = 5;

/** From when on mails count at `moment`. */
export function countedSince(moment: Date): Date {
  return new Date(moment.getTime() - 86_400_000);
}

export type StoredStatus = 'pending' | 'accepted' | 'revoked' | 'superseded';

/** When an invitation made at `moment` ends. */
export function expiryOf(moment: Date): Date {
  return new Date(moment.getTime() + LIFETIME_DAYS * 86_400_000);
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
 * `open` for a link that may be used now; `powerless` when whoever invited could not invite to this role any more; `dead`
 * for every other reason. Nobody outside learns which.
 */
export function linkState(facts: LinkFacts, now: Date): 'open' | 'powerless' | 'dead' {
  if (facts.orgStatus !== 'active' || statusAt(facts, now) !== 'pending') return 'dead';
  return facts.inviterRole === null || invitingProblem(facts.inviterRole, facts.role) ? 'powerless' : 'open';
}
