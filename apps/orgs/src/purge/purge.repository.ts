import type { purgeMessages, ServiceName } from '@apollo/contracts';
import { functionCall, TenantDatabase } from '@apollo/tenancy/postgres';
import { NIL_ID } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';

/** What has been purged of a deleted organization, and of which services that is known. */
export interface PurgeRow {
  readonly org_id: string;
  readonly slug: string;
  readonly due_at: Date;
  /** Null until every service has purged its part. */
  readonly purged_at: Date | null;
  /** By service, its receipt: read with care, for SQL under the tag of the organization may have written it. */
  readonly parts: Readonly<Record<string, unknown>>;
}

const due = functionCall<{ org_id: string }, { after: string }>(
  'purges that are due',
  'select * from orgs.find_due_purges(:after)',
);
const list = functionCall<PurgeRow>('purges', 'select * from orgs.list_purges()');
const begin = functionCall<{ begun: boolean }>('begin purge', 'select orgs.begin_purge() as begun');
const note = functionCall<object, { service: string; receipt: string }>(
  'note purge',
  'select orgs.note_purge(:service, :receipt::jsonb)',
);
const putOff = functionCall<object, { seconds: number }>('put off purge', 'select orgs.put_off_purge(:seconds)');
const end = functionCall('end purge', 'select orgs.end_purge()');

/** Deleted organizations and the receipts of what was purged of them. */
@Injectable()
export class PurgeRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Those whose time is up, 40 at most, from behind the one that had the last turn. Scope `platform`. */
  async findDue(after = NIL_ID): Promise<{ org_id: string }[]> {
    return this.database.query(due, { after });
  }

  /** The latest thousand. Scope `platform`. */
  async list(): Promise<PurgeRow[]> {
    return this.database.query(list, {});
  }

  /** Whether the acting organization is to be purged now, and by nobody else for a minute. */
  async begin(): Promise<boolean> {
    return (await this.database.query(begin, {}))[0]?.begun === true;
  }

  /** What a service has purged by now. */
  async note(service: ServiceName, receipt: purgeMessages.PurgeReceipt): Promise<void> {
    await this.database.query(note, { service, receipt: JSON.stringify(receipt) });
  }

  async putOff(seconds: number): Promise<void> {
    await this.database.query(putOff, { seconds });
  }

  /** Every service has purged its part. */
  async end(): Promise<void> {
    await this.database.query(end, {});
  }
}
