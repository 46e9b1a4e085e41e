import { COMMON_ORDER, type leadsMessages, nameOrder, refusedField } from '@apollo/contracts';
import { fitting, PAGE_BYTES } from '@apollo/messaging';
import { CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { FieldRepository } from '../fields/field.repository.js';
import { isLettered, type Position, positionOf, sortOf } from './lead.order.js';
import { countQuery, filterParams, filtersOf, leadQuery } from './lead.query.js';
import { LeadRepository } from './lead.repository.js';
import { leadOf } from './lead.row.js';
import { EXPORT_PAGE_BYTES, leadBytes } from './page.budget.js';

const EXPORT_PAGE_LEADS = 500;

/** Pages of leads: for looking at and for taking home. Each is one round trip to the database, and one more where it is by a custom field. */
@Injectable()
export class LeadList {
  constructor(
    private readonly leads: LeadRepository,
    private readonly fields: FieldRepository,
    private readonly cursors: CursorCodec,
  ) {}

  /** @throws DomainError `validation_failed` for a custom field, or a sort, that is none of the organization's */
  async list({
    cursor,
    limit = 50,
    sort = '-created_at',
    language,
    ...filter
  }: leadsMessages.ListLeadsRequest): Promise<leadsMessages.LeadList> {
    const query = { ...filter, sort };
    const by = sortOf(sort);
    const field_kind = await this.kindOf({ field: filter.field, sort: by.field });
    const asked = { ...filter, field_kind };
    const lettered = isLettered(by.sort);
    const list = lettered ? 'leads-by-text' : 'leads';
    const after = cursor ? this.cursors.open<Position>(list, query, cursor) : undefined;
    // Pages go on in the order in which they began, whatever the organization's language is by now.
    const letters = lettered ? (after?.letters ?? nameOrder(language ?? COMMON_ORDER)) : undefined;
    const statement = leadQuery({ filters: filtersOf(asked), sort: by.sort, continued: after !== undefined, letters });
    const rows = await this.leads.query(statement, {
      ...filterParams(asked),
      sort_field: by.field,
      key: after?.key,
      text: after?.text,
      after_id: after?.id,
      limit: limit + 1,
    });
    const leads = rows.map(leadOf);
    const count = fitting(leads, limit, PAGE_BYTES, leadBytes);
    const last = rows.length > count ? rows[count - 1] : undefined;
    return {
      items: leads.slice(0, count),
      next_cursor: last ? this.cursors.seal(list, query, { ...positionOf(last, by.sort), letters }) : null,
    };
  }

  /** How many leads a filter finds, by stage. @throws DomainError `validation_failed` for a custom field that is none */
  async count(filter: leadsMessages.CountLeadsRequest): Promise<leadsMessages.LeadCounts> {
    const asked = { ...filter, field_kind: await this.kindOf({ field: filter.field }) };
    const stages = await this.leads.counts(countQuery(filtersOf(asked)), { ...filterParams(asked), limit: 0 });
    return { total: stages.reduce((sum, { leads }) => sum + leads, 0), stages };
  }

  /**
   * A page of an export, by id: leads that come or go meanwhile shift nothing.
   *
   * @throws DomainError `validation_failed` for a custom field that is none
   */
  async export({ cursor, ...filter }: leadsMessages.ExportLeadsRequest): Promise<leadsMessages.LeadExportPage> {
    const asked = { ...filter, field_kind: await this.kindOf({ field: filter.field }) };
    const after = cursor ? this.cursors.open<{ id: string }>('lead-export', filter, cursor) : undefined;
    const statement = leadQuery({ filters: filtersOf(asked), sort: 'id', continued: after !== undefined });
    const { rows, fields } = await this.leads.queryWithFields(statement, {
      ...filterParams(asked),
      after_id: after?.id,
      limit: EXPORT_PAGE_LEADS + 1,
    });
    const leads = rows.map(leadOf);
    const count = fitting(leads, EXPORT_PAGE_LEADS, EXPORT_PAGE_BYTES, leadBytes);
    const last = Number(rows[0]?.found ?? 0) > count ? rows[count - 1] : undefined;
    return {
      items: leads.slice(0, count),
      custom_keys: fields.filter((field) => !field.archived).map((field) => field.key),
      next_cursor: last ? this.cursors.seal('lead-export', filter, { id: last.id }) : null,
    };
  }

  /**
   * @param named by what the request names custom fields: their keys, archived ones too
   * @returns the kind of the one named by `field`
   * @throws DomainError `validation_failed` for one that is none
   */
  private async kindOf(named: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
    const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
    if (given.length === 0) return undefined;
    const known = new Map((await this.fields.all()).map(({ key, kind }) => [key, kind]));
    for (const [parameter, key] of given)
      if (!known.has(key)) throw refusedField(parameter, `${key} is no custom field of this organization`);
    if (known.get(named['sort'] ?? '') === 'multi_select')
      throw refusedField('sort', 'must be by a field of one value each, and this one has several');
    return named['field'] === undefined ? undefined : known.get(named['field']);
  }
}
