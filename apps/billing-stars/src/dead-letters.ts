import { deadLetterProgram } from '@apollo/service-kit';
import { billingStarsSchema } from './billing-stars.schema.js';

deadLetterProgram('billing-stars', billingStarsSchema, process.argv.slice(2), (line) =>
  process.stdout.write(`${line}\n`),
).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
