import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { rejected, signedRankTest } from './rank.test.js';
import type { SeededRandom } from './seeded.random.js';
import { ALPHA, smallestFound } from './timing.power.js';
import type { TwoWorlds, World, WorldTable } from './two.worlds.js';
import type { WorldColumn } from './world.values.js';

/**
 * A condition over a column that is true of others' rows in the first world and of none in the second, and its mirror,
 * which is true in the second and of none in the first. Of the asker's own rows both say the same in both worlds.
 */
export interface TimedCondition {
  readonly name: string;
  readonly statement: string;
  readonly mirror: string;
  /** How many more times the first one is evaluated in the first world, as a share: what a control slows down. */
  readonly slowed?: number;
}

/** What times tell. */
export interface Timing {
  readonly conditions: number;
  /** How often each condition was asked of both worlds, with its mirror. */
  readonly pairs: number;
  /** Names of the conditions by which the worlds are told apart. */
  readonly told: readonly string[];
  /** The smallest slowdown of one statement that is found with a probability of 95 %: 0.01 is a hundredth. */
  readonly smallest: number;
}

/** Times that a statement evaluates its condition on each row: about a millisecond. */
const LOOPS = 400;

/**
 * Bounds below the asker's values and above them, beyond which others' lie: the first world's below, the second's
 * above.
 */
const BOUNDS: Readonly<Record<string, readonly [string, string]>> = {
  text: ["'G'", "'Q'"],
  smallint: ['3000', '7000'],
  integer: ['3000', '7000'],
  bigint: ['3000', '7000'],
  numeric: ['3000', '7000'],
  date: ["date '2000-01-01' + 3000", "date '2000-01-01' + 7000"],
  'timestamp with time zone': [
    "timestamptz '2000-01-01Z' + interval '3000 hours'",
    "timestamptz '2000-01-01Z' + interval '7000 hours'",
  ],
};

/**
 * Conditions over every column whose order is known, of an organization's tables in worlds of one shape: in a scan, and
 * in the branches of a union, where conditions are put in another order.
 */
export function timedConditions(tables: readonly WorldTable[]): TimedCondition[] {
  return tables
    .filter(({ keys }) => keys.includes('org_id'))
    .flatMap((table) => {
      const name = `${table.schema}.${table.name}`;
      const sources = [name, `(select * from ${name} union all select * from ${name})`];
      return table.columns.flatMap((column) => {
        const [condition, mirror] = mirrored(column) ?? [];
        if (condition === undefined || mirror === undefined) return [];
        return sources.map((source, nth) => ({
          name: `${table.name}: ${condition}${nth === 1 ? ' in a union' : ''}`,
          statement: looped(source, condition),
          mirror: looped(source, mirror),
        }));
      });
    });
}

/** As `timedConditions`, but the first world takes longer by this share. */
export function slowed(condition: TimedCondition, by: number): TimedCondition {
  return { ...condition, name: `${condition.name} slowed by ${by}`, slowed: by };
}

/**
 * Asks both worlds each condition and its mirror, interleaved in random order, takes the time, and tests whether the
 * ratio of the two differs between the worlds: what a database, an operator or a moment costs is in both. What differs
 * is asked anew with as many pairs, and told if it differs again.
 */
export async function timeWorlds(
  worlds: TwoWorlds,
  conditions: readonly TimedCondition[],
  { pairs, random }: { pairs: number; random: SeededRandom },
): Promise<Timing> {
  const measured = await measure(worlds, conditions, pairs, random);
  const suspects = differing(measured).map((at) => conditions[at] as TimedCondition);
  const again = await measure(worlds, suspects, suspects.length > 0 ? pairs : 0, random);
  return {
    conditions: conditions.length,
    pairs,
    told: differing(again).map((at) => suspects[at]?.name ?? ''),
    smallest: smallestFound(measured, random),
  };
}

function differing(measured: readonly (readonly number[])[]): number[] {
  return rejected(
    measured.map((differences) => signedRankTest(differences).p),
    ALPHA,
  );
}

/**
 * Of each condition and each pair, the logarithm of how much longer it takes than its mirror in the first world than in
 * the second.
 */
async function measure(
  worlds: TwoWorlds,
  conditions: readonly TimedCondition[],
  pairs: number,
  random: SeededRandom,
): Promise<number[][]> {
  const differences = conditions.map((): number[] => []);
  const [first, second] = worlds.worlds;
  // The first round fills caches.
  for (let pair = 0; pair <= pairs; pair += 1) {
    for (const { client } of worlds.worlds)
      await client.query(
        `begin; set local jit = off; set local max_parallel_workers_per_gather = 0; select tenancy.carry('${worlds.tag('org')}')`,
      );
    for (const at of shuffled([...conditions.keys()], random)) {
      const { statement, mirror, slowed: by = 0 } = conditions[at] as TimedCondition;
      let difference = 0;
      const questions: [World, string, number, number][] = [
        [first, statement, 1 + by, 1],
        [first, mirror, 1, -1],
        [second, statement, 1, -1],
        [second, mirror, 1, 1],
      ];
      for (const [world, asked, times, sign] of shuffled(questions, random))
        difference += sign * Math.log(await timeOf(world, asked, Math.round(LOOPS * times)));
      if (pair > 0) differences[at]?.push(difference);
    }
    for (const { client } of worlds.worlds) await client.query('rollback');
  }
  return differences;
}

/**
 * Time that a statement takes: of the processor, where the server's process can be looked at, else of the server's
 * clock.
 */
async function timeOf({ client }: World, statement: string, loops: number): Promise<number> {
  const now = 'select extract(epoch from clock_timestamp())::text as at';
  const text = `${now}; ${statement.replace(':loops', String(loops))}; ${now}`;
  const { processID } = client as unknown as { processID: number };
  const before = processorTime(processID);
  const results = (await client.query(text)) as unknown as pg.QueryResult<{ at: string }>[];
  const after = processorTime(processID);
  if (before !== undefined && after !== undefined) return after - before;
  // As numbers only their difference is exact enough.
  const [begun = '', , ended = ''] = results.map(({ rows }) => rows[0]?.at ?? '');
  const seconds = (at: string): number => Number(at.slice(-12));
  return (seconds(ended) - seconds(begun) + 100_000) % 100_000;
}

/**
 * Nanoseconds that a server process on this machine has run; others that run meanwhile do not count. Only Linux tells.
 */
function processorTime(id: number): number | undefined {
  try {
    if (!readFileSync(`/proc/${id}/comm`, 'utf8').startsWith('postgres')) return undefined;
    return Number(readFileSync(`/proc/${id}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return undefined;
  }
}

function looped(source: string, condition: string): string {
  return `select count((select count(*) from ${source} a where ${condition} and n > 0)) from generate_series(1, :loops) n`;
}

function mirrored({ name, type }: WorldColumn): [string, string] | undefined {
  if (type === 'boolean') return [`a.${name}`, `not a.${name}`];
  const bounds = BOUNDS[type];
  return bounds && [`a.${name} < ${bounds[0]}`, `a.${name} > ${bounds[1]}`];
}

function shuffled<T>(from: readonly T[], random: SeededRandom): T[] {
  const left = [...from];
  return from.map(() => left.splice(random.below(left.length), 1)[0] as T);
}
