import { OrgDeletedEvent } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';

/** Nobody reaches what a deleted organization has, and it goes when orgs asks for that: here it is only remembered. */
@Controller()
export class LeaveOrgAloneWhenItIsDeleted {
  @ReactsTo(OrgDeletedEvent)
  react(): Promise<void> {
    return Promise.resolve();
  }
}
