import { requireCheckerUrl } from '../config.js';
import { operatorCommand } from '../operator.command.js';
import { checkLedger } from './ledger.check.js';

// Run where billing-stars is deployed, with the URL of the role that only reads its ledger.
await operatorCommand((words) => checkLedger(words, async () => requireCheckerUrl()), 2);
