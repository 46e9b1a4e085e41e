import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { currentTenant, runInTenantContext } from '../context/tenant.context.js';
import { assertClock } from './clock.check.js';
import { CommitGroup, GROUP_CONNECTIONS } from './commit.group.js';
import { isDenial, isRefusal } from './database.errors.js';
import { type PipelineStatement } from './pipeline.query.js';
import { FairPool, holderOf } from './fair.pool.js';
import { PhysicalTransaction, runOnce } from './physical.transaction.js';
import { roleDefaultFindings } from './role.defaults.js';
import { connectionFindings } from './session.check.js';
import { pinnedPool, SESSION_SETTINGS } from './session.settings.js';
import { assertQuery, type Statement } from './statement.js';
import { TagSigner } from './tag.signer.js';

/** What a service hands over to reach its own schema. */
export interface TenantDatabaseOptions {
  /** URL of the service's runtime role. */
  readonly url: string;
  /** 64 hex digits; see `prepareDatabase`. */
  readonly tagKey: string;
  /**
   * Most connections kept to Postgres for requests; default 20. Grouped transactions have up to 8 of their own beside
   * them.
   */
  readonly poolSize?: number;
  /** Told of each transaction that failed because the database refused a right or a tag (SQLSTATE 42501). */
  readonly onDenied?: () => void;
}

/** How a transaction is to be committed. */
export interface TransactionOptions {
  /**
   * Together with others of any organization, if all its statements are only handed over (`precede`, `defer`) until its
   * end: for much that happens at once and that nobody waits for in person. What they do must be safe to be sent twice.
   * Default false.
   */
  readonly grouped?: boolean;
}

/** A statement with its parameters, for sending several in one round trip. */
export type Call<Row = unknown> = readonly [Statement<Row, never>, object];

/** Several calls in the order they are sent in; one that is null is left out and gives no rows. */
export type Calls = readonly (Call | null)[];

/** The rows that each of several calls gives. */
export type RowsOf<Several extends Calls> = {
  -readonly [Index in keyof Several]: NonNullable<Several[Index]> extends Call<infer Row> ? Row[] : never;
};

function rowsOf<Several extends Calls>(calls: Several, results: readonly { rows: unknown[] }[]): RowsOf<Several> {
  let next = 0;
  return calls.map((sent) => (sent === null ? [] : results[next++]?.rows)) as RowsOf<Several>;
}

function boundOf(calls: Calls): PipelineStatement[] {
  return calls.filter((sent) => sent !== null).map(bound);
}

/** Pairs a statement with its parameters, checked against each other by type. */
export function call<Row, Params extends object>(target: Statement<Row, Params>, params: Params): Call<Row> {
  return [target as Statement<Row, never>, params];
}

/** An open transaction of one tenant context. */
export interface TenantTransaction {
  /** Runs one statement and gives its rows. */
  query<Row, Params extends object>(target: Statement<Row, Params>, params: Params): Promise<Row[]>;
  /** Runs several statements in one round trip and gives the rows of each. */
  batch<const Several extends Calls>(calls: Several): Promise<RowsOf<Several>>;
  /**
   * Sends a statement ahead of whatever is sent next, in the same round trip, at the latest with the commit; its result
   * is not read, its failure fails what it goes ahead of.
   */
  precede<Row, Params extends object>(target: Statement<Row, Params>, params: Params): void;
  /** Sends a statement together with the commit; its result is not read, its failure fails the transaction. */
  defer<Row, Params extends object>(target: Statement<Row, Params>, params: Params): void;
  /**
   * Runs `fn` once the commit is durable, under the context open now: where mails are sent and caches purged. The
   * transaction's own promise waits for what `fn` returns, and heeds no error of it.
   */
  afterCommit(fn: () => void | Promise<void>): void;
}

const POOL_SIZE = 20;
/** Milliseconds after which a connection that nobody uses is closed. A new one knows no plan yet. */
const IDLE_MS = 60_000;

/**
 * Thrown where the database does not take the service's tags: its key is not one that the database was prepared with.
 */
export class WrongTagKeyError extends Error {
  constructor() {
    super('TENANCY_TAG_KEY is not a key that the database was prepared with for this role');
    this.name = 'WrongTagKeyError';
  }
}

/**
 * The only way from business code to Postgres. Every statement runs inside a transaction that carries the signed tag
 * of the open tenant context; where no context is open, nothing is sent.
 */
export class TenantDatabase {
  private readonly ambient = new AsyncLocalStorage<PhysicalTransaction>();
  private readonly signer: TagSigner;
  private readonly pool: pg.Pool;
  /** The same connections, in shares. */
  private readonly fair: FairPool;
  /** Apart from the others: neither keep those who wait for an answer from a connection, nor the other way round. */
  private readonly groupPool: pg.Pool;
  private readonly fairGroup: FairPool;
  private readonly group: CommitGroup;

  constructor(private readonly options: TenantDatabaseOptions) {
    this.signer = new TagSigner(options.tagKey);
    const size = options.poolSize ?? POOL_SIZE;
    this.pool = poolOf(options.url, size);
    this.fair = new FairPool(this.pool, size);
    this.groupPool = poolOf(options.url, GROUP_CONNECTIONS);
    this.fairGroup = new FairPool(this.groupPool, GROUP_CONNECTIONS);
    this.group = new CommitGroup({ pool: this.fairGroup, signer: this.signer });
  }

