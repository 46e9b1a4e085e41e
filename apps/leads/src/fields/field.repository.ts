import type { leadsMessages } from '@apollo/contracts';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MOST_OPTIONS } from './field.tables.js';

type LeadField = leadsMessages.LeadField;

/** Most fields of one organization, archived ones included; what an export's heading has room for. */
export const MOST_FIELDS = 200;

/** Key of the custom field in which leads keep what an import could not place: a number that is none, a second address. */
export const KEPT_KEY = 'import_remarks';

const COLUMNS = 'id, key, label, kind, options, archived';
const all = statement<LeadField, object>(
  'lead fields',
  `select ${COLUMNS} from leads.lead_fields where org_id = :org and cardinality(options) <= ${MOST_OPTIONS} order by id limit ${MOST_FIELDS}`,
);
const page = statement<LeadField, { after: string; limit: number }>(
  'lead fields page',
  `select ${COLUMNS} from leads.lead_fields where org_id = :org and id > :after order by id limit :limit`,
);
const one = statement<LeadField, { id: string }>(
  'lead field',
  `select ${COLUMNS} from leads.lead_fields where org_id = :org and id = :id for update`,
);
const create = statement<{ id: string }, LeadField & { most: number }>(
  'create lead field',
  `
  insert into leads.lead_fields (org_id, id, key, label, kind, options, archived)
  select :org, :id::uuid, :key::text, :label::text, :kind::text, :options::text[], :archived::bool
  where (select count(*) from leads.lead_fields where org_id = :org) < :most::int returning id`,
);
/* Whoever makes one waits for whoever else does: what is counted behind that is all that there are. */
const inTurn = statement<{ id: string }, object>(
  'make lead fields in turn',
  'select id from leads.lead_fields where org_id = :org order by id for update',
);
const update = statement<object, LeadField>(
  'update lead field',
  'update leads.lead_fields set label = :label, options = :options::text[], archived = :archived where org_id = :org and id = :id',
);

/** The custom fields an organization has defined. */
@Injectable()
export class FieldRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Every field, oldest first. */
  all(): Promise<LeadField[]> {
    return this.database.query(all, {});
  }

  /** The same for whoever is about to make one or to call one anew, after everybody else who is. */
  async allInTurn(): Promise<LeadField[]> {
    const [, fields] = await this.database.batch([call(inTurn, {}), this.allCall]);
    return fields;
  }

  /** The same as a call, to travel with other statements. */
  readonly allCall = call(all, {});

  page(after: string, limit: number): Promise<LeadField[]> {
    return this.database.query(page, { after, limit });
  }

  async findForUpdate(id: string): Promise<LeadField | undefined> {
    const [row] = await this.database.query(one, { id });
    return row;
  }

  /** False when the organization has as many as it may have. */
  async create(field: LeadField): Promise<boolean> {
    const [, [created]] = await this.database.batch([call(inTurn, {}), call(create, { ...field, most: MOST_FIELDS })]);
    return created !== undefined;
  }

  async save(field: LeadField): Promise<void> {
    await this.database.query(update, field);
  }
}
