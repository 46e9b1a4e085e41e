import { type PlaceBounds, StreamPlaces } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';

/** An export asks for page after page, as fast as it is read. One that gives way breaks off. */
const EXPORTS: PlaceBounds = { inAll: 32, ofOrg: 4, ofPerson: 2, what: 'exports' };

/** The places of this process for exports under way. */
@Injectable()
export class ExportPlaces extends StreamPlaces {
  constructor() {
    super(EXPORTS);
  }
}
