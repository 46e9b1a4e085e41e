import { Activate, type identityMessages as messages, IssueAccessGrant } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ActivationService } from './activation.service.js';
import { GrantService } from './grant.service.js';

@Controller()
export class GrantController {
  constructor(
    private readonly grants: GrantService,
    private readonly activation: ActivationService,
  ) {}

  @Handles(IssueAccessGrant)
  issue(@Payload() request: messages.AccessGrantRequest): Promise<messages.AccessGrant> {
    return this.grants.issue(request);
  }

  @Handles(Activate)
  activate(@Payload() request: messages.ActivateRequest): Promise<messages.Account> {
    return this.activation.activate(request);
  }
}
