import type { PoolClient } from 'pg';
import { currentTenant, runInTenantContext, type TenantContext } from '../context/tenant.context.js';
import { isRefusal, TransactionEndedError } from './database.errors.js';
import { type FairPool, holderOf } from './fair.pool.js';
import {
  BEGIN,
  COMMIT,
  type PipelineResult,
  type PipelineStatement,
  runPipeline,
  type TransactionStatus,
} from './pipeline.query.js';
import { boundInTime } from './statement.end.js';
import type { TagSigner } from './tag.signer.js';

/**
 * Leaves a connection as it was handed out, whatever a query has set on it. Goes before the end of a transaction: how
 * durable a commit is belongs to the settings, and of nothing that might fail is the commit behind.
 */
const SCRUB: PipelineStatement = { text: 'reset all', prepare: true, unread: true, answers: 'RESET' };
const ROLLBACK: PipelineStatement = { text: 'rollback', prepare: true, unread: true, answers: 'ROLLBACK' };
const SET_TAG = 'select tenancy.carry($1)';
const SET_TAG_IN_A_HURRY =
  "select tenancy.carry($1), set_config('lock_timeout', '100ms', true), set_config('statement_timeout', '1s', true)";

/** A statement that waits for others to travel with, and the context it was given under. */
export interface Deferred {
  readonly context: TenantContext;
  readonly statement: PipelineStatement;
}

/** What a transaction reaches the database by. */
export interface TransactionMeans {
  readonly pool: FairPool;
  readonly signer: TagSigner;
  /**
   * Whether a statement that waits for a lock, or takes long, is to fail early: others wait for its end. It counts for
   * nobody.
   */
  readonly inAHurry?: boolean;
  /** Milliseconds for which one round trip may last, whatever limits the session has. */
  readonly longestMs?: number;
}

/**
 * One database transaction on one connection, which is taken when there is something to send. It sends no statement
 * without the tag of the context that is open at that moment: the tag is set in the same round trip as the first
 * statement, and again whenever the context differs from the one before (another one was opened inside the transaction,
 * or several are committed together). Nothing that one context has set or kept open on the connection is there for the
 * next. Its connection counts for each organization or person whose context is open in any part of it.
 */
export class PhysicalTransaction {
  private connection: Promise<PoolClient> | undefined;
  /** For whom the connection counts, or will when it is taken. */
  private readonly holders = new Set<string>();
  private begun = false;
  /**
   * From here on nothing new is taken: the connection goes back, and whoever gets it has a transaction of their own.
   */
  private ended = false;
  /** Why nothing can be sent any more: the state of the connection is unknown. */
  private lost: Error | undefined;
  private taggedFor: TenantContext | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private ahead: Deferred[] = [];
  private readonly deferred: Deferred[] = [];
  private readonly afterCommit: { readonly context: TenantContext; readonly fn: () => void | Promise<void> }[] = [];

  constructor(private readonly means: TransactionMeans) {}

  private client(): Promise<PoolClient> {
    return (this.connection ??= this.means.pool.connect([...this.holders]));
  }

  /**
   * Has the connection count for whose context it is, from when it is taken.
   *
   * @throws DatabaseBusyError where it is taken already, and that organization or person has its share
   */
  async countFor(context: TenantContext): Promise<void> {
    const holder = holderOf(context);
    if (this.means.inAHurry || holder === undefined || this.holders.has(holder)) return;
    this.holders.add(holder);
    if (!this.connection) return;
    try {
      await this.means.pool.join(await this.connection, holder);
    } catch (error) {
      this.holders.delete(holder);
      throw error;
    }
  }

  /** As `countFor`, for a part that joins. @throws TransactionEndedError */
  async join(context: TenantContext): Promise<void> {
    this.assertOpen();
    await this.countFor(context);
  }

  private assertOpen(): void {
    if (this.ended) throw new TransactionEndedError();
  }

  /**
   * Sends statements in one round trip under the current context's tag. Concurrent calls wait for each other.
   *
   * @throws TransactionEndedError once its end has begun, whoever still has a way to it: a promise nobody waited for, a
   *   timer
   */
  async run(statements: readonly PipelineStatement[], types?: unknown): Promise<PipelineResult[]> {
    this.assertOpen();
    const context = currentTenant();
    const next = this.tail.then(() => this.send(context, statements, types));
    this.tail = next.catch(() => undefined);
    return next;
  }

  private async send(
    context: TenantContext,
    statements: readonly PipelineStatement[],
    types: unknown,
  ): Promise<PipelineResult[]> {
    await this.countFor(context);
    const lead = [...this.leading(), ...this.tagging(context)];
    const results = await this.submit([...lead, ...statements], 'T', types);
    return results.slice(lead.length);
  }

