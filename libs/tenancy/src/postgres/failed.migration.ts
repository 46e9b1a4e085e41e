/** What PostgreSQL says of an error, as far as an operator can act on it. */
interface Said {
  readonly message?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

const NAMED = ['detail', 'hint', 'where', 'table', 'column', 'constraint'] as const;

/**
 * A migration of which the database refused a statement: its run is rolled back. The message is a block of lines for an
 * operator.
 */
export class FailedMigrationError extends Error {
  /** PostgreSQL's code of the error. */
  readonly code: string | undefined;

  /** @param statement as it was sent; its first line is told */
  constructor(migration: string, statement: string, cause: unknown) {
    const said = saidOf(cause);
    // The driver puts the detail behind the message.
    const message = said.message?.replace(`\n - detail: ${said.detail}`, '');
    const told = NAMED.flatMap((name) => (said[name] ? [[name, said[name]]] : []));
    const lines = [['statement', firstLine(statement)], ['error', `${message} (${said.code ?? 'no code'})`], ...told];
    super(
      [
        `Migration ${migration} failed, and nothing of this run was applied.`,
        ...lines.map(([name, text]) => `  ${name}: ${text}`),
      ].join('\n'),
      { cause },
    );
    this.code = said.code;
  }
}

/** The database's own words: what is thrown quotes the statement around them. */
function saidOf(error: unknown): Said {
  if (!(error instanceof Error)) return { message: String(error) };
  return error.cause instanceof Error ? saidOf(error.cause) : error;
}

/** The first line that is no comment. */
function firstLine(statement: string): string {
  return statement.split('\n').find((line) => !line.startsWith('--') && line.trim() !== '') ?? statement;
}
