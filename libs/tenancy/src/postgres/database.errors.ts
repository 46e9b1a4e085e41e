import pg from 'pg';

/** What pg and MikroORM tell about a failed statement. */
interface DatabaseFailure {
  readonly code?: string;
  readonly constraint?: string;
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

/** True for a statement that failed on a connection that goes on: its transaction has certainly no effect. With FATAL and worse, the server closes the connection. */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

/** True for a statement that took longer than it may, by itself (SQLSTATE 57014) or waiting for a lock (55P03). */
export function isTimeout(error: unknown): boolean {
  return ['55P03', '57014'].includes((error as DatabaseFailure | undefined)?.code ?? '');
}

function violates(error: unknown, code: string, constraint: string): boolean {
  const failure = error as DatabaseFailure | undefined;
  return failure?.code === code && (failure.constraint ?? '').includes(constraint);
}
