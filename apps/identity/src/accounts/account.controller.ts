import { CreateInvitedAccount, DescribePerson, GetMe, type identityMessages as messages } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { AccountService } from './account.service.js';
import { InvitedAccountService } from './invited.account.service.js';
import { MeService } from './me.service.js';

@Controller()
export class AccountController {
  constructor(
    private readonly accounts: AccountService,
    private readonly invited: InvitedAccountService,
    private readonly me: MeService,
  ) {}

  @Handles(GetMe)
  describeMe(): Promise<messages.Me> {
    return this.me.describe();
  }

  @Handles(CreateInvitedAccount)
  createInvited(@Payload() request: messages.InvitedAccountRequest): Promise<messages.Account> {
    return this.invited.create(request);
  }

  @Handles(DescribePerson)
  describePerson(@Payload() request: messages.PersonRequest): Promise<messages.Person> {
    return this.accounts.describe(request.id);
  }
}
