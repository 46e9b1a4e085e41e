import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartFailure } from '../start-failure.js';

/** The lead list that comes with the project. */
export const SAMPLE = resolve(import.meta.dirname, '../../data/sample-leads.csv');

/** Reads the demo's arguments; fails with one line for any that it does not know. */
export function readArguments(args: readonly string[]): { readonly csv: string } {
  try {
    // npm keeps options to itself unless they come after two dashes; a bare file needs none.
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { csv: { type: 'string' } },
      allowPositionals: true,
    });
    const file = values.csv ?? positionals[0];
    return { csv: file === undefined ? SAMPLE : resolve(file) };
  } catch (error) {
    throw new StartFailure(`${(error as Error).message.split('. ')[0]}. Use: npm run demo -- --csv FILE`, {
      cause: error,
    });
  }
}
