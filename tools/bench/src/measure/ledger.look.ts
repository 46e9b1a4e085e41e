import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerFinding } from '@apollo/operate';
import { statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import { actAs } from '../load/acting.service.js';

const findings = statement<LedgerFinding>(
  'ledger findings',
  'select * from billing_stars.ledger_findings() where org_id = :org',
);
const counters = statement<{ place: string; used: number }>(
  'counters',
  `
  select layer || ' ' || subject as place, (spent + held)::float8 as used from billing_stars.cap_counters where org_id = :org`,
);
/** Milliseconds between two looks: they are to find mistakes, not to be the load. */
const PAUSE_MS = 500;

/** Sums the money of organizations anew, each at one instant, while callers race for it. */
export class LedgerLook {
  looks = 0;
  readonly found: LedgerFinding[] = [];

  constructor(private readonly database: TenantDatabase) {}

  /** Looks again and again while `work` goes on, at whatever `orgs` are at that moment. */
  async during<T>(orgs: () => readonly string[], work: Promise<T>): Promise<T> {
    let over = false;
    const watched = work.finally(() => (over = true));
    while (!over) {
      for (const org of orgs()) await this.look(org);
      await Promise.race([delay(PAUSE_MS), watched.catch(() => undefined)]);
    }
    return watched;
  }

  /** Stars spent and held by `layer subject`, as an organization's counters say. */
  async counters(org: string): Promise<Map<string, number>> {
    const rows = await actAs('billing-stars', org, () => this.database.query(counters, {}));
    return new Map(rows.map(({ place, used }) => [place, used]));
  }

  private async look(org: string): Promise<void> {
    this.found.push(...(await actAs('billing-stars', org, () => this.database.query(findings, {}))));
    this.looks += 1;
  }
}
