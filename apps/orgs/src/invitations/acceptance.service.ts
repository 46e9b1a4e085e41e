import {
  AcceptInvitation,
  AcceptInvitationAsNew,
  CreateInvitedAccount,
  DescribePerson,
  DomainError,
  type identityMessages,
  type orgsMessages,
  typeOf,
} from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { type Clock, CLOCK, currentTenant } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import type { LinkedInvitation } from '../directory/directory.repository.js';
import { enterOrg } from '../access/org.context.js';
import { JoiningService } from './joining.service.js';
import { LinkService } from './link.service.js';

/** Who is about to join by which invitation; known before the transaction that lets them in. */
export interface Newcomer {
  readonly link: LinkedInvitation;
  readonly person: identityMessages.Account;
}

/** Accepting an invitation, with an account or by creating the one it is bound to. */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly links: LinkService,
    private readonly joining: JoiningService,
    private readonly bus: Bus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `link_used`, `wrong_recipient` for an account with another address */
  async withAccount(token: string): Promise<Newcomer> {
    const { actor } = currentTenant();
    const attempt = typeOf(AcceptInvitation);
    const { link, invitation } = await this.links.open(token, attempt, actor);
    const person = await this.bus.request(DescribePerson, { id: actor });
    if (person.email.toLowerCase() !== invitation.email) {
      await this.links.refuse(link, actor, attempt, 'wrong_recipient');
      throw new DomainError('wrong_recipient');
    }
    return { link, person };
  }

  /**
   * Creates the account. Should joining fail afterwards, the link still works: with the same name and password, or by
   * signing in.
   *
   * @throws DomainError `link_used`, `state_conflict` when the address has an account
   */
  async withoutAccount({ token, name, password }: orgsMessages.AcceptAsNewRequest): Promise<Newcomer> {
    const { link, invitation } = await this.links.open(token, typeOf(AcceptInvitationAsNew));
    const request = { email: invitation.email, name, password, invited_by: link.org_id };
    const idempotencyKey = `invitation:${link.org_id}:${invitation.id}`;
    const person = await this.bus.request(CreateInvitedAccount, request, { idempotencyKey }).catch((error: unknown) => {
      const exists = error instanceof DomainError && ['state_conflict', 'idempotency_mismatch'].includes(error.code);
      throw exists
        ? new DomainError(
            'state_conflict',
            'There is an account for this address: give the password that it has, or sign in to accept.',
          )
        : error;
    });
    return { link, person };
  }

  /** Lets the newcomer in. @throws DomainError `link_used` for a link that was used meanwhile, `already_member` */
  async join({ link, person }: Newcomer): Promise<orgsMessages.Acceptance> {
    return enterOrg(link, person.id, () => this.joining.join(link.invitation_id, person, this.clock()));
  }
}
