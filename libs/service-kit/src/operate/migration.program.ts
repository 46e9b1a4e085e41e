import type { ServiceName } from '@apollo/contracts';
import { FailedMigrationError, migrate, type ServiceSchema } from '@apollo/tenancy/postgres';
import { migrateUrl } from '../config.js';
import { createLogger } from '../process/process.run.js';
import { terminalLine } from './terminal.line.js';

/**
 * The program that applies what is pending of a service's migrations, to the database of `MIGRATE_DATABASE_URL`: one
 * log line about what was applied, or about what went wrong and then exit code 1. Of a statement that the database
 * refused it is a block of lines: which one of which migration, and all that PostgreSQL says of it, rows included.
 *
 * @param words the command's arguments, of which it takes none
 */
export async function runMigrations(
  service: ServiceName,
  schema: ServiceSchema,
  words: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const logger = createLogger(service, 'info');
  try {
    if (words.length > 0) throw new Error(`It takes no arguments: ${words.join(' ')}`);
    logger.info({ applied: await migrate(schema, migrateUrl()) }, 'migrated');
  } catch (error) {
    if (error instanceof FailedMigrationError) process.stderr.write(`${blockOf(error)}\n`);
    else logger.fatal({ error: innermost(error) }, `${service} is not migrated`);
    process.exitCode = 1;
  }
}

/** What rows say among it breaks no line. */
function blockOf({ message }: FailedMigrationError): string {
  return message.split('\n').map(terminalLine).join('\n');
}

/** What the database or the system said: what is thrown quotes a whole migration around it. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? innermost(error.cause) : error.message;
}
