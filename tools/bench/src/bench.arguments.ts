import { parseArgs } from 'node:util';

export const SCENARIOS = ['start', 'idle', 'list', 'create', 'growth', 'import', 'events', 'reserve', 'race'] as const;
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
}

export const USAGE = `npm run bench -- [--quick] [--json FILE] [--docs] [--only ${SCENARIOS.join(',')}]`;

/** Reads the command line. @throws Error in one line for anything unknown */
export function benchArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      json: { type: 'string' },
      docs: { type: 'boolean' },
      only: { type: 'string' },
    },
  });
  const only = (values.only?.split(',') ?? [...SCENARIOS]).map((name) => {
    const known = SCENARIOS.find((scenario) => scenario === name);
    if (!known) throw new Error(`There is no scenario "${name}"; there are ${SCENARIOS.join(', ')}.`);
    return known;
  });
  return { quick: values.quick ?? false, json: values.json, docs: values.docs ?? false, only };
}
