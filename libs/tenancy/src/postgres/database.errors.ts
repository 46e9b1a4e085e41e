import pg from 'pg';

/** What pg and MikroORM tell about a failed statement. */
interface DatabaseFailure {
  readonly code?: string;
  readonly constraint?: string;
}

/**
 * A statement acted on the transaction or on the session instead of on rows, or COMMIT did not commit: what was sent
 * with it may or may not be committed, and what it left on the connection is unknown. The connection is closed.
 */
export class TransactionStateError extends Error {
  constructor(found: string, options?: ErrorOptions) {
    super(`Not what the library sent: ${found}. The connection is closed, and what it carried is in doubt.`, options);
    this.name = 'TransactionStateError';
  }
}

/** Something went on in a transaction that has ended; nothing was sent: the connection is somebody else's by now. */
export class TransactionEndedError extends Error {
  constructor() {
    super('The transaction has ended. Whatever is begun in one must be waited for before its end.');
    this.name = 'TransactionEndedError';
  }
}

/**
 * The database answered with more than a process can be asked to hold. The connection is closed, and its transaction
 * rolled back.
 */
export class AnswerTooLargeError extends Error {
  constructor() {
    super('The answer is too large.');
    this.name = 'AnswerTooLargeError';
  }
}

/**
 * A connection was closed over something that lasted too long and was deaf to a request to end: whether its transaction
 * is committed is unknown.
 */
export class TookTooLongError extends Error {
  constructor() {
    super('Connection terminated: what it was at took too long.');
    this.name = 'TookTooLongError';
  }
}

/** A text that is no query was to be sent as one; nothing was sent. */
export class NotAQueryError extends Error {
  constructor() {
    super('Only select, insert, update, delete, merge, values and with may be sent to the database.');
    this.name = 'NotAQueryError';
  }
}

/**
 * True for a violated unique key (SQLSTATE 23505).
 *
 * @param constraint part of the constraint's name, to tell keys of one table apart
 */
export function isUniqueViolation(error: unknown, constraint = ''): boolean {
  return violates(error, '23505', constraint);
}

/** True for a reference to a row that is not there for this tenant (SQLSTATE 23503). */
export function isForeignKeyViolation(error: unknown, constraint = ''): boolean {
  return violates(error, '23503', constraint);
}

/**
 * All connections that one organization, or this process, may have at a time were taken, for as long as anybody waits.
 */
export class DatabaseBusyError extends Error {
  constructor() {
    super('The connections that this may have are all in use.');
    this.name = 'DatabaseBusyError';
  }
}

/** No connection was there in time. */
export class NotConnectedError extends Error {
  constructor() {
    super('No connection in time.');
    this.name = 'NotConnectedError';
  }
}

/** True where the server has no connection left for a role, or for anybody (SQLSTATE 53300). */
export function isFull(error: unknown): boolean {
  return (error as DatabaseFailure | undefined)?.code === '53300';
}

/**
 * True for a statement that failed on a connection that goes on: its transaction has certainly no effect. With FATAL
 * and worse, the server closes the connection.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

/** True where the server closed the connection over a statement (FATAL and worse), which has no effect. */
export function isEnd(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !isRefusal(error);
}

/** True for what the database refused with this SQLSTATE: one of a function's own, as a rule. */
export function hasCode(error: unknown, sqlstate: string): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === sqlstate;
}

/** True where the database refused a right, or a tag (SQLSTATE 42501). */
export function isDenial(error: unknown): boolean {
  return (error as DatabaseFailure | undefined)?.code === '42501';
}

/** True for a statement that took longer than it may, by itself (SQLSTATE 57014) or waiting for a lock (55P03). */
export function isTimeout(error: unknown): boolean {
  return ['55P03', '57014'].includes((error as DatabaseFailure | undefined)?.code ?? '');
}

/**
 * True for a statement that gave way to others: a lock that did not come in time (SQLSTATE 55P03), a deadlock (40P01)
 * or rows that changed meanwhile (40001). Nothing was changed, and it may be tried again.
 */
export function isOvertaken(error: unknown): boolean {
  return ['55P03', '40P01', '40001'].includes((error as DatabaseFailure | undefined)?.code ?? '');
}

/**
 * True where a statement names a table, a column or a function that the database has not, or no more (SQLSTATE 42P01,
 * 42703, 42883): it is of another version than this process.
 */
export function isOfAnotherVersion(error: unknown): error is pg.DatabaseError {
  return ['42P01', '42703', '42883'].includes((error as DatabaseFailure | undefined)?.code ?? '');
}

/**
 * True where the database could not serve anybody, or not now: no connection, one that ended, a server that starts or
 * stops (SQLSTATE 57P), lets nobody in (28, 3D000), has no memory, room or connection left (53), or is of another
 * version.
 */
export function isUnavailable(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as DatabaseFailure & { readonly message?: string };
  return (
    error instanceof DatabaseBusyError ||
    error instanceof NotConnectedError ||
    isOfAnotherVersion(error) ||
    /^(08|28|3D000|53|57P)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].includes(code) ||
    /^(timeout exceeded when trying to connect|Connection terminated)/.test(message)
  );
}

function violates(error: unknown, code: string, constraint: string): boolean {
  const failure = error as DatabaseFailure | undefined;
  return failure?.code === code && (failure.constraint ?? '').includes(constraint);
}
