import { MemberChangedEvent } from '@apollo/contracts';
import { ReactsTo, type ReactionContext } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { MemberService } from '../members/member.service.js';

/** A member of another role owns what it owned; one whose joining was given up on is known from here. */
@Controller()
export class FollowMemberWhenItIsChanged {
  constructor(private readonly members: MemberService) {}

  @ReactsTo(MemberChangedEvent)
  async react(@Ctx() { entityId }: ReactionContext): Promise<void> {
    await this.members.know(entityId);
  }
}
