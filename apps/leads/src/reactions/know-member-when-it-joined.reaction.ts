import { MemberJoinedEvent } from '@apollo/contracts';
import { ReactsTo, type ReactionContext } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { MemberService } from '../members/member.service.js';

/** Whoever joined may own leads. */
@Controller()
export class KnowMemberWhenItJoined {
  constructor(private readonly members: MemberService) {}

  @ReactsTo(MemberJoinedEvent)
  async react(@Ctx() { entityId }: ReactionContext): Promise<void> {
    await this.members.know(entityId);
  }
}
