import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../config.js';
import { operatorCommand } from '../operate/operator.command.js';
import { platformFolder } from '../platform/platform.layout.js';
import { readRunning } from '../platform/running.file.js';
import { StartFailure } from '../start-failure.js';
import { LedgerChecker, type LedgerReport } from './ledger.checker.js';

/** Milliseconds between two looks of `--watch`. */
const PAUSE_MS = 2_000;

// Looks whether all the money adds up on the platform that runs here: `npm run ledger:check`, `-- --watch` again and again.
await operatorCommand(check, 2);

/** @returns 0 when all is well, 1 as soon as something does not add up */
async function check(words: readonly string[]): Promise<number> {
  if (words.some((word) => word !== '--watch')) throw new StartFailure('npm run ledger:check [-- --watch]');
  const { postgres } = await readRunning(join(platformFolder(readConfig()), 'running.json'));
  const urls = postgres['billing-stars'];
  if (typeof urls !== 'object' || urls.checker === undefined)
    throw new StartFailure('The platform that runs here has no checker of the ledger: start it again.');
  const checker = new LedgerChecker(urls.checker);
  for (;;) {
    const report = await checker.look();
    process.stdout.write(`${textOf(report)}\n`);
    if (report.findings.length > 0) return 1;
    if (!words.includes('--watch')) return 0;
    await sleep(PAUSE_MS);
  }
}

function textOf({ findings, wallets, holds, entries, tookMs }: LedgerReport): string {
  const looked = `${wallets} wallets, ${holds} holds, ${entries} entries, in ${Math.round(tookMs)} ms`;
  if (findings.length === 0) return `\u2713 all of it adds up: ${looked}`;
  const lines = findings.map(
    ({ equation, org_id, subject, expected, actual }) =>
      `  ${equation}: ${subject} of ${org_id} is ${actual} instead of ${expected}`,
  );
  return [`\u2717 ${findings.length} equations do not hold: ${looked}`, ...lines].join('\n');
}
