import { OrgCreatedEvent } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { ChiefOfStaffCreation } from '../personas/chief.of.staff.creation.js';

/** Every organization has a Chief of Staff from its beginning. */
@Controller()
export class OpenChiefOfStaffWhenOrgIsCreated {
  constructor(private readonly chiefOfStaff: ChiefOfStaffCreation) {}

  @ReactsTo(OrgCreatedEvent)
  async react(): Promise<void> {
    await this.chiefOfStaff.ensure();
  }
}
