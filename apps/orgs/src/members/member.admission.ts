import { Injectable } from '@nestjs/common';
import { MemberAnnouncer } from './member.announcer.js';
import { MemberRepository, type NewMember } from './member.repository.js';

/** Takes people in as members of the acting organization, in the transaction that decides about it. */
@Injectable()
export class MemberAdmission {
  constructor(
    private readonly members: MemberRepository,
    private readonly announcer: MemberAnnouncer,
  ) {}

  /** Adds a member and tells of it. @throws a unique violation of `members_pkey` for a member */
  async admit(member: NewMember): Promise<void> {
    await this.members.insert(member);
    await this.announcer.joined(member.id, member.role);
  }
}
