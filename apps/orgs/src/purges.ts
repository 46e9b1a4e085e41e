import { databaseConfig, OperatorContext, type Say, terminalLine } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { receiptLines } from './purge/purge.receipt.js';
import { PurgeRepository } from './purge/purge.repository.js';

// The operator's command: which organizations were deleted, when their data goes, and what has gone by now.
const say: Say = (line) => void process.stdout.write(`${terminalLine(line)}\n`);

async function list(): Promise<void> {
  const database = new TenantDatabase(databaseConfig());
  try {
    const purges = await new OperatorContext('orgs').forAll(() => new PurgeRepository(database).list());
    receiptLines(purges).forEach(say);
  } finally {
    await database.close();
  }
}

await list().catch((error: unknown) => {
  process.stderr.write(`${terminalLine(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});
