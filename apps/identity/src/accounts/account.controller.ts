import { CreateInvitedAccount, DescribePerson, GetMe, type identityMessages as messages } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AccountService } from './account.service.js';
import { InvitedAccountService, type PreparedAccount } from './invited.account.service.js';
import { JustMadeAccount } from './just.made.account.js';
import { MeService } from './me.service.js';

/** The account that is there already, or what is needed to make it. */
type Invited = { readonly account: messages.Account } | { readonly prepared: PreparedAccount };

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
  async prepareInvited(@Payload() request: messages.InvitedAccountRequest): Promise<Invited> {
    const account = await this.justMade.find(request);
    return account ? { account } : { prepared: await this.invited.prepare(request) };
  }

  @Handles(CreateInvitedAccount)
  async createInvited(
    @Payload() request: messages.InvitedAccountRequest,
    @Ctx() invited: Invited,
  ): Promise<messages.Account> {
    return 'account' in invited ? invited.account : this.invited.create(request, invited.prepared);
  }

  @Handles(DescribePerson)
  describePerson(@Payload() request: messages.PersonRequest): Promise<messages.Person> {
    return this.accounts.describe(request.id);
  }
}
