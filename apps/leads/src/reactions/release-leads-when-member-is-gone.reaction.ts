import { MemberGoneEvent } from '@apollo/contracts';
import { ReactsTo, type ReactionContext } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { MemberService } from '../members/member.service.js';

/** Nobody owns the leads of whoever left, until somebody is made their owner. */
@Controller()
export class ReleaseLeadsWhenMemberIsGone {
  constructor(private readonly members: MemberService) {}

  @ReactsTo(MemberGoneEvent)
  async react(@Ctx() { entityId }: ReactionContext): Promise<void> {
    await this.members.release(entityId);
  }
}
