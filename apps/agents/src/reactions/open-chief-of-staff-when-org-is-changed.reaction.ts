import { OrgChangedEvent } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { ChiefOfStaffCreation } from '../personas/chief.of.staff.creation.js';

/** An organization whose beginning was given up on has its Chief of Staff from here. */
@Controller()
export class OpenChiefOfStaffWhenOrgIsChanged {
  constructor(private readonly chiefOfStaff: ChiefOfStaffCreation) {}

  @ReactsTo(OrgChangedEvent)
  async react(): Promise<void> {
    await this.chiefOfStaff.ensure();
  }
}
