import {
  CreateLeadField,
  DomainError,
  type leadsMessages,
  type Page,
  typeOf,
  UpdateLeadField,
} from '@apollo/contracts';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { newId, NIL_ID } from '@apollo/tenancy';
import { isUniqueViolation } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { labelWords } from '../imports/plan/field.label.js';
import { checkedOptions } from './custom.field.rules.js';
import { FieldRepository, MOST_FIELDS } from './field.repository.js';

/** What an organization keeps about its leads besides the fields every lead has. */
@Injectable()
export class FieldService {
  constructor(
    private readonly fields: FieldRepository,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  list(request: Page): Promise<leadsMessages.LeadFieldList> {
    return this.cursors.page(
      'lead-fields',
      request,
      (after: { id: string } | undefined, limit) => this.fields.page(after?.id ?? NIL_ID, limit),
      ({ id }) => ({ id }),
    );
  }

  /** As `create`, for people. @throws DomainError `name_taken` also when a field of a label that imports take for the same one is there */
  async createOwn(request: leadsMessages.CreateLeadFieldRequest): Promise<leadsMessages.LeadField> {
    await this.assertUnlike(request.label);
    return this.create(request);
  }

  /** @throws DomainError `name_taken` when a field of that key exists, archived or not */
  async create(request: leadsMessages.CreateLeadFieldRequest): Promise<leadsMessages.LeadField> {
    const options = checkedOptions(request.kind, request.options ?? []);
    const field = { id: newId(), key: request.key, label: request.label, kind: request.kind, options, archived: false };
    const created = await this.fields.create(field).catch((error: unknown) => {
      throw isUniqueViolation(error, 'lead_fields')
        ? new DomainError('name_taken', 'A field with this key exists.')
        : error;
    });
    if (!created) throw new DomainError('state_conflict', `An organization has at most ${MOST_FIELDS} custom fields.`);
    await this.audit.done(typeOf(CreateLeadField), field.id, { key: field.key, kind: field.kind });
    return field;
  }

  /** Values that leads hold already stay as they are, also of options taken away. */
  async update(request: leadsMessages.UpdateLeadFieldRequest): Promise<leadsMessages.LeadField> {
    const field = await this.fields.findForUpdate(request.id);
    if (!field) throw new DomainError('not_found');
    const options = request.options ? checkedOptions(field.kind, request.options, field.options) : field.options;
    const isRenamed = request.label !== undefined && request.label !== field.label;
    if (isRenamed || (field.archived && request.archived === false))
      await this.assertUnlike(request.label ?? field.label, field.id);
    const changed = {
      ...field,
      label: request.label ?? field.label,
      options,
      archived: request.archived ?? field.archived,
    };
    await this.fields.save(changed);
    await this.audit.done(typeOf(UpdateLeadField), field.id, { key: field.key, archived: changed.archived });
    return changed;
  }

  /** Of two fields that are called alike but for case and accents, the column of a list would fill either. */
  private async assertUnlike(label: string, id?: string): Promise<void> {
    const words = labelWords(label);
    const fields = await this.fields.allInTurn();
    if (fields.some((field) => !field.archived && field.id !== id && labelWords(field.label) === words))
      throw new DomainError(
        'name_taken',
        'A field exists whose label is this one but for case, accents and what separates words.',
      );
  }
}
