import { parseArgs } from 'node:util';
import { SERVICES } from '@apollo/contracts';

export const SCENARIOS = [
  'start',
  'idle',
  'list',
  'create',
  'growth',
  'import',
  'documents',
  'turns',
  'events',
  'reserve',
  'race',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** What a run is asked to do. */
export interface BenchArguments {
  /** Shorter slices, fewer rounds, a smaller largest dataset: to see that it works, not to quote. */
  readonly quick: boolean;
  /** File that takes the report as JSON. */
  readonly json: string | undefined;
  /** Write docs/benchmarks.md and its chart. */
  readonly docs: boolean;
  readonly only: readonly Scenario[];
  /** Folder of another checkout, built, that is driven in turn with this one. */
  readonly against: string | undefined;
  /** How many times each checkout runs; requests are driven in several slices of each. */
  readonly rounds: number;
  /** Services that are ended before anything is measured. */
  readonly without: readonly string[];
}

/** What two checkouts can be compared by. */
const COMPARABLE: readonly Scenario[] = ['list', 'create', 'events', 'reserve'];
const ROUNDS = 5;

export const USAGE = `npm run bench -- [--quick] [--json FILE] [--docs] [--without SERVICE,…] [--only ${SCENARIOS.join(',')}]
       npm run bench -- --against FOLDER [--rounds N] [--quick] [--only ${COMPARABLE.join(',')}]`;

/** Reads the command line. @throws Error in one line for anything unknown */
export function benchArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      json: { type: 'string' },
      docs: { type: 'boolean' },
      only: { type: 'string' },
      against: { type: 'string' },
      rounds: { type: 'string' },
      without: { type: 'string' },
    },
  });
  const { quick = false, docs = false, json, against } = values;
  const known = against === undefined ? SCENARIOS : COMPARABLE;
  const only = (values.only?.split(',') ?? [...known]).map((name) => {
    const scenario = known.find((each) => each === name);
    if (!scenario) throw new Error(`There is no scenario "${name}"; there are ${known.join(', ')}.`);
    return scenario;
  });
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds is a whole number above 0.');
  if (against === undefined && values.rounds !== undefined) throw new Error('--rounds goes with --against.');
  if (against !== undefined && (docs || json !== undefined)) throw new Error('--against writes no report.');
  const without = values.without?.split(',') ?? [];
  const unknown = without.find((name) => !SERVICES.some((service) => service === name));
  if (unknown !== undefined) throw new Error(`There is no service "${unknown}"; there are ${SERVICES.join(', ')}.`);
  if (against !== undefined && without.length > 0)
    throw new Error('--against leaves out by itself what the other checkout has not got.');
  return { quick, json, docs, only, against, rounds, without };
}