  /** Where anything but a refusal has happened, nothing more is sent, whoever has caught the error. */
  private async submit(
    statements: readonly PipelineStatement[],
    leaves: TransactionStatus,
    types?: unknown,
  ): Promise<PipelineResult[]> {
    if (this.lost) throw this.lost;
    const client = await this.client();
    const { longestMs } = this.means;
    const inTime = longestMs === undefined ? undefined : boundInTime(client, longestMs);
    try {
      return await runPipeline(client, statements, leaves, types);
    } catch (error) {
      if (!isRefusal(error)) this.lost = error as Error;
      throw error;
    } finally {
      inTime?.();
    }
  }

  /** What goes before the next statements: the beginning, if it was not made yet, and what was to go ahead of them. */
  private leading(): PipelineStatement[] {
    const lead = [
      ...(this.begun ? [] : [BEGIN]),
      ...this.ahead.flatMap(({ context, statement }) => [...this.tagging(context), statement]),
    ];
    this.begun = true;
    this.ahead = [];
    return lead;
  }

  /** The tag of a context, where the session does not carry it. */
  private tagging(context: TenantContext): PipelineStatement[] {
    if (this.taggedFor === context) return [];
    const before = this.taggedFor ? [SCRUB] : [];
    this.taggedFor = context;
    const { signer, inAHurry } = this.means;
    return [
      ...before,
      {
        text: inAHurry ? SET_TAG_IN_A_HURRY : SET_TAG,
        values: [signer.sign(context)],
        prepare: true,
        unread: true,
      },
    ];
  }

  /**
   * Adds a statement that travels ahead of whatever is sent next, under the context open now; its failure fails that.
   */
  precede(statement: PipelineStatement): void {
    this.assertOpen();
    this.ahead.push({ context: currentTenant(), statement: { ...statement, unread: true } });
  }

  /**
   * Adds a statement that travels with the commit, under the context open now: for effects whose result nobody reads.
   */
  defer(statement: PipelineStatement): void {
    this.assertOpen();
    this.deferred.push({ context: currentTenant(), statement: { ...statement, unread: true } });
  }

  /**
   * Registers what to do, under the context open now, once the commit is durable. Errors there are the callee's own.
   */
  onCommit(fn: () => void | Promise<void>): void {
    this.assertOpen();
    this.afterCommit.push({ context: currentTenant(), fn });
  }

  /**
   * All it would send, for somebody else to commit; nothing when it has sent something already, and must commit by
   * itself.
   */
  async whole(): Promise<readonly Deferred[] | undefined> {
    this.ended = true;
    await this.tail;
    return this.begun ? undefined : [...this.ahead, ...this.deferred];
  }

  /** Adds what other transactions would send. */
  adopt(statements: readonly Deferred[]): void {
    this.deferred.push(...statements);
  }

  /**
   * Scrubs and commits; what was deferred is sent in the same round trip.
   *
   * @throws unless COMMIT has answered that it committed, and every statement before it was a query
   */
  async commit(): Promise<void> {
    this.ended = true;
    await this.tail;
    if (!this.begun && this.deferred.length === 0 && this.ahead.length === 0) {
      return;
    }
    for (const { context } of [...this.ahead, ...this.deferred]) await this.countFor(context);
    const statements = [
      ...this.leading(),
      ...this.deferred.flatMap(({ context, statement }) => [...this.tagging(context), statement]),
    ];
    await this.submit([...statements, SCRUB, COMMIT], 'I');
  }

  /** Gives the connection back after a commit and runs what waited for it. What is committed stays a success. */
  async finish(): Promise<void> {
    (await this.connection)?.release();
    await Promise.allSettled(this.afterCommit.map(async ({ context, fn }) => runInTenantContext(context, fn)));
  }

  /** Rolls back and scrubs; a connection whose state is unknown, or on which even that fails, is closed. */
  async rollback(): Promise<void> {
    this.ended = true;
    await this.tail;
    const client = await this.connection?.catch(() => undefined);
    if (!client) return;
    if (this.lost) return client.release(true);
    try {
      await runPipeline(client, [ROLLBACK, SCRUB], 'I');
      client.release();
    } catch {
      client.release(true);
    }
  }
}

/**
 * Runs statements as one implicit transaction in exactly one round trip: tag, statements, scrub, sync.
 *
 * @throws pg errors after which the connection can be used again, or TransactionStateError, after which it cannot
 */
export async function runOnce(
  client: PoolClient,
  signer: TagSigner,
  statements: readonly PipelineStatement[],
): Promise<PipelineResult[]> {
  const tag: PipelineStatement = {
    text: SET_TAG,
    values: [signer.sign(currentTenant())],
    prepare: true,
    unread: true,
  };
  const results = await runPipeline(client, [tag, ...statements, SCRUB], 'I');
  return results.slice(1, 1 + statements.length);
}
