import {
  CreateOrg,
  DeleteOrg,
  GetOrg,
  identityMessages,
  orgsMessages,
  ResumeOrg,
  SuspendOrg,
  UpdateOrg,
} from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { OrgCreation } from './org.creation.js';
import { type CurrencyAnswer, OrgCurrency } from './org.currency.js';
import { OrgService } from './org.service.js';
import { OrgSuspension } from './org.suspension.js';

@Controller()
export class OrgController {
  constructor(
    private readonly creation: OrgCreation,
    private readonly orgs: OrgService,
    private readonly suspension: OrgSuspension,
    private readonly currency: OrgCurrency,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Prepares(CreateOrg)
  creator(@Payload() request: orgsMessages.CreateOrgRequest): Promise<identityMessages.Person> {
    return this.creation.prepare(request);
  }

  @Handles(CreateOrg)
  create(
    @Payload() request: orgsMessages.CreateOrgRequest,
    @Ctx() creator: identityMessages.Person,
  ): Promise<orgsMessages.Organization> {
    return this.creation.create(request, creator, this.clock());
  }

  @Handles(GetOrg)
  get(): Promise<orgsMessages.Organization> {
    return this.orgs.get();
  }

  @Prepares(UpdateOrg)
  mayChange(@Payload() request: orgsMessages.UpdateOrgRequest): Promise<CurrencyAnswer> {
    return this.currency.prepare(request);
  }

  @Handles(UpdateOrg)
  update(
    @Payload() request: orgsMessages.UpdateOrgRequest,
    @Ctx() answer: CurrencyAnswer,
  ): Promise<orgsMessages.Organization> {
    return this.currency.change(answer, () => this.orgs.update(request, answer));
  }

  @Handles(DeleteOrg)
  delete(@Payload() request: orgsMessages.DeleteOrgRequest): Promise<orgsMessages.OrgDeletion> {
    return this.orgs.delete(request);
  }

  @Handles(SuspendOrg)
  suspend(@Payload() request: orgsMessages.OrgStatusRequest): Promise<{ done: boolean }> {
    return this.suspension.set('suspended', request);
  }

  @Handles(ResumeOrg)
  resume(@Payload() request: orgsMessages.OrgStatusRequest): Promise<{ done: boolean }> {
    return this.suspension.set('active', request);
  }
}
