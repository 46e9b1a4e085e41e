import { randomBytes } from 'node:crypto';
import pg from 'pg';
import pgUtils from 'pg/lib/utils.js';

/** One statement of a pipeline. */
export interface PipelineStatement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Kept prepared on the connection. Only for texts that are constants of the program: each is kept for good. */
  readonly prepare?: boolean;
  /** Nobody reads its rows: they are not described, and dropped. */
  readonly unread?: boolean;
}

/** Rows and command tag of one statement of a pipeline, in order. */
export type PipelineResult = pg.QueryResult<Record<string, unknown>>;

/** What pg keeps of the wire protocol and shows to objects that submit themselves; see pg's own query.js. */
interface WireConnection {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { name: string; text: string; types: number[] }): void;
  bind(message: {
    portal: string;
    statement: string;
    values: unknown[];
    binary: boolean;
    valueMapper: (value: unknown) => unknown;
  }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
  sendCopyFail(message: string): void;
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

/**
 * Several statements in one round trip: parse, bind and execute for each and a single sync at the end. Without a
 * BEGIN among them Postgres runs them as one transaction that ends at the sync. The extended protocol takes one
 * statement per text, so stacked statements are refused by the server (42601).
 *
 * Implements pg's contract for objects handed to `client.query`.
 */
class PipelineQuery {
  private readonly results: ParsedResult[] = [];
  private readonly newlyPrepared: string[] = [];
  private current: ParsedResult;
  private wire: WireConnection | undefined;

  constructor(
    private readonly statements: readonly PipelineStatement[],
    private readonly types: unknown,
    private readonly settle: (error: Error | null, results: PipelineResult[]) => void,
  ) {
    this.current = new ResultClass(undefined, this.types);
  }

  submit(connection: WireConnection): Error | null {
    this.wire = connection;
    const prepared = preparedOn.get(connection) ?? new Set<string>();
    preparedOn.set(connection, prepared);
    connection.stream.cork();
    try {
      for (const statement of this.statements) {
        this.send(connection, prepared, statement);
      }
    } finally {
      connection.sync();
      connection.stream.uncork();
    }
    return null;
  }

  private send(connection: WireConnection, prepared: Set<string>, statement: PipelineStatement): void {
    const name = statement.prepare ? nameOf(statement.text) : '';
    if (!name) {
      connection.parse({ name, text: statement.text, types: [] });
    } else if (!prepared.has(name) && !this.newlyPrepared.includes(name)) {
      // An earlier pipeline may have failed between its parse and its end: closing an unknown name is no error.
      connection.close({ type: 'S', name });
      connection.parse({ name, text: statement.text, types: [] });
      this.newlyPrepared.push(name);
    }
    connection.bind({
      portal: '',
      statement: name,
      values: [...(statement.values ?? [])],
      binary: false,
      valueMapper: pgUtils.prepareValue,
    });
    if (!statement.unread) connection.describe({ type: 'P', name: '' });
    connection.execute({ portal: '', rows: 0 });
  }

  handleRowDescription(message: { fields: unknown[] }): void {
    this.current.addFields(message.fields);
  }

  handleDataRow(message: { fields: unknown[] }): void {
    if (!this.statements[this.results.length]?.unread) this.current.addRow(this.current.parseRow(message.fields));
  }

  handleCommandComplete(message: unknown): void {
    this.current.addCommandComplete(message);
    this.results.push(this.current);
    this.current = new ResultClass(undefined, this.types);
  }

  handleEmptyQuery(): void {
    this.results.push(this.current);
    this.current = new ResultClass(undefined, this.types);
  }

  handlePortalSuspended(): void {
    this.settle(new Error('a pipeline fetches whole results'), []);
  }

  handleCopyInResponse(connection: WireConnection): void {
    connection.sendCopyFail('COPY is not part of a pipeline');
    // The server ignores the sync sent while it waited for data.
    connection.sync();
  }

  handleCopyData(): void {
    // COPY … TO STDOUT of injected SQL: filtered rows of the own organization, dropped here.
  }

  handleError(error: Error & { code?: string }): void {
    if (error.code === '26000' && this.wire) {
      preparedOn.delete(this.wire);
    }
    this.settle(error, []);
  }

  handleReadyForQuery(): void {
    if (this.wire) {
      const prepared = preparedOn.get(this.wire);
      this.newlyPrepared.forEach((name) => prepared?.add(name));
    }
    this.settle(null, this.results);
  }
}

/**
 * Sends `statements` in one round trip and resolves with one result per statement.
 *
 * @param types pg type parsers; those of the client when absent
 * @throws pg.DatabaseError of the first statement that failed; the others were not executed or are rolled back,
 *   unless the pipeline itself contained a COMMIT before it
 */
export function runPipeline(
  client: pg.ClientBase,
  statements: readonly PipelineStatement[],
  types: unknown = pg.types,
): Promise<PipelineResult[]> {
  return new Promise((resolve, reject) => {
    const query = new PipelineQuery(statements, types, (error, results) => (error ? reject(error) : resolve(results)));
    client.query(query as unknown as pg.Submittable);
  });
}
