import { DomainError, type orgsMessages, type Role } from '@apollo/contracts';
import { type Clock, CLOCK, newId } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import type { Standing } from '../access/standing.repository.js';
import { InvitationMail } from './invitation.mail.js';
import { invitationOf, InvitationRepository } from './invitation.repository.js';
import { assertRoom, countedSince, expiryOf, MAILS_A_DAY } from './invitation.rules.js';
import { invitationTokenHash, InvitationTokens } from './invitation.token.js';

/** Issues invitations with their mails, and takes both back. In the transaction that decides about it. */
@Injectable()
export class InvitationIssuer {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly mail: InvitationMail,
    private readonly tokens: InvitationTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `rate_limited`; `state_conflict` where too many wait */
  async issue({ org }: Standing, email: string, role: Role): Promise<orgsMessages.Invitation> {
    const now = this.clock();
    assertRoom(await this.invitations.count(now));
    if ((await this.invitations.mailedTo(email, countedSince(now))) >= MAILS_A_DAY)
      throw new DomainError(
        'rate_limited',
        `An address gets at most ${MAILS_A_DAY} invitations of one organization a day.`,
      );
    const invited = { id: newId(), email, role };
    const token = this.tokens.make({ ...invited, org: org.id });
    const row = await this.invitations.insert(
      { ...invited, now, expires_at: expiryOf(now) },
      invitationTokenHash(token),
    );
    await this.mail.send({ id: invited.id, email, role, org, token, expiresAt: row.expires_at });
    return invitationOf(row, now);
  }

  /** Ends an invitation before it was accepted: its link opens nothing any more. */
  async withdraw({ org }: Standing, id: string, as: 'revoked' | 'superseded'): Promise<void> {
    await this.invitations.end(id, as);
    await this.mail.withdraw(org.id, id);
  }
}
