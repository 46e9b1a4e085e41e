import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Contestant, interleave, type Pace, type Rounds } from '../load/interleaved.rounds.js';
import type { BenchField } from '../servers/bench.field.js';
import { type DuelResult, resultOf } from './checkout.duel.js';

/** What requests of two platforms are compared by. */
export type RequestScenario = 'list' | 'create';

/** How much both platforms hold, and how long each is driven. */
export interface SideBySideOptions {
  readonly scenarios: readonly RequestScenario[];
  readonly orgs: number;
  readonly leadsPerOrg: number;
  readonly pace: Pace;
}

const OWN = 'this checkout';
const OTHER = 'the other one';

/**
 * Has the platforms of two checkouts run beside each other and drives them in turn, A B A B …, in slices of seconds:
 * whatever else the machine does falls on both.
 *
 * @param field of this checkout, prepared
 * @param other folder of the other checkout, built
 * @param folder where the other platform keeps its files
 */
export async function sideBySide(
  field: BenchField,
  other: string,
  folder: string,
  { scenarios, orgs, leadsPerOrg, pace }: SideBySideOptions,
  report: (line: string) => void,
): Promise<DuelResult[]> {
  const module = pathToFileURL(join(other, 'tools/bench/dist/servers/bench.field.js')).href;
  const { BenchField: Field } = (await import(module)) as { BenchField: typeof BenchField };
  const others = await Field.prepare(folder, false, () => undefined);
  try {
    for (const each of [field, others]) await each.grow(orgs, leadsPerOrg);
    const results: DuelResult[] = [];
    for (const scenario of scenarios) {
      report(scenario);
      const rounds = await interleave(
        [named(OWN, oursOf(field, scenario)), named(OTHER, oursOf(others, scenario))],
        pace,
        report,
        async () => {
          await field.person.renew();
          await others.person.renew();
        },
      );
      results.push(...resultsOf(scenario, rounds));
    }
    return results;
  } finally {
    await others.stop();
  }
}

/** Ours is the last of its contestants, after its peers. */
function oursOf(field: BenchField, scenario: RequestScenario): Contestant {
  return (scenario === 'list' ? field.listers() : field.creators()).at(-1) as Contestant;
}

function named(name: string, contestant: Contestant): Contestant {
  return { ...contestant, name };
}

/** Compares both round by round. */
export function resultsOf(scenario: string, rounds: Rounds): DuelResult[] {
  const [own = [], others = []] = [rounds[OWN], rounds[OTHER]];
  const ratios = (figure: 'requestsPerSecond' | 'cpuMsPerRequest'): number[] =>
    own.map((slice, round) => slice[figure] / (others[round]?.[figure] ?? NaN));
  return [
    resultOf(`${scenario}: per second`, ratios('requestsPerSecond'), 'more'),
    resultOf(`${scenario}: CPU of each`, ratios('cpuMsPerRequest'), 'less'),
  ];
}
