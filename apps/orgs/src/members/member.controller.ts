import {
  ChangeMemberRole,
  GetMember,
  LeaveOrg,
  ListMembers,
  orgsMessages,
  Page,
  RemoveMember,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { MemberService } from './member.service.js';

@Controller()
export class MemberController {
  constructor(private readonly members: MemberService) {}

  @Handles(ListMembers)
  list(@Payload() request: Page): Promise<orgsMessages.MemberList> {
    return this.members.list(request);
  }

  @Handles(GetMember)
  get(@Payload() request: orgsMessages.MemberRequest): Promise<orgsMessages.Member> {
    return this.members.get(request.user_id);
  }

  @Handles(ChangeMemberRole)
  changeRole(@Payload() request: orgsMessages.ChangeRoleRequest): Promise<orgsMessages.Member> {
    return this.members.changeRole(request);
  }

  @Handles(RemoveMember)
  remove(@Payload() request: orgsMessages.RemoveMemberRequest): Promise<{ done: boolean }> {
    return this.members.remove(request);
  }

  @Handles(LeaveOrg)
  leave(): Promise<{ done: boolean }> {
    return this.members.leave();
  }
}
