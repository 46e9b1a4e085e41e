import { type SlotBounds, StreamSlots } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';

/** An export asks for page after page, as fast as it is read. One that gives way breaks off. */
const EXPORTS: SlotBounds = { inAll: 32, ofOrg: 4, ofPerson: 2, what: 'exports' };

/** The slots of this process for exports under way. */
@Injectable()
export class ExportSlots extends StreamSlots {
  constructor() {
    super(EXPORTS);
  }
}
