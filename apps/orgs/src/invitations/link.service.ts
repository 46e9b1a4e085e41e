import { DomainError, type orgsMessages } from '@apollo/contracts';
import { AuditTrail } from '@apollo/service-kit';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { askDirectory, enterOrg } from '../access/org.context.js';
import { DirectoryRepository, type LinkedInvitation } from '../directory/directory.repository.js';
import { InvitationRepository, type LinkedRow } from './invitation.repository.js';
import { linkState } from './invitation.rules.js';
import { invitationTokenHash, InvitationTokens } from './invitation.token.js';

/** A mailed link that may be used now, and the invitation it opens. */
export interface OpenLink {
  readonly link: LinkedInvitation;
  readonly invitation: LinkedRow;
}

/** Finds what a mailed link opens. Unknown, made up, used, replaced, revoked, expired and powerless are one answer. */
@Injectable()
export class LinkService {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly invitations: InvitationRepository,
    private readonly audit: AuditTrail,
    private readonly tokens: InvitationTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What whoever holds the link may see. @throws DomainError `link_used` */
  async preview(token: string): Promise<orgsMessages.InvitationPreview> {
    const { invitation } = await this.open(token, null);
    const { org_name, org_slug, email, role, expires_at } = invitation;
    return { org_name, org_slug, email, role, expires_at: expires_at.toISOString() };
  }

  /**
   * @param attempt the message type of an attempt to accept, which is recorded when the inviter had the power no more;
   *   null for a mere look
   * @throws DomainError `link_used`
   */
  async open(token: string, attempt: string | null, actor: string | null = null): Promise<OpenLink> {
    const link = await askDirectory(() => this.directory.invitationOf(invitationTokenHash(token)));
    const invitation = link && (await enterOrg(link, actor, () => this.invitations.linked(link.invitation_id)));
    if (!link || !invitation || !this.tokens.isFor(token, { ...invitation, org: link.org_id }, link.of_before))
      throw new DomainError('link_used');
    const state = linkState(
      { ...invitation, inviterRole: invitation.inviter_role, orgStatus: invitation.org_status },
      this.clock(),
    );
    if (state === 'powerless' && attempt) await this.refuse(link, actor, attempt, 'inviter_lost_power');
    if (state !== 'open') throw new DomainError('link_used');
    return { link, invitation };
  }

  /** Records a refused acceptance in the inviting organization's log. */
  async refuse(link: LinkedInvitation, actor: string | null, attempt: string, code: string): Promise<void> {
    await enterOrg(link, actor, () => this.audit.denied(attempt, link.invitation_id, { code }));
  }
}
