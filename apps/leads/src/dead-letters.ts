import { deadLetterProgram } from '@apollo/service-kit';
import { leadsSchema } from './leads.schema.js';

deadLetterProgram('leads', leadsSchema, process.argv.slice(2), (line) => process.stdout.write(`${line}\n`)).catch(
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
