import type { leadsMessages } from '@apollo/contracts';
import { fitting, PAGE_BYTES } from '@apollo/messaging';
import { CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { countQuery, filterParams, filtersOf, leadQuery, positionOf, sortOf } from './lead.query.js';
import { LeadRepository } from './lead.repository.js';
import { leadOf } from './lead.row.js';
import { EXPORT_PAGE_BYTES, leadBytes } from './page.budget.js';

const EXPORT_PAGE_LEADS = 500;

/** Pages of leads: for looking at and for taking home. Each is one round trip to the database. */
@Injectable()
export class LeadList {
  constructor(
    private readonly leads: LeadRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async list({
    cursor,
    limit = 50,
    sort = '-created_at',
    ...filter
  }: leadsMessages.ListLeadsRequest): Promise<leadsMessages.LeadList> {
    const query = { ...filter, sort };
    const after = cursor ? this.cursors.open<{ key: string; id: string }>('leads', query, cursor) : undefined;
    const by = sortOf(sort);
    const statement = leadQuery({ filters: filtersOf(filter), sort: by.sort, continued: after !== undefined });
    const rows = await this.leads.query(statement, {
      ...filterParams(filter),
      sort_field: by.field,
      key: after?.key,
      after_id: after?.id,
      limit: limit + 1,
    });
    const leads = rows.map(leadOf);
    const count = fitting(leads, limit, PAGE_BYTES, leadBytes);
    const last = rows.length > count ? rows[count - 1] : undefined;
    return {
      items: leads.slice(0, count),
      next_cursor: last ? this.cursors.seal('leads', query, positionOf(last, by.sort)) : null,
    };
  }

  /** How many leads a filter finds, by stage. */
  async count(filter: leadsMessages.CountLeadsRequest): Promise<leadsMessages.LeadCounts> {
    const stages = await this.leads.counts(countQuery(filtersOf(filter)), { ...filterParams(filter), limit: 0 });
    return { total: stages.reduce((sum, { leads }) => sum + leads, 0), stages };
  }

  /** A page of an export, by id: leads that come or go meanwhile shift nothing. */
  async export({ cursor, ...filter }: leadsMessages.ExportLeadsRequest): Promise<leadsMessages.LeadExportPage> {
    const after = cursor ? this.cursors.open<{ id: string }>('lead-export', filter, cursor) : undefined;
    const statement = leadQuery({ filters: filtersOf(filter), sort: 'id', continued: after !== undefined });
    const { rows, fields } = await this.leads.queryWithFields(statement, {
      ...filterParams(filter),
      after_id: after?.id,
      limit: EXPORT_PAGE_LEADS + 1,
    });
    const leads = rows.map(leadOf);
    const count = fitting(leads, EXPORT_PAGE_LEADS, EXPORT_PAGE_BYTES, leadBytes);
    const last = rows.length > count ? rows[count - 1] : undefined;
    return {
      items: leads.slice(0, count),
      custom_keys: fields.filter((field) => !field.archived).map((field) => field.key),
      next_cursor: last ? this.cursors.seal('lead-export', filter, { id: last.id }) : null,
    };
  }
}
