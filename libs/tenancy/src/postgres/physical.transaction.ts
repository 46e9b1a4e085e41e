import type { PoolClient } from 'pg';
import { currentTenant, runInTenantContext, type TenantContext } from '../context/tenant.context.js';
import { type PipelineResult, type PipelineStatement, runPipeline } from './pipeline.query.js';
import type { TagSigner } from './tag.signer.js';

/** Leaves a connection as it was handed out, whatever a statement has set or kept open on it. */
const SCRUB: readonly PipelineStatement[] = [
  { text: 'reset all', prepare: true },
  { text: 'close all', prepare: true },
];
const BEGIN: PipelineStatement = { text: 'begin', prepare: true };
const COMMIT: PipelineStatement = { text: 'commit', prepare: true };
const SET_TAG = "select set_config('tenancy.tag', $1, true)";

/** A statement that waits for others to travel with, and the context it was given under. */
interface Deferred {
  readonly context: TenantContext;
  readonly statement: PipelineStatement;
}

/**
 * One database transaction on one connection. It sends no statement without the tag of the context that is open
 * at that moment: the tag is set in the same round trip as the first statement, and again whenever the context
 * differs from the one before (a door was opened inside the transaction).
 */
export class PhysicalTransaction {
  private begun = false;
  private taggedFor: TenantContext | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private ahead: Deferred[] = [];
  private readonly deferred: Deferred[] = [];
  private readonly afterCommit: { readonly context: TenantContext; readonly fn: () => void | Promise<void> }[] = [];

  constructor(
    private readonly client: PoolClient,
    private readonly signer: TagSigner,
  ) {}

  /** Sends statements in one round trip under the current context's tag. Concurrent calls wait for each other. */
  run(statements: readonly PipelineStatement[], types?: unknown): Promise<PipelineResult[]> {
    const context = currentTenant();
    const next = this.tail.then(() => this.send(context, statements, types));
    this.tail = next.catch(() => undefined);
    return next;
  }

  private async send(context: TenantContext, statements: readonly PipelineStatement[], types: unknown): Promise<PipelineResult[]> {
    const lead = [...this.leading(), ...this.tagging(context)];
    const results = await runPipeline(this.client, [...lead, ...statements], types);
    return results.slice(lead.length);
  }

  /** What goes before the next statements: the beginning, if it was not made yet, and what was to go ahead of them. */
  private leading(): PipelineStatement[] {
    const lead = [...(this.begun ? [] : [BEGIN]), ...this.ahead.flatMap(({ context, statement }) => [...this.tagging(context), statement])];
    this.begun = true;
    this.ahead = [];
    return lead;
  }

  /** The tag of a context, where the session does not carry it. */
  private tagging(context: TenantContext): PipelineStatement[] {
    if (this.taggedFor === context) return [];
    this.taggedFor = context;
    return [{ text: SET_TAG, values: [this.signer.sign(context, Date.now())], prepare: true }];
  }

  /** Adds a statement that travels ahead of whatever is sent next, under the context open now; its failure fails that. */
  precede(statement: PipelineStatement): void {
    this.ahead.push({ context: currentTenant(), statement });
  }

  /** Adds a statement that travels with the commit, under the context open now: for effects whose result nobody reads. */
  defer(statement: PipelineStatement): void {
    this.deferred.push({ context: currentTenant(), statement });
  }

  /** Registers what to do, under the context open now, once the commit is durable. Errors there are the callee's own. */
  onCommit(fn: () => void | Promise<void>): void {
    this.afterCommit.push({ context: currentTenant(), fn });
  }

  /** Commits and scrubs; what was deferred is sent in the same round trip. */
  async commit(): Promise<void> {
    await this.tail;
    if (!this.begun && this.deferred.length === 0 && this.ahead.length === 0) {
      return;
    }
    const statements = [...this.leading(), ...this.deferred.flatMap(({ context, statement }) => [...this.tagging(context), statement])];
    await runPipeline(this.client, [...statements, COMMIT, ...SCRUB]);
  }

  /** Gives the connection back after a commit and runs what waited for it. What is committed stays a success. */
  async finish(): Promise<void> {
    this.client.release();
    await Promise.allSettled(this.afterCommit.map(async ({ context, fn }) => runInTenantContext(context, fn)));
  }

  /** Rolls back and scrubs; a connection on which even that fails is closed. */
  async rollback(): Promise<void> {
    await this.tail;
    try {
      await this.client.query('rollback');
      await runPipeline(this.client, SCRUB);
      this.client.release();
    } catch {
      this.client.release(true);
    }
  }
}

/** Runs statements as one implicit transaction in exactly one round trip: tag, statements, scrub, sync. */
export async function runOnce(
  client: PoolClient,
  signer: TagSigner,
  statements: readonly PipelineStatement[],
): Promise<PipelineResult[]> {
  const tag: PipelineStatement = { text: SET_TAG, values: [signer.sign(currentTenant(), Date.now())], prepare: true };
  const results = await runPipeline(client, [tag, ...statements, ...SCRUB]);
  return results.slice(1, 1 + statements.length);
}
