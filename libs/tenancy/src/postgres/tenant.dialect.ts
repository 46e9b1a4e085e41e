import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type { PhysicalTransaction } from './physical.transaction.js';
import { assertQuery } from './statement.js';

/** Thrown when a query reaches the driver while no tenant transaction is open. */
export class NoTransactionError extends Error {
  constructor() {
    super('No tenant transaction is open here: queries run inside TenantDatabase.transaction only.');
    this.name = 'NoTransactionError';
  }
}

class AmbientConnection implements DatabaseConnection {
  constructor(
    private readonly transaction: PhysicalTransaction,
    private readonly types: unknown,
  ) {}

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    assertQuery(query.sql);
    const [result] = await this.transaction.run([{ text: query.sql, values: query.parameters }], this.types);
    const changed =
      result && /^(INSERT|UPDATE|DELETE|MERGE)$/.test(result.command) ? BigInt(result.rowCount ?? 0) : undefined;
    return { rows: (result?.rows ?? []) as R[], numAffectedRows: changed };
  }

  // The interface is a stream; pages are read by cursor instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not part of the tenant driver; page by cursor');
  }
}

/**
 * What MikroORM sees as its database: it owns no connection and no transaction. Every query goes to the tenant
 * transaction that is open around the caller, or is refused; begin and commit belong to `TenantDatabase`.
 */
class AmbientDriver implements Driver {
  constructor(
    private readonly ambient: () => PhysicalTransaction | undefined,
    private readonly types: unknown,
  ) {}

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const transaction = this.ambient();
    if (!transaction) {
      throw new NoTransactionError();
    }
    return new AmbientConnection(transaction, this.types);
  }

  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/**
 * The Kysely dialect handed to MikroORM as `driverOptions`.
 *
 * @param ambient gives the transaction open around the caller
 * @param types pg type parsers that MikroORM expects (dates as text)
 */
export function tenantDialect(ambient: () => PhysicalTransaction | undefined, types: unknown): Dialect {
  return {
    createDriver: () => new AmbientDriver(ambient, types),
    createQueryCompiler: (): QueryCompiler => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
