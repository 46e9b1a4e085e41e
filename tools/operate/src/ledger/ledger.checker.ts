import { CHECKER_SETTINGS, GatedClient, startupOptions } from '@apollo/tenancy/postgres';

/** An equation of the money that does not hold: for what, and both sides of it. */
export interface LedgerFinding {
  readonly equation: string;
  readonly org_id: string;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
}

/** What one look at all the money found, all of it at one instant. */
export interface LedgerReport {
  readonly findings: readonly LedgerFinding[];
  readonly wallets: number;
  readonly holds: number;
  readonly entries: number;
  /** Milliseconds the look took; nobody waits for it meanwhile. */
  readonly tookMs: number;
}

const COUNTS = `select (select count(*) from billing_stars.wallets)::int as wallets, (select count(*) from billing_stars.holds)::int as holds,
  (select count(*) from billing_stars.ledger_entries)::int as entries`;

/**
 * Looks whether the money of all organizations adds up, while everything goes on. It needs nothing but the URL of
 * `billing_stars_checker`, a role that reads the tables of money and can do nothing else.
 */
export class LedgerChecker {
  constructor(private readonly url: string) {}

  /** One look. @throws pg errors when the database cannot be reached or asked */
  async look(): Promise<LedgerReport> {
    const started = performance.now();
    const client = new GatedClient({
      connectionString: this.url,
      application_name: 'apollo-ledger-check',
      options: startupOptions(CHECKER_SETTINGS),
    });
    await client.connect();
    try {
      await client.query('begin transaction isolation level repeatable read, read only');
      const findings = (await client.query<LedgerFinding>('select * from billing_stars.ledger_findings()')).rows;
      const counts = (await client.query<Omit<LedgerReport, 'findings' | 'tookMs'>>(COUNTS)).rows[0] ?? {
        wallets: 0,
        holds: 0,
        entries: 0,
      };
      await client.query('commit');
      return { findings, ...counts, tookMs: performance.now() - started };
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
