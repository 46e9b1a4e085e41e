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

function violates(error: unknown, code: string, constraint: string): boolean {
  const failure = error as DatabaseFailure | undefined;
  return failure?.code === code && (failure.constraint ?? '').includes(constraint);
}
