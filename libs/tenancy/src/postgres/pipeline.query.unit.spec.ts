import { EventEmitter } from 'node:events';
import pg from 'pg';
import { AnswerTooLargeError, TransactionStateError } from './database.errors.js';
import { BEGIN, COMMIT, type PipelineResult, type PipelineStatement, runPipeline } from './pipeline.query.js';

/** What pg calls on an object that submits itself. */
interface Submitted {
  submit(connection: object): void;
  handleDataRow(message: { fields: string[] }): void;
  handleCommandComplete(message: { text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

const SELECT: PipelineStatement = { text: 'select 1' };

/** A pipeline that was sent, what was written of it, and what it came to. */
function sent(statements: readonly PipelineStatement[], leaves: 'I' | 'T', status = leaves as string) {
  let submitted: Submitted | undefined;
  const written: Buffer[] = [];
  const destroyed: Error[] = [];
  const client = { query: (query: Submitted) => void (submitted = query), getTransactionStatus: () => status };
  const wire = Object.assign(new EventEmitter(), {
    stream: { write: (bytes: Buffer) => written.push(bytes), destroy: (error: Error) => destroyed.push(error) },
  });
  let outcome: PipelineResult[] | Error | undefined;
  runPipeline(client as unknown as pg.ClientBase, statements, leaves).then(
    (results) => (outcome = results),
    (error: Error) => (outcome = error),
  );
  const query = submitted as unknown as Submitted;
  query.submit(wire);
  const settled = async (): Promise<PipelineResult[] | Error | undefined> => {
    await new Promise((resolve) => setImmediate(resolve));
    return outcome;
  };
  return { query, wire, written, destroyed, settled };
}
const refusal = (): pg.DatabaseError => Object.assign(new pg.DatabaseError('no', 2, 'error'), { severity: 'ERROR' });

describe('statements in one round trip', () => {
  it('leave in one write, and are done with once the server is ready for the next', async () => {
    const { query, written, settled } = sent([BEGIN, SELECT], 'T');
    expect(written).toHaveLength(1);
    query.handleCommandComplete({ text: 'BEGIN' });
    query.handleCommandComplete({ text: 'SELECT 0' });
    expect(await settled()).toBeUndefined();
    query.handleReadyForQuery();
    expect(await settled()).toMatchObject([{ command: 'BEGIN' }, { command: 'SELECT', rowCount: 0 }]);
  });

  it.each<[string, string, (query: Submitted) => void]>([
    ['a statement answered ROLLBACK', 'I', (query) => query.handleCommandComplete({ text: 'ROLLBACK' })],
    ['a statement answered SET', 'I', (query) => query.handleCommandComplete({ text: 'SET' })],
    ['a statement answered nothing', 'I', (query) => query.handleEmptyQuery()],
    ['the transaction is T, not I', 'T', (query) => query.handleCommandComplete({ text: 'COMMIT' })],
  ])('are no success, none of them, where %s', async (said, status, answer) => {
    const { query, settled } = sent([COMMIT], 'I', status);
    answer(query);
    expect(await settled()).toBeUndefined();
    query.handleReadyForQuery();
    const outcome = await settled();
    expect(outcome).toBeInstanceOf(TransactionStateError);
    expect((outcome as Error).message).toContain(said);
  });

  it('are no success where the server waits for data, or has not shown all', async () => {
    const waits = sent([SELECT], 'T');
    waits.query.handleCopyInResponse();
    expect(await waits.settled()).toBeInstanceOf(TransactionStateError);
    const suspended = sent([SELECT], 'T');
    suspended.query.handlePortalSuspended();
    expect(await suspended.settled()).toBeInstanceOf(TransactionStateError);
  });

  it('that are refused are told so when the server is ready again, or away', async () => {
    for (const event of ['readyForQuery', 'end']) {
      const { query, wire, settled } = sent([SELECT], 'T');
      const error = refusal();
      query.handleError(error);
      expect(await settled()).toBeUndefined();
      wire.emit(event);
      expect(await settled()).toBe(error);
      expect(wire.listenerCount('readyForQuery') + wire.listenerCount('end')).toBe(0);
    }
  });

  it('whose connection fails are told so at once', async () => {
    const { query, settled } = sent([SELECT], 'T');
    const error = new Error('terminated');
    query.handleError(error);
    expect(await settled()).toBe(error);
  });

  it('of which one was executed that is not what it is meant to be say so rather than that another was refused', async () => {
    const { query, wire, settled } = sent([COMMIT, SELECT], 'T');
    query.handleCommandComplete({ text: 'ROLLBACK' });
    const error = refusal();
    query.handleError(error);
    wire.emit('readyForQuery');
    const outcome = await settled();
    expect(outcome).toBeInstanceOf(TransactionStateError);
    expect((outcome as Error).cause).toBe(error);
  });

  it('are given up, and their connection with them, for a value that no process should hold', async () => {
    const { query, destroyed, settled } = sent([SELECT], 'T');
    query.handleDataRow({ fields: ['x'.repeat(2.5 * 1_048_576 + 1)] });
    expect(await settled()).toBeInstanceOf(AnswerTooLargeError);
    expect(destroyed).toHaveLength(1);
  });
});
