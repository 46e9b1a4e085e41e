import { DomainError, type purgeMessages } from '@apollo/contracts';
import { currentTenant, runAsSystem } from '@apollo/tenancy';
import { functionCall, statement, type Statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import type { PurgePlan } from './purge.plan.js';

/** Rows that one transaction purges at most: no lock is held for long, and nothing waits behind it. */
const AT_ONCE = 1_000;

interface Noted {
  readonly table: string;
  readonly outcome: purgeMessages.PurgedRows['outcome'];
  readonly rows: string;
}

/**
 * Purges what a service keeps of the acting organization, by its plan. Only orgs may ask for it, and only this does it:
 * the database refuses every name but the one it has here with 42501, that of orgs too, whose events and jobs are
 * handled under it.
 */
export class TablePurger {
  private readonly tables: readonly Statement<{ rows: number }, { most: number }>[];
  private readonly noted: Statement<Noted, object>;

  constructor(
    private readonly database: TenantDatabase,
    schema: string,
    { anonymized = [], deleted }: PurgePlan,
  ) {
    this.tables = [...anonymized, ...deleted].map((table) =>
      functionCall(`${schema} purge ${table}`, `select ${schema}.purge_${table}(:most) as rows`),
    );
    this.noted = statement(
      `${schema} purge receipt`,
      `select table_name as "table", outcome, row_count as rows from ${schema}.purge_receipts
       where org_id = :org order by table_name, outcome`,
    );
  }

  /**
   * Purges one batch.
   *
   * @returns what is gone by now; `complete` once a look at every table found nothing more
   * @throws DomainError `forbidden` in another name than that of orgs
   */
  async step(): Promise<purgeMessages.PurgeReceipt> {
    const { actor, orgId, requestId } = currentTenant();
    if (actor !== 'system:orgs' || orgId === null) throw new DomainError('forbidden');
    const reason = 'nobody’s SQL has the name under which rows are purged';
    return runAsSystem({ reason, service: 'purge', scope: 'org', orgId, requestId }, () => this.batch());
  }

  private batch(): Promise<purgeMessages.PurgeReceipt> {
    return this.database.transaction(async () => {
      let left = AT_ONCE;
      for (const table of this.tables) {
        if (left <= 0) break;
        const [{ rows } = { rows: 0 }] = await this.database.query(table, { most: left });
        left -= rows;
      }
      const noted = await this.database.query(this.noted, {});
      const tables = noted.map(({ rows, ...of }) => ({ ...of, rows: Number(rows) }));
      return { tables, complete: left === AT_ONCE };
    });
  }
}
