import { CreateInvitedAccount, DescribePerson, GetMe, type identityMessages as messages } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AccountService } from './account.service.js';
import { InvitedAccountService } from './invited.account.service.js';
import { JustMadeAccount } from './just.made.account.js';
import { MeService } from './me.service.js';

@Controller()
export class AccountController {
  constructor(
    private readonly accounts: AccountService,
    private readonly invited: InvitedAccountService,
    private readonly justMade: JustMadeAccount,
    private readonly me: MeService,
  ) {}

  @Handles(GetMe)
  describeMe(): Promise<messages.Me> {
    return this.me.describe();
  }

  @Prepares(CreateInvitedAccount)
  async justMadeBy(@Payload() request: messages.InvitedAccountRequest): Promise<{ account?: messages.Account }> {
    return { account: await this.justMade.find(request) };
  }

  @Handles(CreateInvitedAccount)
  async createInvited(
    @Payload() request: messages.InvitedAccountRequest,
    @Ctx() { account }: { account?: messages.Account },
  ): Promise<messages.Account> {
    return account ?? this.invited.create(request);
  }

  @Handles(DescribePerson)
  describePerson(@Payload() request: messages.PersonRequest): Promise<messages.Person> {
    return this.accounts.describe(request.id);
  }
}
