import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/core';
import type { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { currentTenant, runInTenantContext, type TenantContext } from '../context/tenant.context.js';
import { CommitGroup } from './commit.group.js';
import { isRefusal } from './database.errors.js';
import { type PipelineStatement } from './pipeline.query.js';
import { PhysicalTransaction, runOnce } from './physical.transaction.js';
import { statement, type Statement } from './statement.js';
import { TagSigner } from './tag.signer.js';

/** What a service hands over to reach its own schema. */
export interface TenantDatabaseOptions {
  /** URL of the service's runtime role. */
  readonly url: string;
  /** 64 hex digits; see `prepareDatabase`. */
  readonly tagKey: string;
  /** Every table of the service, made by the table factory. */
  readonly tables: readonly EntitySchema[];
  /** Most connections kept to Postgres for requests; default 20. Grouped transactions have up to 8 of their own beside them. */
  readonly poolSize?: number;
}

/** How a transaction is to be committed. */
export interface TransactionOptions {
  /**
   * Together with others of any organization, if all its statements are only handed over (`precede`, `defer`) until its end:
   * for much that happens at once and that nobody waits for in person. Default false.
   */
  readonly grouped?: boolean;
}

/** The part of MikroORM's entity manager that business code may hold: no connection, no fork, no raw SQL. */
export type TenantEntityManager = Pick<
  EntityManager,
  | 'assign'
  | 'count'
  | 'create'
  | 'find'
  | 'findAndCount'
  | 'findOne'
  | 'flush'
  | 'nativeDelete'
  | 'nativeUpdate'
  | 'persist'
  | 'remove'
>;

/** A statement with its parameters, for sending several in one round trip. */
export type Call = readonly [Statement<unknown, never>, object];

/** Pairs a statement with its parameters, checked against each other by type. */
export function call<Row, Params extends object>(target: Statement<Row, Params>, params: Params): Call {
  return [target as Statement<unknown, never>, params];
}

/** An open transaction of one tenant context. */
export interface TenantTransaction {
  /** MikroORM over this transaction; an identity map of its own, flushed before and gone with the commit. */
  entities(): Promise<TenantEntityManager>;
  /** Runs one statement and gives its rows. */
  query<Row, Params extends object>(target: Statement<Row, Params>, params: Params): Promise<Row[]>;
  /** Runs several statements in one round trip and gives the rows of each. */
  batch(calls: readonly Call[]): Promise<Record<string, unknown>[][]>;
  /**
   * Sends a statement ahead of whatever is sent next, in the same round trip, at the latest with the commit; its result is
   * not read, its failure fails what it goes ahead of.
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

/** An organization that does not exist: what is believed of it is a signature, and nothing is read. */
const NOBODY: TenantContext = Object.freeze({
  scope: 'org',
  orgId: '00000000-0000-4000-8000-000000000000',
  actor: 'system:readiness',
  role: 'system',
  requestId: 'readiness',
});
const BELIEVED = statement('tag believed', 'select tenancy.org_id() = :org::uuid as believed');

const POOL_SIZE = 20;
/** Milliseconds after which a connection that nobody uses is closed. A new one knows no plan yet. */
const IDLE_MS = 60_000;

/**
 * Pins the session defaults above anything a role could have been given by ALTER ROLE. Plans are generic: every statement
 * begins at its organization, whose rows are found by the same index whoever it is, and with many organizations the server
 * would otherwise plan each execution anew.
 */
const PINNED_SETTINGS = Object.entries({
  plan_cache_mode: 'force_generic_plan',
  search_path: 'pg_catalog',
  row_security: 'on',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read\\ committed',
  statement_timeout: '15s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '15s',
  transaction_timeout: '0',
  idle_session_timeout: '0',
  debug_print_parse: 'off',
  debug_print_rewritten: 'off',
  debug_print_plan: 'off',
  bytea_output: 'hex',
  TimeZone: 'UTC',
})
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/**
 * The only way from business code to Postgres. Every statement runs inside a transaction that carries the signed tag
 * of the open tenant context; where no context is open, nothing is sent.
 */
export class TenantDatabase {
  private readonly ambient = new AsyncLocalStorage<PhysicalTransaction>();
  private readonly signer: TagSigner;
  private readonly pool: pg.Pool;
  /** Apart from the others: neither keep those who wait for an answer from a connection, nor the other way round. */
  private readonly groupPool: pg.Pool;
  private readonly group: CommitGroup;
  private mapper: Promise<MikroORM> | undefined;

  constructor(private readonly options: TenantDatabaseOptions) {
    this.signer = new TagSigner(options.tagKey);
    this.pool = poolOf(options.url, options.poolSize ?? POOL_SIZE);
    this.group = new CommitGroup({ connect: () => this.groupPool.connect(), signer: this.signer });
    this.groupPool = poolOf(options.url, this.group.connections);
  }

  /**
   * Runs `work` in a transaction of the current context: committed when it resolves, rolled back when it throws.
   * Inside an open transaction it joins that one, also when a door was opened in between: the session is then
   * tagged anew, and both parts commit or fail together.
   *
   * @throws NoTenantContextError where no context is open; pg errors of the statements
   */
  async transaction<T>(
    work: (transaction: TenantTransaction) => Promise<T>,
    { grouped = false }: TransactionOptions = {},
  ): Promise<T> {
    currentTenant();
    const open = this.ambient.getStore();
    if (open) {
      return this.within(open, work);
    }
    const pool = grouped ? this.groupPool : this.pool;
    const physical = new PhysicalTransaction({ connect: () => pool.connect(), signer: this.signer });
    let result: T;
    try {
      result = await this.ambient.run(physical, () => this.within(physical, work));
      const whole = grouped ? await physical.whole() : undefined;
      await (whole ? this.group.commit(whole) : physical.commit());
    } catch (error) {
      await physical.rollback();
      throw error;
    }
    await physical.finish();
    return result;
  }

  /** Runs one statement: in the open transaction, else alone in a single round trip. */
  async query<Row, Params extends object>(target: Statement<Row, Params>, params: Params): Promise<Row[]> {
    const [rows] = await this.batch([call(target, params)]);
    return rows as Row[];
  }

  /** Runs several statements in one round trip, all or none. */
  async batch(calls: readonly Call[]): Promise<Record<string, unknown>[][]> {
    const statements = calls.map(bound);
    const open = this.ambient.getStore();
    if (open) {
      return (await open.run(statements)).map((result) => result.rows);
    }
    currentTenant();
    const client = await this.pool.connect();
    try {
      const results = await runOnce(client, this.signer, statements);
      client.release();
      return results.map((result) => result.rows);
    } catch (error) {
      client.release(!isRefusal(error));
      throw error;
    }
  }

  /**
   * Resolves when Postgres answers and believes what this service signs; at the start, and for readiness. Touches no table.
   *
   * @throws pg error 42501 when the key is not the one that the database was prepared with
   */
  async verifyTag(): Promise<void> {
    await runInTenantContext(NOBODY, () => this.query(BELIEVED, {}));
  }

  /** Closes all connections; open transactions finish first. */
  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.groupPool.end()]);
    await (await this.mapper)?.close(true);
  }

  private async within<T>(
    physical: PhysicalTransaction,
    work: (transaction: TenantTransaction) => Promise<T>,
  ): Promise<T> {
    let em: EntityManager | undefined;
    const result = await work({
      entities: async () => (em ??= (await this.loadMapper()).em.fork()),
      query: async <Row, Params extends object>(target: Statement<Row, Params>, params: Params) => {
        const [answer] = await physical.run([bound(call(target, params))]);
        return (answer?.rows ?? []) as Row[];
      },
      batch: async (calls) => (await physical.run(calls.map(bound))).map((answer) => answer.rows),
      precede: (target, params) => physical.precede(bound(call(target, params))),
      defer: (target, params) => physical.defer(bound(call(target, params))),
      afterCommit: (fn) => physical.onCommit(fn),
    });
    await em?.flush();
    return result;
  }

  private loadMapper(): Promise<MikroORM> {
    const { url, tables } = this.options;
    return (this.mapper ??= import('./entity.mapper.js').then(({ entityMapper }) =>
      entityMapper(url, tables, () => this.ambient.getStore()),
    ));
  }
}

function poolOf(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    options: PINNED_SETTINGS,
    application_name: 'apollo',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: IDLE_MS,
  });
  // A connection that the server closes, idle or between two statements of a transaction, is replaced at the next use;
  // without a listener it ends the process. The transaction fails at its next statement.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function bound([target, params]: Call): PipelineStatement {
  const context = currentTenant();
  const given = params as Record<string, unknown>;
  const values = target.parameters.map((name) => {
    if (name === 'org') return context.orgId;
    if (name === 'actor') return context.actor;
    if (!(name in given)) throw new Error(`Statement "${target.name}" misses parameter :${name}`);
    return given[name] ?? null;
  });
  return { text: target.text, values, prepare: true };
}
