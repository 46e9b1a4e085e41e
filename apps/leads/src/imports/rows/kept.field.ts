import { Injectable } from '@nestjs/common';
import { FieldRepository, KEPT_KEY, MOST_FIELDS } from '../../fields/field.repository.js';
import { FieldService } from '../../fields/field.service.js';

/** The custom field in which leads keep what an import could not place. */
@Injectable()
export class KeptField {
  constructor(
    private readonly fields: FieldRepository,
    private readonly service: FieldService,
  ) {}

  /** Its key, made when it is not there; null when the organization has archived it, made it something else, or has no room. */
  async key(): Promise<string | null> {
    const fields = await this.fields.all();
    const known = fields.find(({ key }) => key === KEPT_KEY);
    if (known) return known.archived || known.kind !== 'text' ? null : KEPT_KEY;
    if (fields.length >= MOST_FIELDS) return null;
    await this.service.create({ key: KEPT_KEY, label: 'Kept from imports', kind: 'text' });
    return KEPT_KEY;
  }
}
