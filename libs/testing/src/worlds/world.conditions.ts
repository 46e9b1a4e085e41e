import type { SeededRandom } from './seeded.random.js';
import type { TwoWorlds, WorldTable } from './two.worlds.js';
import { ROWS } from './two.worlds.js';
import { literalOf, type Whose, type WorldColumn } from './world.values.js';

const OWNERS: readonly Whose[] = ['own', 'first', 'second'];
const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='];

/** A value that stands in a row of the asker, of a stranger in one world, or of a stranger in the other. */
function valueOf(random: SeededRandom, table: WorldTable, column: WorldColumn): string {
  const row = random.below(ROWS);
  const whose = random.pick(OWNERS);
  const literal = literalOf(column, table.name, row, whose);
  return literal.startsWith('null') ? literalOf({ ...column, nullable: false }, table.name, row, whose) : literal;
}

function about(random: SeededRandom, alias: string, table: WorldTable, column: WorldColumn): string {
  const name = `${alias}.${column.name}`;
  const value = (): string => valueOf(random, table, column);
  const kinds: (() => string)[] = [
    () => `${name} is null`,
    () => `${name} is not null`,
    () => `row(${name}) is null`,
    () => `not (${name} is null)`,
    () => `case when ${name} is null then true else false end`,
    () => `(${name} is null) is not true`,
    () => `num_nulls(${name}) = 1`,
  ];
  if (column.type === 'boolean')
    kinds.push(
      () => name,
      () => `not ${name}`,
      () => `${name} is true`,
      () => `${name} is not false`,
      () => `${name} is unknown`,
      () => `${name} = true`,
    );
  else if (column.type === 'text[]')
    kinds.push(
      () => `${name}[1] is null`,
      () => `${name} = ${value()}`,
      () => `${name} && ${value()}`,
      () => `${name} >= ${value()}`,
      () => `cardinality(${name}) > 1`,
    );
  else if (column.type === 'jsonb')
    kinds.push(
      () => `${name} = ${value()}`,
      () => `${name} @> ${value()}`,
      () => `${name}->>'k' >= 'M'`,
      () => `${name} > ${value()}`,
    );
  else {
    kinds.push(
      ...COMPARISONS.map((comparison) => () => `${name} ${comparison} ${value()}`),
      () => `${name} between ${value()} and ${value()}`,
      () => `${name} in (${value()}, ${value()})`,
      () => `${name} >= any (array[${value()}])`,
      () => `${name} < all (array[${value()}, ${value()}])`,
      () => `${name} is distinct from ${value()}`,
      () => `coalesce(${name}, ${value()}) = ${value()}`,
      () => `nullif(${name}, ${value()}) is null`,
      () => `(${name}, ${alias}.ctid) >= (${value()}, '(0,${random.below(2 * ROWS)})'::tid)`,
      () => `(${name} >= ${value()}) = true`,
      () => `greatest(${name}, ${value()}) = ${value()}`,
    );
    if (column.type === 'text')
      kinds.push(
        () => `${name} collate "C" >= ${value()}`,
        () => `${name} like '${random.pick(['C', 'T', 'M'])}%'`,
        () => `${name} ^@ '${random.pick(['C', 'T', 'M'])}'`,
        () => `length(${name}) > ${random.below(14)}`,
        () => `left(${name}, 1) = '${random.pick(['C', 'T', 'M'])}'`,
        () => `1 / (length(${name}) - 11) > 0`,
      );
  }
  return random.pick(kinds)();
}

/** A condition about where a row is, or whose, not what it says. */
function aroundRow(random: SeededRandom, alias: string, table: WorldTable, worlds: TwoWorlds): string {
  const key = `${alias}.${random.pick(table.keys)}`;
  const somebody = `'${random.pick([...worlds.strangers, worlds.asker.org, worlds.asker.person])}'::uuid`;
  return random.pick([
    `${alias}.ctid = '(0,${1 + random.below(2 * ROWS)})'`,
    `${alias}.ctid < '(0,${1 + random.below(2 * ROWS)})'`,
    `${alias}.ctid = any (array['(0,2)', '(0,4)']::tid[])`,
    `${alias}.tableoid is not null`,
    `${key} = ${somebody}`,
    `${key} >= ${somebody} and ${key} <= ${somebody}`,
    `${key} > ${somebody}`,
    `${key} in (${somebody}, ${somebody})`,
    `${key} is not null`,
    `(${key} = ${somebody} or ${key} <> ${somebody})`,
  ]);
}

/** Some conditions on a table, as an asker may write them. */
export function conditionsOn(random: SeededRandom, alias: string, table: WorldTable, worlds: TwoWorlds): string {
  const one = (): string =>
    random.chance(0.3)
      ? aroundRow(random, alias, table, worlds)
      : about(random, alias, table, random.pick(table.columns));
  const conditions = Array.from({ length: 1 + random.below(3) }, one);
  return `(${conditions.join(random.chance(0.15) ? ' or ' : ' and ')})`;
}
