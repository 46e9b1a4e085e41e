import type { ServiceSchema } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { SeededRandom } from './seeded.random.js';
import { type TwoWorlds, twoWorlds, type World } from './two.worlds.js';
import { comparablePlan, type Plan, planOf, unguarded } from './world.plans.js';
import { type WorldStatement, WorldStatements } from './world.statements.js';

/** A difference between the two worlds: what was asked, and what each said. */
export interface WorldDifference {
  readonly statement: WorldStatement;
  readonly first: string;
  readonly second: string;
}

/** What came of asking both worlds. */
export interface Comparison {
  readonly asked: number;
  /** Statements that gave rows in both worlds: the control without which two dead worlds would look alike. */
  readonly answered: number;
  readonly refused: number;
  readonly tells: readonly WorldDifference[];
  /** Plans that read without asking for the tenant's key first. */
  readonly unguarded: readonly string[];
}

/** How often a difference is looked at again: what does not come back was a cache. */
const LOOKS = 3;

/** What a connection of the runtime role says to a statement, within a transaction that leaves nothing behind. */
async function ask(
  world: World,
  worlds: TwoWorlds,
  { settings, scope, sql }: WorldStatement,
  explain: boolean,
): Promise<unknown> {
  const tagged = scope === 'none' ? [] : [`select tenancy.carry('${worlds.tag(scope)}')`];
  const asked = explain
    ? `explain (analyze, buffers, timing off, summary off, costs, verbose, format json) ${sql}`
    : sql;
  const text = [
    ...settings.map((each) => `set local ${each}`),
    "set local statement_timeout = '10s'",
    ...tagged,
    asked,
  ];
  try {
    const results = (await world.client.query(`begin; ${text.join('; ')}`)) as unknown as pg.QueryResult[];
    const last = results.at(-1);
    return explain
      ? planOf((last?.rows[0] as { 'QUERY PLAN': string })['QUERY PLAN'])
      : { command: last?.command, rows: last?.rows };
  } catch (error) {
    const { code, message, detail, hint, where } = error as pg.DatabaseError;
    if (code === undefined) throw error;
    return { code, message, detail, hint, where };
  } finally {
    await world.client.query('rollback');
  }
}

/** Asks both worlds the same, and looks again where the answers differ. */
async function compare(
  worlds: TwoWorlds,
  statement: WorldStatement,
  explain: boolean,
): Promise<{ answer: unknown; tell?: WorldDifference }> {
  for (let look = 1; ; look += 1) {
    const answers = await Promise.all(worlds.worlds.map((world) => ask(world, worlds, statement, explain)));
    const [first, second] = answers.map((answer) => JSON.stringify(explain ? comparablePlan(answer) : answer));
    if (first === second) return { answer: answers[0] };
    if (look === LOOKS)
      return { answer: answers[0], tell: { statement, first: String(first), second: String(second) } };
  }
}

/**
 * Asks two worlds that differ in every value of everybody else the same statements: rows, errors, plans, estimates,
 * rows removed and pages read must be the same.
 *
 * @param seed of the statements
 * @param count how many statements
 * @param untilFound ends at the first finding, for a control that only has to find something
 */
export async function compareWorlds(
  worlds: TwoWorlds,
  { seed, count, untilFound = false }: { seed: number; count: number; untilFound?: boolean },
): Promise<Comparison> {
  const statements = new WorldStatements(new SeededRandom(seed), worlds);
  const tells: WorldDifference[] = [];
  const bare = new Set<string>();
  const counted = { asked: 0, answered: 0, refused: 0 };
  while (counted.asked < count && !(untilFound && tells.length + bare.size > 0)) {
    const statement = statements.next();
    counted.asked += 1;
    const result = await compare(worlds, statement, false);
    if (result.tell) tells.push(result.tell);
    const { code, rows } = result.answer as { code?: string; rows?: unknown[] };
    if (code !== undefined) counted.refused += 1;
    else if (rows && rows.length > 0) counted.answered += 1;
    // Which worker reads what of a parallel plan is chance.
    if (statement.settings.some((setting) => /parallel/.test(setting))) continue;
    const plan = await compare(worlds, statement, true);
    if (plan.tell) tells.push(plan.tell);
    if (Array.isArray(plan.answer))
      for (const finding of unguarded(plan.answer as Plan, worlds.tables)) bare.add(finding);
  }
  return { ...counted, tells, unguarded: [...bare] };
}

/**
 * Statements that a pair of worlds is asked. What they undo leaves dead rows behind, and when these fill a page depends
 * on how much room the rows of others take there, which nobody hides: worlds that began equal in size do not stay so.
 */
const ASKED_OF_A_PAIR = 2_000;

/** Builds worlds of a schema, asks them, and takes them down, a pair after the other until all is asked. */
export async function compareWorldsOf(
  schema: ServiceSchema,
  { seed, count }: { seed: number; count: number },
): Promise<Comparison> {
  const found: Comparison[] = [];
  for (let asked = 0; asked < count; asked += ASKED_OF_A_PAIR) {
    const worlds = await twoWorlds(schema);
    try {
      // Of seed 1 the pairs have 1, 1 000 001, 2 000 001 …: none of them is another small seed's.
      const own = seed + 1_000_000 * found.length;
      found.push(await compareWorlds(worlds, { seed: own, count: Math.min(ASKED_OF_A_PAIR, count - asked) }));
    } finally {
      await worlds.drop();
    }
  }
  const sum = (of: 'asked' | 'answered' | 'refused'): number => found.reduce((total, each) => total + each[of], 0);
  return {
    asked: sum('asked'),
    answered: sum('answered'),
    refused: sum('refused'),
    tells: found.flatMap(({ tells }) => tells),
    unguarded: [...new Set(found.flatMap(({ unguarded: bare }) => bare))],
  };
}
