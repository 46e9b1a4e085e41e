import { DomainError, type orgsMessages, type Role } from '@apollo/contracts';
import { mayAs } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { type Standing, StandingRepository } from '../access/standing.repository.js';
import { MemberRepository } from '../members/member.repository.js';
import { invitingProblem } from '../members/member.rules.js';
import { InvitationIssuer } from './invitation.issuer.js';
import { InvitationRepository, type InvitationRow } from './invitation.repository.js';

/** The acting organization's invitations, up to their acceptance. */
@Injectable()
export class InvitationService {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly standing: StandingRepository,
    private readonly audit: AuditTrail,
    private readonly issuer: InvitationIssuer,
  ) {}

  /**
   * Invites an address; a pending invitation of the same address is superseded.
   *
   * @throws DomainError `forbidden`, `owner_required` (also when the pending one is for an Owner), `already_member`,
   *   `rate_limited`, `state_conflict` where too many wait
   */
  async create(request: orgsMessages.CreateInvitationRequest): Promise<orgsMessages.Invitation> {
    const email = request.email.toLowerCase();
    const role = request.role as Role;
    const standing = await this.standing.lock();
    allow(standing, role);
    if (await this.members.findByEmail(email)) throw new DomainError('already_member');
    const earlier = await this.invitations.pendingFor(email);
    if (earlier) await this.supersede(standing, earlier);
    const invitation = await this.issuer.issue(standing, email, role);
    await this.audit.done('invitation.created', invitation.id, { role, supersedes: earlier?.id ?? null });
    return invitation;
  }

  /**
   * @throws DomainError `not_found`, `forbidden`, `owner_required`, `state_conflict` unless it is pending or has
   *   expired or where too many wait, `rate_limited`
   */
  async resend(id: string): Promise<orgsMessages.Invitation> {
    const standing = await this.standing.lock();
    const earlier = await this.pending(id);
    await this.supersede(standing, earlier);
    const invitation = await this.issuer.issue(standing, earlier.email, earlier.role);
    await this.audit.done('invitation.resent', invitation.id, { role: earlier.role, supersedes: id });
    return invitation;
  }

  /**
   * @throws DomainError `not_found`, `forbidden`, `owner_required`, `state_conflict` unless it is pending or has
   *   expired
   */
  async revoke(id: string): Promise<{ done: boolean }> {
    const standing = await this.standing.lock();
    const invitation = await this.pending(id);
    allow(standing, invitation.role);
    await this.issuer.withdraw(standing, id, 'revoked');
    await this.audit.done('invitation.revoked', id, { role: invitation.role });
    return { done: true };
  }

  private async pending(id: string): Promise<InvitationRow> {
    const invitation = await this.invitations.lock(id);
    if (!invitation) throw new DomainError('not_found');
    if (invitation.status !== 'pending')
      throw new DomainError('state_conflict', `The invitation is ${invitation.status}.`);
    return invitation;
  }

  private async supersede(standing: Standing, earlier: InvitationRow): Promise<void> {
    allow(standing, earlier.role);
    await this.issuer.withdraw(standing, earlier.id, 'superseded');
  }
}

function allow({ role: by }: Standing, role: Role): void {
  const problem = invitingProblem(by, role, mayAs);
  if (problem) throw new DomainError(problem);
}
