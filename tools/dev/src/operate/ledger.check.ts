import { join } from 'node:path';
import { checkLedger, operatorCommand } from '@apollo/operate';
import { StartFailure } from '@apollo/servers';
import { readConfig } from '../config.js';
import { platformFolder } from '../platform/platform.layout.js';
import { readRunning } from '../platform/running.file.js';

// Looks whether all the money adds up: `npm run ledger:check`, `-- --watch` again and again. On the platform that runs
// here, or in the database of CHECKER_DATABASE_URL, the URL of the role that only reads it.
await operatorCommand((words) => checkLedger(words, async () => readConfig().checkerUrl ?? checkerHere()), 2);

async function checkerHere(): Promise<string> {
  const { postgres } = await readRunning(join(platformFolder(readConfig()), 'running.json'));
  const urls = postgres['billing-stars'];
  if (typeof urls !== 'object' || urls.checker === undefined)
    throw new StartFailure('The platform that runs here has no checker of the ledger: start it again.');
  return urls.checker;
}
