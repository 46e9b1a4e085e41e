import { randomBytes } from 'node:crypto';
import pg from 'pg';
import pgUtils from 'pg/lib/utils.js';
import { serialize } from 'pg-protocol';
import { AnswerTooLargeError, isRefusal, TransactionStateError } from './database.errors.js';

/** One statement of a pipeline. */
export interface PipelineStatement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Kept prepared on the connection. Only for texts that are constants of the program: each is kept for good. */
  readonly prepare?: boolean;
  /** Nobody reads its rows: they are not described, and dropped. */
  readonly unread?: boolean;
  /**
   * First word of the command tag it must answer with; when absent, that of a query. Only for what the library says by
   * itself.
   */
  readonly answers?: string;
}

/**
 * What a statement may answer with that is no command of the library's. Everything else acts on the session or the
 * transaction.
 */
const QUERIES: ReadonlySet<string | null> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Begins a transaction. */
export const BEGIN: PipelineStatement = { text: 'begin', prepare: true, unread: true, answers: 'BEGIN' };
/** Commits it; what it answers where it did not is an error. */
export const COMMIT: PipelineStatement = { text: 'commit', prepare: true, unread: true, answers: 'COMMIT' };

/** Rows and command tag of one statement of a pipeline, in order. */
export type PipelineResult = pg.QueryResult<Record<string, unknown>>;

/** What pg keeps of the wire protocol and shows to objects that submit themselves; see pg's own query.js. */
interface WireConnection {
  readonly stream: {
    write(bytes: Buffer): void;
    destroy(error: Error): void;
  };
  once(event: 'readyForQuery' | 'end', heard: () => void): void;
  off(event: 'readyForQuery' | 'end', heard: () => void): void;
}

type ParsedResult = PipelineResult & {
  addFields(fields: unknown[]): void;
  parseRow(fields: unknown[]): Record<string, unknown>;
  addRow(row: Record<string, unknown>): void;
  addCommandComplete(message: unknown): void;
};

const ResultClass = (pg as unknown as { Result: new (mode: undefined, types: unknown) => ParsedResult }).Result;

/**
 * Names of prepared statements are random per process: a statement injected on a connection cannot guess the name
 * of another one in order to replace it, and no runtime role may list them.
 */
const statementPrefix = `s${randomBytes(8).toString('hex')}_`;
const statementNames = new Map<string, string>();
const preparedOn = new WeakMap<WireConnection, Set<string>>();

function nameOf(text: string): string {
  let name = statementNames.get(text);
  if (!name) {
    name = statementPrefix + statementNames.size;
    statementNames.set(text, name);
  }
  return name;
}

/** Characters of one value, above all that is stored: JSON is parsed whole, and becomes many times as large. */
const MOST_OF_ONE = 2.5 * 1_048_576;

function isTooLarge(value: string | Buffer | null): boolean {
  return value !== null && value.length > MOST_OF_ONE;
}

/**
 * Several statements in one round trip: parse, bind and execute for each and a single sync at the end. Without a
 * BEGIN among them Postgres runs them as one transaction that ends at the sync. The extended protocol takes one
 * statement per text, so stacked statements are refused by the server (42601).
 *
 * It settles when the server says that it is ready for the next, after an error too, and only if each statement has
 * answered as what it is meant to be and the transaction is where it should be. Whatever else was executed is known
 * afterwards only: then nothing of the pipeline is a success, and nobody may use the connection any more.
 *
 * Implements pg's contract for objects handed to `client.query`.
 */
class PipelineQuery {
  private readonly results: ParsedResult[] = [];
  private readonly newlyPrepared: string[] = [];
  private current: ParsedResult;
  private wire: WireConnection | undefined;
  /** The first answer that was not the one its statement is meant to give. */
  private strange: string | undefined;

  constructor(
    private readonly client: pg.ClientBase,
    private readonly statements: readonly PipelineStatement[],
    private readonly leaves: TransactionStatus,
    private readonly types: unknown,
    private readonly settle: (error: Error | null, results: PipelineResult[]) => void,
  ) {
    this.current = new ResultClass(undefined, this.types);
  }

  submit(connection: WireConnection): Error | null {
    this.wire = connection;
    const prepared = preparedOn.get(connection) ?? new Set<string>();
    preparedOn.set(connection, prepared);
    // One write of one buffer: a write of thirty small ones costs the process several times as much.
    const bytes: Buffer[] = [];
    try {
      for (const statement of this.statements) bytes.push(...this.messages(prepared, statement));
    } finally {
      connection.stream.write(Buffer.concat([...bytes, serialize.sync()]));
    }
    return null;
  }

