import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { migrate, type ServiceSchema } from '@apollo/tenancy/postgres';
import { testDatabase, type TestDatabase } from './test.database.js';

/**
 * A database of a service as an earlier version left it, of those whose functions were parts of their migrations.
 *
 * @param first beginning of the name of the first migration that it lacks
 */
export async function databaseBefore(schema: ServiceSchema, first: string): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), `${schema.service}-before-`));
  try {
    await cp(fileURLToPath(new URL('migrations/', schema.packageUrl)), join(folder, 'migrations'), {
      recursive: true,
      filter: (file) => !/^\d{4}-/.test(basename(file)) || basename(file) < first,
    });
    const database = await testDatabase(schema, { withoutMigrations: true });
    await migrate({ ...schema, packageUrl: pathToFileURL(`${folder}/`) }, database.migrateUrl, []);
    return database;
  } finally {
    await rm(folder, { recursive: true });
  }
}
