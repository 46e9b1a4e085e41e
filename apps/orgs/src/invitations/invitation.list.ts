import { DomainError, type orgsMessages } from '@apollo/contracts';
import { pageOf } from '@apollo/messaging';
import { CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { invitationOf, InvitationRepository } from './invitation.repository.js';

/** Reads the acting organization's invitations. */
@Injectable()
export class InvitationList {
  constructor(
    private readonly invitations: InvitationRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /** A page, newest first. */
  async list({ cursor, limit = 50 }: { cursor?: string; limit?: number }): Promise<orgsMessages.InvitationList> {
    const before = cursor ? this.cursors.open<{ id: string }>('invitations', {}, cursor).id : null;
    const rows = await this.invitations.page(before, limit + 1);
    const now = new Date();
    const { items, last } = pageOf(
      rows.map((row) => invitationOf(row, now)),
      limit,
    );
    return { items, next_cursor: last ? this.cursors.seal('invitations', {}, { id: last.id }) : null };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<orgsMessages.Invitation> {
    const row = await this.invitations.find(id);
    if (!row) throw new DomainError('not_found');
    return invitationOf(row, new Date());
  }
}