  private messages(prepared: ReadonlySet<string>, statement: PipelineStatement): Buffer[] {
    const name = statement.prepare ? nameOf(statement.text) : '';
    const known = name !== '' && (prepared.has(name) || this.newlyPrepared.includes(name));
    if (name && !known) this.newlyPrepared.push(name);
    return [
      // An earlier pipeline may have failed between its parse and its end: closing an unknown name is no error.
      ...(name && !known ? [serialize.close({ type: 'S', name })] : []),
      ...(known ? [] : [serialize.parse({ name, text: statement.text, types: [] })]),
      serialize.bind({
        statement: name,
        values: [...(statement.values ?? [])],
        valueMapper: pgUtils.prepareValue,
      }),
      ...(statement.unread ? [] : [serialize.describe({ type: 'P', name: '' })]),
      serialize.execute({}),
    ];
  }

  handleRowDescription(message: { fields: unknown[] }): void {
    this.current.addFields(message.fields);
  }

  handleDataRow({ fields }: { fields: (string | Buffer | null)[] }): void {
    if (this.statements[this.results.length]?.unread) return;
    if (fields.some(isTooLarge)) {
      const error = new AnswerTooLargeError();
      this.settle(error, []);
      this.wire?.stream.destroy(error);
    } else this.current.addRow(this.current.parseRow(fields));
  }

  handleCommandComplete(message: unknown): void {
    this.current.addCommandComplete(message);
    const { command } = this.current;
    const meant = this.statements[this.results.length]?.answers;
    if (meant === undefined ? !QUERIES.has(command) : command !== meant) this.strange ??= command;
    this.results.push(this.current);
    this.current = new ResultClass(undefined, this.types);
  }

  handleEmptyQuery(): void {
    this.strange ??= 'nothing';
    this.results.push(this.current);
    this.current = new ResultClass(undefined, this.types);
  }

  handlePortalSuspended(): void {
    this.settle(new TransactionStateError('a portal was suspended'), []);
  }

  handleCopyInResponse(): void {
    // The server waits for data, and answers to nothing that was sent meanwhile: only closing the connection ends it.
    this.settle(new TransactionStateError('a statement answered COPY'), []);
  }

  handleCopyData(): void {
    // COPY … TO STDOUT of injected SQL: filtered rows of the own organization, dropped here.
  }

  handleError(error: Error & { code?: string }): void {
    const { wire } = this;
    if (error.code === '26000' && wire) {
      preparedOn.delete(wire);
    }
    if (!wire || !isRefusal(error)) return this.fail(error);
    // The server goes on to the sync; pg tells no query of that once it has failed.
    const heard = (): void => {
      wire.off('readyForQuery', heard);
      wire.off('end', heard);
      this.fail(error);
    };
    wire.once('readyForQuery', heard);
    wire.once('end', heard);
  }

  handleReadyForQuery(): void {
    if (this.wire) {
      const prepared = preparedOn.get(this.wire);
      this.newlyPrepared.forEach((name) => prepared?.add(name));
    }
    const status = this.client.getTransactionStatus();
    if (this.strange !== undefined) this.fail(undefined);
    else if (status !== this.leaves)
      this.settle(new TransactionStateError(`the transaction is ${status}, not ${this.leaves}`), []);
    else this.settle(null, this.results);
  }

  /** Statements that were executed and are not what they are meant to be weigh more than one that was refused. */
  private fail(error: Error | undefined): void {
    const { strange } = this;
    if (error && strange === undefined) this.settle(error, []);
    else this.settle(new TransactionStateError(`a statement answered ${strange}`, { cause: error }), []);
  }
}

/**
 * Where a pipeline leaves the connection, as the server says when it is ready for the next: idle, or in a transaction.
 */
export type TransactionStatus = 'I' | 'T';

/**
 * Sends `statements` in one round trip and resolves with one result per statement.
 *
 * @param leaves where the transaction must be afterwards; an idle connection after a COMMIT that answered so is the
 *   only proof of one
 * @param types pg type parsers; those of the client when absent
 * @throws pg.DatabaseError of the first statement that failed: the others were not executed or are rolled back, unless
 *   a
 *   COMMIT was before it. TransactionStateError when a statement was not what it is meant to be: nobody knows what is
 *   committed, and the connection must be closed
 */
export function runPipeline(
  client: pg.ClientBase,
  statements: readonly PipelineStatement[],
  leaves: TransactionStatus,
  types: unknown = pg.types,
): Promise<PipelineResult[]> {
  return new Promise((resolve, reject) => {
    const query = new PipelineQuery(client, statements, leaves, types, (error, results) =>
      error ? reject(error) : resolve(results),
    );
    client.query(query as unknown as pg.Submittable);
  });
}
