import type { leadsMessages } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

interface Row {
  id: string;
  lead_id: string;
  kind: leadsMessages.Activity['kind'];
  actor: string;
  at: Date;
  detail: Record<string, unknown>;
}
interface Added {
  id: string;
  lead_id: string;
  kind: string;
  at: string;
  detail: string;
}

const leadExists = statement<object, { lead_id: string }>(
  'lead exists',
  'select id from leads.leads where org_id = :org and id = :lead_id',
);
const COLUMNS = 'id, lead_id, kind, actor, at, detail';
// Ids are made in the order of time.
const page = statement<Row, { lead_id: string; before: string; limit: number }>(
  'activities page',
  `
  select ${COLUMNS} from leads.activities where org_id = :org and lead_id = :lead_id and id < :before order by id desc limit :limit`,
);
const add = statement<object, Added>(
  'add activity',
  `
  insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) values (:org, :id, :lead_id, :kind, :actor, :at, :detail)`,
);
const addToExisting = statement<Row, Added>(
  'add activity to existing lead',
  `
  insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
  select :org, :id::uuid, l.id, :kind::text, :actor::text, :at::timestamptz, :detail::jsonb from leads.leads l
  where l.org_id = :org and l.id = :lead_id for key share of l
  returning ${COLUMNS}`,
);

/** The history of leads; the runtime role may add to it and read it, nothing else. */
@Injectable()
export class ActivityRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Adds to the history of a lead that this transaction has locked; travels with the commit. */
  async add(lead: leadsMessages.Lead, kind: string, detail: Record<string, unknown>): Promise<void> {
    const added = { id: newId(), lead_id: lead.id, kind, at: lead.updated_at, detail: JSON.stringify(detail) };
    await this.database.transaction(async (transaction) => transaction.defer(add, added));
  }

  /** Adds to the history of a lead of this id; nothing when there is none. */
  async addTo(
    leadId: string,
    kind: string,
    detail: Record<string, unknown>,
    at: Date,
  ): Promise<leadsMessages.Activity | undefined> {
    const added = { id: newId(), lead_id: leadId, kind, at: at.toISOString(), detail: JSON.stringify(detail) };
    const [row] = await this.database.query(addToExisting, added);
    return row && activityOf(row);
  }

  /** At most `limit` entries older than the one with id `before`, newest first; nothing when there is no such lead. */
  async page(leadId: string, before: string, limit: number): Promise<leadsMessages.Activity[] | undefined> {
    const [leads, rows] = await this.database.batch([
      call(leadExists, { lead_id: leadId }),
      call(page, { lead_id: leadId, before, limit }),
    ]);
    return leads.length > 0 ? rows.map(activityOf) : undefined;
  }
}

function activityOf(row: Row): leadsMessages.Activity {
  return { ...row, at: row.at.toISOString() };
}
