import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { COUNTRIES } from '@apollo/contracts';
import { StartFailure } from '@apollo/servers';

/** The lead list that comes with the project. */
export const SAMPLE = resolve(import.meta.dirname, '../../data/sample-leads.csv');

/** What the demo is told. */
export interface DemoArguments {
  /** Path of the lead list. */
  readonly csv: string;
  /** Of the two companies, ISO 3166: phones of the list are read as they are dialled there. */
  readonly country: string;
}

const USE = 'Use: npm run demo -- --csv FILE --country DE';

/** Reads the demo's arguments; fails with one line for any that it does not know. */
export function readArguments(args: readonly string[]): DemoArguments {
  const { csv, country } = words(args);
  if (!COUNTRIES.has(country))
    throw new StartFailure(`${country} is no country: give its two letters, as BR or US. ${USE}`);
  return { csv: csv === undefined ? SAMPLE : resolve(csv), country };
}

function words(args: readonly string[]): { csv: string | undefined; country: string } {
  try {
    // npm keeps options to itself unless they come after two dashes; a bare file needs none.
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { csv: { type: 'string' }, country: { type: 'string', default: 'DE' } },
      allowPositionals: true,
    });
    return { csv: values.csv ?? positionals[0], country: values.country.toUpperCase() };
  } catch (error) {
    throw new StartFailure(`${(error as Error).message.split('. ')[0]}. ${USE}`, { cause: error });
  }
}
