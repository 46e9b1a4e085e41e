import { type PlaceBounds, StreamPlaces } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';

/** An export asks for page after page, as fast as it is read; none is broken off for another one. */
const EXPORTS: PlaceBounds = { inAll: 32, ofOrg: 4, ofPerson: 2, givesWay: false, what: 'exports' };

/** The places of this process for exports under way. */
@Injectable()
export class ExportPlaces extends StreamPlaces {
  constructor() {
    super(EXPORTS);
  }
}
