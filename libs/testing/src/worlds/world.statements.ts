import type { SeededRandom } from './seeded.random.js';
import type { TwoWorlds, WorldTable } from './two.worlds.js';
import { conditionsOn } from './world.conditions.js';

/** What is sent to both worlds. */
export interface WorldStatement {
  /** Settings of the transaction, each `name = value`. */
  readonly settings: readonly string[];
  readonly scope: 'org' | 'system' | 'self' | 'platform' | 'none';
  readonly sql: string;
}

const SWITCHES = [
  'async_append',
  'bitmapscan',
  'distinct_reordering',
  'gathermerge',
  'group_by_reordering',
  'hashagg',
  'hashjoin',
  'incremental_sort',
  'indexonlyscan',
  'indexscan',
  'material',
  'memoize',
  'mergejoin',
  'nestloop',
  'parallel_append',
  'parallel_hash',
  'presorted_aggregate',
  'self_join_elimination',
  'seqscan',
  'sort',
  'tidscan',
].map((name) => `enable_${name}`);

/** Least and greatest, nothing, less than nothing is refused: what cost settings take that might change an order. */
const COSTS = ['0', '-0', "'0x0.0000000000001p-1022'", "'1e-300'", '1e-30', '1', '1e300', '1e307'];
const COST_SETTINGS = [
  'cpu_operator_cost',
  'cpu_tuple_cost',
  'cpu_index_tuple_cost',
  'random_page_cost',
  'seq_page_cost',
  'parallel_setup_cost',
  'parallel_tuple_cost',
];
const OTHERS = [
  'debug_parallel_query = on',
  'geqo_threshold = 2',
  'from_collapse_limit = 1',
  'join_collapse_limit = 1',
  'cursor_tuple_fraction = 0.0001',
  'constraint_exclusion = on',
  'plan_cache_mode = force_generic_plan',
  'recursive_worktable_factor = 0.001',
  'work_mem = 64',
  'hash_mem_multiplier = 1',
  'effective_cache_size = 1',
  'min_parallel_table_scan_size = 0',
  'min_parallel_index_scan_size = 0',
  'parallel_leader_participation = off',
  'backslash_quote = on',
  'transform_null_equals = on',
  'jit = on',
  'jit_above_cost = 0',
  'default_transaction_isolation = serializable',
];

/** Makes statements as an asker with arbitrary SQL might write them, over every table it may read. */
export class WorldStatements {
  constructor(
    private readonly random: SeededRandom,
    private readonly worlds: TwoWorlds,
  ) {}

  next(): WorldStatement {
    const { random } = this;
    const table = random.pick(this.worlds.tables);
    return { settings: this.settings(), scope: this.scope(table), sql: this.statement(table) };
  }

  /** Under scope `platform`, the platform's rows are the asker's own; they differ, for everybody else to tell apart. */
  private scope(table: WorldTable): WorldStatement['scope'] {
    const scopes: WorldStatement['scope'][] = ['org', 'org', 'org', 'none', 'none', 'system', 'self'];
    if (table.keys[0] !== 'realm') scopes.push('platform');
    return this.random.pick(scopes);
  }

  private settings(): string[] {
    const { random } = this;
    return [
      ...(random.chance(0.2) ? ['indexscan', 'indexonlyscan', 'bitmapscan'].map((name) => `enable_${name} = off`) : []),
      ...random.some(SWITCHES, random.pick([0, 0.15, 0.5])).map((name) => `${name} = off`),
      ...random.some(COST_SETTINGS, random.pick([0, 0, 0.3])).map((name) => `${name} = ${random.pick(COSTS)}`),
      ...random.some(OTHERS, random.pick([0, 0.06])),
    ];
  }

  /** What is joined to a table: one of the platform's never to others, which may be read under its own tag. */
  private other(than: WorldTable): WorldTable {
    const tables =
      than.keys[0] === 'realm' ? this.worlds.tables : this.worlds.tables.filter(({ keys }) => keys[0] !== 'realm');
    return this.random.pick(tables);
  }

  private where(alias: string, table: WorldTable): string {
    return conditionsOn(this.random, alias, table, this.worlds);
  }

  private output(alias: string, table: WorldTable): string {
    const { random } = this;
    return random.pick([
      () => '1 as one',
      () => 'count(*)',
      () => `${alias}.ctid::text, ${alias}.${random.pick(table.columns).name}::text`,
      () => `max(${alias}.${random.pick(table.keys)}::text)`,
      () => `to_json(${alias})`,
    ])();
  }

  /** By the owner's function, where there is one: the condition is the asker's, the rows are whoever's they are. */
  private deletion({ name, schema, deletable }: WorldTable, which: string): string {
    const ids = `array(select a.id from ${schema}.${name} a ${which})`;
    return deletable ? `select count(*) from ${schema}.delete_${name}(${ids})` : `select cardinality(${ids})`;
  }

