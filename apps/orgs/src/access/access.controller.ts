import { GetStanding, ListAccessChanges, ListMyOrgs, orgsMessages, ResolveAccess } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { AccessService } from './access.service.js';
import { MyOrgsService } from './my.orgs.service.js';

@Controller()
export class AccessController {
  constructor(
    private readonly access: AccessService,
    private readonly myOrgs: MyOrgsService,
  ) {}

  @Handles(ResolveAccess)
  resolve(@Payload() request: orgsMessages.AccessRequest): Promise<orgsMessages.Access> {
    return this.access.resolve(request);
  }

  @Handles(ListAccessChanges)
  changes(@Payload() request: orgsMessages.AccessChangesRequest): Promise<orgsMessages.AccessChanges> {
    return this.access.changes(request);
  }

  @Handles(GetStanding)
  standing(@Payload() request: orgsMessages.MemberRequest): Promise<orgsMessages.Standing> {
    return this.access.standing(request);
  }

  @Handles(ListMyOrgs)
  mine(): Promise<orgsMessages.MyOrgList> {
    return this.myOrgs.list();
  }
}
