import { DomainError, type identityMessages, type orgsMessages } from '@apollo/contracts';
import { AuditTrail } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { StandingRepository } from '../access/standing.repository.js';
import { MemberAdmission } from '../members/member.admission.js';
import { MemberRepository } from '../members/member.repository.js';
import { InvitationRepository } from './invitation.repository.js';
import { linkState } from './invitation.rules.js';

/** Turns an invitation of the acting organization into a membership. */
@Injectable()
export class JoiningService {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly standing: StandingRepository,
    private readonly audit: AuditTrail,
    private readonly admission: MemberAdmission,
  ) {}

  /**
   * Decides anew under the organization's lock: two who accept at once, and an inviter demoted at that moment, are
   * settled here.
   *
   * @throws DomainError `link_used`, `wrong_recipient`, `already_member`
   */
  async join(id: string, person: identityMessages.Account, now: Date): Promise<orgsMessages.Acceptance> {
    const org = await this.standing.lockOrg();
    const invitation = await this.invitations.linked(id);
    if (!org || !invitation) throw new DomainError('link_used');
    const facts = { ...invitation, inviterRole: invitation.inviter_role, orgStatus: invitation.org_status };
    if (linkState(facts, now) !== 'open') throw new DomainError('link_used');
    if (person.email.toLowerCase() !== invitation.email) throw new DomainError('wrong_recipient');
    if (await this.members.find(person.id)) throw new DomainError('already_member');
    await this.admission.admit({
      id: person.id,
      email: invitation.email,
      name: person.name,
      role: invitation.role,
      now,
    });
    await this.invitations.end(id, 'accepted', person.id);
    await this.audit.done('member.joined', person.id, {
      invitation: id,
      role: invitation.role,
      invited_by: invitation.invited_by,
    });
    return { org_slug: org.slug, role: invitation.role, user_id: person.id };
  }
}
