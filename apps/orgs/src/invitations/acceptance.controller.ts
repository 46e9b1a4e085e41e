import { AcceptInvitation, AcceptInvitationAsNew, GetInvitation, orgsMessages } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AcceptanceService, type Newcomer } from './acceptance.service.js';
import { LinkService } from './link.service.js';

@Controller()
export class AcceptanceController {
  constructor(
    private readonly links: LinkService,
    private readonly acceptance: AcceptanceService,
  ) {}

  @Handles(GetInvitation)
  preview(@Payload() request: orgsMessages.InvitationTokenRequest): Promise<orgsMessages.InvitationPreview> {
    return this.links.preview(request.token);
  }

  @Prepares(AcceptInvitation)
  prepare(@Payload() request: orgsMessages.InvitationTokenRequest): Promise<Newcomer> {
    return this.acceptance.withAccount(request.token);
  }

  @Handles(AcceptInvitation)
  accept(
    @Payload() _request: orgsMessages.InvitationTokenRequest,
    @Ctx() newcomer: Newcomer,
  ): Promise<orgsMessages.Acceptance> {
    return this.acceptance.join(newcomer);
  }

  @Prepares(AcceptInvitationAsNew)
  prepareNew(@Payload() request: orgsMessages.AcceptAsNewRequest): Promise<Newcomer> {
    return this.acceptance.withoutAccount(request);
  }

  @Handles(AcceptInvitationAsNew)
  acceptAsNew(
    @Payload() _request: orgsMessages.AcceptAsNewRequest,
    @Ctx() newcomer: Newcomer,
  ): Promise<orgsMessages.Acceptance> {
    return this.acceptance.join(newcomer);
  }
}