  /**
   * Runs `work` in a transaction of the current context: committed when it resolves, rolled back when it throws.
   * Inside an open transaction it joins that one, also when another context was opened in between: the session is then
   * tagged anew, both parts commit or fail together, and the connection counts for both contexts.
   *
   * @throws NoTenantContextError where no context is open; TransactionEndedError where the one open around it has
   *   ended; DatabaseBusyError where its organization or person has its share
   *   of the connections; pg errors of the statements
   */
  async transaction<T>(
    work: (transaction: TenantTransaction) => Promise<T>,
    { grouped = false }: TransactionOptions = {},
  ): Promise<T> {
    const context = currentTenant();
    const open = this.ambient.getStore();
    if (open) {
      await open.join(context);
      return this.within(open, work);
    }
    const pool = grouped ? this.fairGroup : this.fair;
    const physical = new PhysicalTransaction({ pool, signer: this.signer });
    let result: T;
    try {
      await physical.countFor(context);
      result = await this.ambient.run(physical, () => this.within(physical, work));
      const whole = grouped ? await physical.whole() : undefined;
      await (whole ? this.group.commit(whole) : physical.commit());
    } catch (error) {
      await physical.rollback();
      this.tell(error);
      throw error;
    }
    await physical.finish();
    return result;
  }

  /** Runs one statement: in the open transaction, else alone in a single round trip. */
  async query<Row, Params extends object>(target: Statement<Row, Params>, params: Params): Promise<Row[]> {
    const [rows] = await this.batch([call(target, params)]);
    return rows;
  }

  /** Runs several statements in one round trip, all or none. */
  async batch<const Several extends Calls>(calls: Several): Promise<RowsOf<Several>> {
    const statements = boundOf(calls);
    const open = this.ambient.getStore();
    if (open) return rowsOf(calls, await open.run(statements));
    const holder = holderOf(currentTenant());
    const client = await this.fair.connect(holder === undefined ? [] : [holder]);
    try {
      const results = await runOnce(client, this.signer, statements);
      client.release();
      return rowsOf(calls, results);
    } catch (error) {
      client.release(!isRefusal(error) || client.getTransactionStatus() !== 'I');
      this.tell(error);
      throw error;
    }
  }

  /**
   * Resolves when Postgres answers, takes the service's tags and has the same time; for readiness. Touches no table.
   *
   * @throws WrongTagKeyError where the tags are not genuine to it, ClockError; pg errors where it does not answer
   */
  ping(): Promise<void> {
    return this.pingOver(this.fair);
  }

  /**
   * Resolves when Postgres serves: over a connection made for it, however busy those that there are, or over one of
   * those, where it lets no more in.
   *
   * @throws as `ping`, of the one made for it
   */
  async assertServed(): Promise<void> {
    const anew = this.pingAnew();
    await Promise.any([anew, this.ping()]).catch(() => anew);
  }

  private async pingAnew(): Promise<void> {
    const pool = poolOf(this.options.url, 1);
    try {
      await this.pingOver(new FairPool(pool, 1));
    } finally {
      await pool.end();
    }
  }

  private async pingOver(pool: FairPool): Promise<void> {
    const context = {
      scope: 'platform',
      orgId: null,
      actor: 'system:readiness',
      role: 'system',
      requestId: '-',
    } as const;
    const client = await pool.connect([]);
    try {
      await assertClock(client);
      await runInTenantContext(context, () => runOnce(client, this.signer, [{ text: 'select tenancy.realm()' }]));
      client.release();
    } catch (error) {
      client.release(true);
      throw isDenial(error) ? new WrongTagKeyError() : error;
    }
  }

  /**
   * Looks, while the service runs, at what nothing can be pinned against: what the roles of `service` were given as
   * defaults, and whether new connections can be made that are as they should be.
   *
   * @returns what is wrong, in words; values are not told
   */
  async sessionFindings(service: string): Promise<string[]> {
    const otherwise = (finding: string) => (error: { code?: string }) => [`${finding} (${error.code ?? 'no answer'})`];
    const found = await Promise.all([
      roleDefaultFindings(this.pool, service).catch(otherwise('nobody can look at the defaults of the roles')),
      connectionFindings(this.options.url, SESSION_SETTINGS).catch(otherwise('no new connection can be made')),
    ]);
    return found.flat();
  }

  /** Closes all connections; open transactions finish first. */
  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.groupPool.end()]);
  }

  private tell(error: unknown): void {
    if (isDenial(error)) this.options.onDenied?.();
  }

  private async within<T>(
    physical: PhysicalTransaction,
    work: (transaction: TenantTransaction) => Promise<T>,
  ): Promise<T> {
    return work({
      query: async <Row, Params extends object>(target: Statement<Row, Params>, params: Params) => {
        const [answer] = await physical.run([bound(call(target, params))]);
        return (answer?.rows ?? []) as Row[];
      },
      batch: async (calls) => rowsOf(calls, await physical.run(boundOf(calls))),
      precede: (target, params) => physical.precede(bound(call(target, params))),
      defer: (target, params) => physical.defer(bound(call(target, params))),
      afterCommit: (fn) => physical.onCommit(fn),
    });
  }
}

function poolOf(url: string, max: number): pg.Pool {
  return pinnedPool({ url, max, name: 'apollo', settings: SESSION_SETTINGS, idleMs: IDLE_MS });
}

function bound([target, params]: Call): PipelineStatement {
  const context = currentTenant();
  assertQuery(target.text);
  const given = params as Record<string, unknown>;
  const values = target.parameters.map((name) => {
    if (name === 'org') return context.orgId;
    if (name === 'actor') return context.actor;
    if (!(name in given)) throw new Error(`Statement "${target.name}" misses parameter :${name}`);
    return given[name] ?? null;
  });
  return { text: target.text, values, prepare: target.kept ?? true };
}
