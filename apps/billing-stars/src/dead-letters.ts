import { deadLetterProgram } from '@apollo/service-kit';
import { billingStarsSchema } from './billing-stars.schema.js';

deadLetterProgram('billing-stars', billingStarsSchema, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
