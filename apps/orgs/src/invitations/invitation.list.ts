import { DomainError, type orgsMessages, type Page } from '@apollo/contracts';
import { CursorCodec } from '@apollo/service-kit';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { invitationOf, InvitationRepository } from './invitation.repository.js';

/** Reads the acting organization's invitations. */
@Injectable()
export class InvitationList {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly cursors: CursorCodec,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A page, newest first. */
  list(request: Page): Promise<orgsMessages.InvitationList> {
    const now = this.clock();
    return this.cursors.page(
      'invitations',
      request,
      async (before: { id: string } | undefined, limit) =>
        (await this.invitations.page(before?.id ?? null, limit)).map((row) => invitationOf(row, now)),
      ({ id }) => ({ id }),
    );
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<orgsMessages.Invitation> {
    const row = await this.invitations.find(id);
    if (!row) throw new DomainError('not_found');
    return invitationOf(row, this.clock());
  }
}
