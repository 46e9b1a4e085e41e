import { setTimeout as sleep } from 'node:timers/promises';
import { StartFailure } from '@apollo/servers';
import { terminalLine } from '@apollo/service-kit';
import { databaseFailure } from '../server.failures.js';
import { LedgerChecker, type LedgerReport } from './ledger.checker.js';

/** Milliseconds between two looks of `--watch`. */
const PAUSE_MS = 2_000;

/**
 * Looks whether all the money adds up, and prints what it finds; with `--watch` again and again.
 *
 * @param words the command's arguments
 * @param urlOf the URL of the role that only reads the ledger
 * @returns the exit code: 0 when all is well, 1 as soon as something does not add up
 * @throws StartFailure for other arguments, and where the database cannot be read
 */
export async function checkLedger(words: readonly string[], urlOf: () => Promise<string>): Promise<number> {
  if (words.some((word) => word !== '--watch'))
    throw new StartFailure('The ledger check takes --watch and nothing else.');
  const url = await urlOf();
  const checker = new LedgerChecker(url);
  for (;;) {
    const report = await checker.look().catch((error: unknown) => {
      throw databaseFailure('CHECKER_DATABASE_URL', url, error);
    });
    process.stdout.write(`${ledgerText(report)}\n`);
    if (report.findings.length > 0) return 1;
    if (!words.includes('--watch')) return 0;
    await sleep(PAUSE_MS);
  }
}

/** What a look found, in lines for an operator. */
export function ledgerText({ findings, wallets, holds, entries, tookMs }: LedgerReport): string {
  const looked = `${counted(wallets, 'wallet')}, ${counted(holds, 'hold')}, ${counted(entries, 'entry', 'entries')}, in ${Math.round(tookMs)} ms`;
  if (findings.length === 0) return `\u2713 all of it adds up: ${looked}`;
  const lines = findings.map(({ equation, org_id, subject, expected, actual }) =>
    terminalLine(`  ${equation}: ${subject} of ${org_id} is ${actual} instead of ${expected}`),
  );
  return [`\u2717 ${counted(findings.length, 'equation does', 'equations do')} not hold: ${looked}`, ...lines].join(
    '\n',
  );
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
