import {
  CreateInvitation,
  GetInvitationById,
  ListInvitations,
  orgsMessages,
  Page,
  ResendInvitation,
  RevokeInvitation,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { InvitationList } from './invitation.list.js';
import { InvitationService } from './invitation.service.js';

@Controller()
export class InvitationController {
  constructor(
    private readonly invitations: InvitationService,
    private readonly overview: InvitationList,
  ) {}

  @Handles(ListInvitations)
  list(@Payload() request: Page): Promise<orgsMessages.InvitationList> {
    return this.overview.list(request);
  }

  @Handles(GetInvitationById)
  get(@Payload() request: orgsMessages.ObjectRequest): Promise<orgsMessages.Invitation> {
    return this.overview.get(request.id);
  }

  @Handles(CreateInvitation)
  create(@Payload() request: orgsMessages.CreateInvitationRequest): Promise<orgsMessages.Invitation> {
    return this.invitations.create(request);
  }

  @Handles(RevokeInvitation)
  revoke(@Payload() request: orgsMessages.ObjectRequest): Promise<{ done: boolean }> {
    return this.invitations.revoke(request.id);
  }

  @Handles(ResendInvitation)
  resend(@Payload() request: orgsMessages.ObjectRequest): Promise<orgsMessages.Invitation> {
    return this.invitations.resend(request.id);
  }
}