  private statement(table: WorldTable): string {
    const { random } = this;
    const name = `${table.schema}.${table.name}`;
    const key = random.pick(table.keys);
    const second = this.other(table);
    const secondName = `${second.schema}.${second.name}`;
    const column = random.pick(table.columns).name;
    // A key may not be changed.
    const changed = random.pick(table.columns.filter((each) => ![...table.keys, 'id'].includes(each.name))).name;
    const twin = random.pick(
      second.columns.filter(({ type }) => type === table.columns.find((each) => each.name === column)?.type),
    );
    const on = twin && random.chance(0.7) ? `a.${column} = b.${twin.name}` : `a.${key} = b.${random.pick(second.keys)}`;
    const a = (): string => this.where('a', table);
    const b = (): string => this.where('b', second);
    const shapes: (() => string)[] = [
      () => `select ${this.output('a', table)} from ${name} a where ${a()}`,
      () => `select ${this.output('a', table)} from ${name} a where ${a()}`,
      () => `select ${this.output('a', table)} from ${name} a where ${a()}`,
      () => `select 1 from (select * from ${name} union all select * from ${name}) a where ${a()}`,
      () =>
        `select ${this.output('a', table)} from (select ctid, tableoid is not null as tableoid, * from ${name} union all select ctid, tableoid is not null as tableoid, * from ${name}) a where ${a()}`,
      () =>
        `select 1 from (select * from ${name} where ${this.where(table.name, table)} union all select * from ${name}) a where ${a()}`,
      () => `select 1 from (select ${column} from ${name} a where ${a()} union select ${column} from ${name}) u`,
      () => `select ${column} from ${name} a where ${a()} except select ${column} from ${name} a where ${a()}`,
      () =>
        `select 1 from ${name} a ${random.pick(['', 'left ', 'right ', 'full '])}join ${secondName} b on ${on} where ${random.chance(0.5) ? a() : b()}`,
      () => `select 1 from ${name} a left join ${secondName} b on ${on} and ${b()} where ${a()}`,
      () => `select 1 from ${name} a, ${name} b where a.ctid = b.ctid and ${a()}`,
      () => `select 1 from ${name} a join ${name} b using (${column}) where ${a()}`,
      () =>
        `select x.one from ${name} a, lateral (select 1 as one from ${secondName} b where ${on} and ${b()} limit 1) x where ${a()}`,
      () =>
        `select 1 from ${name} a where ${random.pick(['', 'not '])}exists (select from ${secondName} b where ${on} and ${b()})`,
      () =>
        `select 1 from ${name} a where a.${column} ${random.pick(['', 'not '])}in (select x.${column} from ${name} x) and ${a()}`,
      () => `select (select count(*) from ${name} a where ${a()})`,
      () =>
        `with w as ${random.pick(['', 'not materialized ', 'materialized '])}(select * from ${name}) select 1 from w a where ${a().replaceAll(/a\.(ctid|tableoid)/g, `a.${column}::text`)}`,
      () => `select distinct on (a.${column}) 1 from ${name} a where ${a()} order by a.${column}`,
      () => `select a.${column}, count(*) from ${name} a where ${a()} group by 1 having count(*) > 0 order by 1`,
      () => `select row_number() over (order by a.${column}) from ${name} a where ${a()}`,
      () => `select 1 from ${name} a where ${a()} order by a.${column} limit ${1 + random.below(3)}`,
      () => `select min(a.${column}::text), max(a.${column}::text) from ${name} a where ${a()}`,
      () =>
        `select 1 from ${name} a tablesample ${random.pick(['system', 'bernoulli'])} (${random.pick([100, 50])}) repeatable (7) where ${a()}`,
      () =>
        `select 1 from ${name} a where ${a()} for ${random.pick(['update', 'share', 'no key update', 'key share'])} ${random.pick(['', 'nowait', 'skip locked'])}`,
      () => `update ${name} a set ${changed} = a.${changed} where ${a()} returning 1`,
      () => `update ${name} a set ${changed} = a.${changed} from ${secondName} b where ${on} and ${b()}`,
      () => `delete from ${name} a where ${a()} returning 1`,
      () => this.deletion(table, `where ${a()}`),
      () => this.deletion(table, `where ${a()} order by a.id for update`),
      () => this.deletion(table, `, ${secondName} b where ${on} and ${a()} for update of a`),
      () =>
        `merge into ${name} a using ${secondName} b on ${on} when matched and ${a()} then do nothing when not matched by source and ${a()} then update set ${changed} = a.${changed}`,
      () =>
        `merge into ${name} a using (select 1) s on ${a()} when matched then update set ${changed} = a.${changed} when not matched then do nothing`,
      () => `insert into ${name} select a.* from ${name} a where ${a()} on conflict do nothing`,
      () =>
        `with d as (update ${name} a set ${changed} = a.${changed} where ${a()} returning 1) select count(*) from d`,
      () => `select count(*) from generate_series(1, 3) g where exists (select from ${name} a where ${a()} offset 0)`,
      () =>
        `with recursive r as (select 1 as n union all select n + 1 from r, ${name} a where n < 3 and ${a()}) select count(*) from r`,
    ];
    return random.pick(shapes)();
  }
}
