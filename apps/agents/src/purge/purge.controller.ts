import { PurgeAgents, type purgeMessages } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { TablePurger } from '@apollo/service-kit';
import { Controller } from '@nestjs/common';

/** What orgs asks once the time of a deleted organization is up. */
@Controller()
export class PurgeController {
  constructor(private readonly purge: TablePurger) {}

  @Handles(PurgeAgents)
  purgeOrganization(): Promise<purgeMessages.PurgeReceipt> {
    return this.purge.step();
  }
}
