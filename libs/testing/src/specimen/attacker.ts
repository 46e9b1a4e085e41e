import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import type { TestDatabase } from '../servers/test.database.js';
import { orgContext, type TestOrg } from '../tenants/two.orgs.js';

/** What an attempt led to: rows, or the SQLSTATE of its refusal with everything the server said. */
export interface Outcome {
  readonly code?: string;
  readonly rows: Record<string, unknown>[];
  /** All that came back, for looking for canaries: rows, message, detail, hint, context. */
  readonly said: string;
}

/**
 * Somebody with arbitrary SQL on the runtime role's own connection, inside a transaction tagged for one organization.
 */
export class Attacker {
  private constructor(
    readonly client: pg.Client,
    private readonly test: TestDatabase,
    private readonly org: TestOrg,
  ) {}

  static async connect(test: TestDatabase, org: TestOrg, options = ''): Promise<Attacker> {
    const client = new pg.Client({ connectionString: test.appUrl, options });
    client.on('error', () => undefined);
    await client.connect();
    return new Attacker(client, test, org);
  }

  /** The genuine tag of an organization, as only the service's process can make it. */
  tag(org: TestOrg = this.org, nowMs = Date.now()): string {
    return new TagSigner(this.test.tagKey).sign(orgContext(org.id, org.owner, 'owner'), nowMs);
  }

  /** Runs `statements` one after the other in a tagged transaction; the last one's outcome counts. */
  async attempt(...statements: string[]): Promise<Outcome> {
    await this.client.query('begin');
    await this.client.query('select tenancy.carry($1)', [this.tag()]);
    const outcome = await this.plain(...statements);
    await this.client.query('rollback');
    return outcome;
  }

  /** As `attempt`, and commits. */
  async commit(...statements: string[]): Promise<Outcome> {
    await this.client.query('begin');
    await this.client.query('select tenancy.carry($1)', [this.tag()]);
    const outcome = await this.plain(...statements);
    await this.client.query(outcome.code ? 'rollback' : 'commit');
    return outcome;
  }

  /** Runs statements as they are, without a tag of ours. */
  async plain(...statements: string[]): Promise<Outcome> {
    let last: Outcome = { rows: [], said: '' };
    for (const statement of statements) {
      try {
        const result = await this.client.query(statement);
        const results = (Array.isArray(result) ? result : [result]) as pg.QueryResult<Record<string, unknown>>[];
        const rows = results.flatMap((each) => each.rows);
        last = { rows, said: last.said + JSON.stringify(rows) };
      } catch (error) {
        const failure = error as pg.DatabaseError;
        return {
          code: failure.code ?? 'connection lost',
          rows: [],
          said:
            last.said + [failure.message, failure.detail, failure.hint, failure.where, failure.internalQuery].join(' '),
        };
      }
    }
    return last;
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
