import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartFailure } from '@apollo/servers';
import { terminalLine } from '@apollo/service-kit';
import { readConfig } from '../config.js';
import { operatorCommand } from '../operate/operator.command.js';
import { databaseFailure } from '../platform/own.servers.js';
import { platformFolder } from '../platform/platform.layout.js';
import { readRunning } from '../platform/running.file.js';
import { LedgerChecker, type LedgerReport } from './ledger.checker.js';

/** Milliseconds between two looks of `--watch`. */
const PAUSE_MS = 2_000;

// Looks whether all the money adds up: `npm run ledger:check`, `-- --watch` again and again. On the platform that runs
// here, or in the database of CHECKER_DATABASE_URL, the URL of the role that only reads it.
await operatorCommand(check, 2);

/** @returns 0 when all is well, 1 as soon as something does not add up */
async function check(words: readonly string[]): Promise<number> {
  if (words.some((word) => word !== '--watch')) throw new StartFailure('npm run ledger:check [-- --watch]');
  const url = readConfig().checkerUrl ?? (await checkerHere());
  const checker = new LedgerChecker(url);
  for (;;) {
    const report = await checker.look().catch((error: unknown) => {
      throw databaseFailure('CHECKER_DATABASE_URL', url, error);
    });
    process.stdout.write(`${textOf(report)}\n`);
    if (report.findings.length > 0) return 1;
    if (!words.includes('--watch')) return 0;
    await sleep(PAUSE_MS);
  }
}

async function checkerHere(): Promise<string> {
  const { postgres } = await readRunning(join(platformFolder(readConfig()), 'running.json'));
  const urls = postgres['billing-stars'];
  if (typeof urls !== 'object' || urls.checker === undefined)
    throw new StartFailure('The platform that runs here has no checker of the ledger: start it again.');
  return urls.checker;
}

function textOf({ findings, wallets, holds, entries, tookMs }: LedgerReport): string {
  const looked = `${wallets} wallets, ${holds} holds, ${entries} entries, in ${Math.round(tookMs)} ms`;
  if (findings.length === 0) return `\u2713 all of it adds up: ${looked}`;
  const lines = findings.map(({ equation, org_id, subject, expected, actual }) =>
    terminalLine(`  ${equation}: ${subject} of ${org_id} is ${actual} instead of ${expected}`),
  );
  return [`\u2717 ${findings.length} equations do not hold: ${looked}`, ...lines].join('\n');
}
