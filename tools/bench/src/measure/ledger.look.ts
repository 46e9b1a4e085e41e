import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type pg from 'pg';

/** The built program of the service that keeps the money: its equations are asked for where they are, not written again. */
const EQUATIONS = pathToFileURL(join(fileURLToPath(import.meta.url), '../../../../../apps/billing-stars/dist/ledger/ledger.equations.js')).href;
/** Milliseconds between two looks: they are to find mistakes, not to be the load. */
const PAUSE_MS = 500;

/** Sums the money of organizations anew, each time at one instant and past all policies. */
export class LedgerLook {
  looks = 0;
  /** Equations that did not hold. */
  readonly findings: object[] = [];

  private constructor(
    private readonly admin: pg.Client,
    private readonly equations: (scope: string) => string,
  ) {}

  static async with(admin: pg.Client): Promise<LedgerLook> {
    const { ledgerEquations } = (await import(EQUATIONS)) as { ledgerEquations: (scope: string) => string };
    return new LedgerLook(admin, ledgerEquations);
  }

  async look(orgs: readonly string[]): Promise<void> {
    const { rows } = await this.admin.query(this.equations(`org_id in (${orgs.map((org) => this.admin.escapeLiteral(org)).join(', ')})`));
    this.findings.push(...(rows as object[]));
    this.looks += 1;
  }

  /** Looks again and again while `work` goes on, at whatever `orgs` are at that moment. */
  async during<T>(orgs: () => readonly string[], work: Promise<T>): Promise<T> {
    let over = false;
    const watched = work.finally(() => (over = true));
    while (!over) {
      await this.look(orgs());
      await Promise.race([delay(PAUSE_MS), watched.catch(() => undefined)]);
    }
    return watched;
  }

  /** Stars spent and held by `layer subject`, as an organization's counters say. */
  async counters(org: string): Promise<Map<string, number>> {
    const { rows } = await this.admin.query<{ place: string; used: number }>(`select layer || ' ' || subject as place, (spent + held)::float8 as used from billing_stars.cap_counters where org_id = $1`, [org]);
    return new Map(rows.map(({ place, used }) => [place, used]));
  }
}
