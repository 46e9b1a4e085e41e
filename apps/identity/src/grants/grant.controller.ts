import { Activate, type identityMessages as messages, IssueAccessGrant } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { PreparedAccount } from '../accounts/invited.account.service.js';
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

  @Prepares(Activate)
  prepare(@Payload() request: messages.ActivateRequest): Promise<PreparedAccount> {
    return this.activation.prepare(request);
  }

  @Handles(Activate)
  activate(@Payload() request: messages.ActivateRequest, @Ctx() prepared: PreparedAccount): Promise<messages.Account> {
    return this.activation.activate(request, prepared);
  }
}
