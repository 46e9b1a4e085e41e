import { loadModule, parsePlPgSQLSync, parseSync } from 'libpg-query';
import { kindsIn, listOf, type Node, nodeOf, textOf } from './grammar.tree.js';
import type { TestDatabase } from './test.database.js';

/** What functions may name: relations with their columns, and functions with how many arguments they take. */
export interface Catalog {
  /** By `schema.relation`. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** By `schema.function`, the fewest and the most arguments of each of that name. */
  readonly calls: ReadonlyMap<string, readonly (readonly [fewest: number, most: number])[]>;
}

/** What a name before a column stands for: relations; any other text is a value of which nothing is known. */
type Known = ReadonlyMap<string, readonly string[]>;

const COLUMNS = `
  select n.nspname || '.' || c.relname as relation, array_agg(a.attname::text) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
  where c.relkind in ('r', 'v', 'm', 'p') group by 1`;
const CALLS = `
  select n.nspname || '.' || p.proname as name, p.pronargs - p.pronargdefaults as fewest,
    case when p.provariadic = 0 then p.pronargs else 100 end as most
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace`;

/** What the catalog of a database has, the system's own included. */
export async function catalogOf(test: TestDatabase): Promise<Catalog> {
  const relations = (await test.admin(COLUMNS)) as { relation: string; columns: string[] }[];
  const calls = new Map<string, (readonly [number, number])[]>();
  for (const { name, fewest, most } of (await test.admin(CALLS)) as { name: string; fewest: number; most: number }[])
    calls.set(name, [...(calls.get(name) ?? []), [fewest, most]]);
  await loadModule();
  return { columns: new Map(relations.map(({ relation, columns }) => [relation, new Set(columns)])), calls };
}

/**
 * What a PL/pgSQL function names that is not there, which PostgreSQL itself finds only where a call comes by: relations
 * and their columns, functions and how many arguments they take, and the fields of variables that are rows. Nothing is
 * said of what a query or a function yields, nor of a column without a name before it.
 *
 * @param definition the whole statement that creates it
 * @returns each name once, in words
 */
export function unknownNames(definition: string, catalog: Catalog): string[] {
  // The grammar alone knows no types: an array of rows would be one row to it.
  const tree: unknown = parsePlPgSQLSync(definition.replaceAll(/\b\w+\.\w+\[\]/g, 'text[]'));
  const [, own] = /\bfunction (?:\w+\.)?(\w+)/i.exec(definition) ?? [];
  const variables = new Map<string, string[]>();
  add(variables, own, '');
  for (const variable of [...kindsIn(tree, 'PLpgSQL_rec'), ...kindsIn(tree, 'PLpgSQL_var')]) {
    const type = nodeOf(nodeOf(variable, 'datatype'), 'PLpgSQL_type');
    add(variables, textOf(variable, 'refname'), textOf(type, 'typname') ?? '');
  }
  const found = kindsIn(tree, 'PLpgSQL_expr').flatMap(({ query, parseMode }) =>
    ofExpression(String(query), Number(parseMode), variables, catalog),
  );
  return [...new Set(found)];
}

/** A statement (mode 0), an expression (2), or what is assigned to something (above). */
function ofExpression(text: string, mode: number, variables: Known, catalog: Catalog): string[] {
  const assigned = mode > 2 ? text.indexOf('=') : -1;
  const target = /^\s*(\w+)\.(\w+)/.exec(text.slice(0, Math.max(0, assigned)))?.slice(1);
  const statement: unknown = parseSync(mode === 0 ? text : `select (${text.slice(assigned + 1)})`);
  return [...ofStatement(statement, variables, catalog), ...ofColumns(target ? [target] : [], variables, catalog)];
}

function ofStatement(statement: unknown, variables: Known, catalog: Catalog): string[] {
  const queries = new Set(kindsIn(statement, 'CommonTableExpr').map((query) => textOf(query, 'ctename')));
  const relations: readonly Node[] = [
    ...kindsIn(statement, 'RangeVar'),
    ...['InsertStmt', 'UpdateStmt', 'DeleteStmt'].flatMap((kind) =>
      kindsIn(statement, kind).map((each) => nodeOf(each, 'relation') ?? {}),
    ),
  ];
  const isQuery = (relation: Node): boolean => !relation['schemaname'] && queries.has(textOf(relation, 'relname'));
  const known = new Map([...variables].map(([name, types]) => [name, [...types]]));
  for (const relation of relations) {
    const alias = textOf(nodeOf(relation, 'alias'), 'aliasname') ?? textOf(relation, 'relname');
    add(known, alias, isQuery(relation) ? '' : nameOf(relation));
  }
  for (const kind of ['RangeSubselect', 'RangeFunction', 'JoinExpr'])
    for (const each of kindsIn(statement, kind)) add(known, textOf(nodeOf(each, 'alias'), 'aliasname'), '');
  for (const { relation } of kindsIn(statement, 'InsertStmt')) add(known, 'excluded', nameOf(relation as Node));
  const paths = kindsIn(statement, 'ColumnRef').map((column) =>
    listOf(column, 'fields').map((field) => textOf(nodeOf(field, 'String'), 'sval')),
  );
  return [
    ...relations.flatMap((each) =>
      isQuery(each) || catalog.columns.has(nameOf(each)) ? [] : [`relation ${nameOf(each)}`],
    ),
    ...ofColumns(paths, known, catalog),
    ...written(statement).flatMap(([relation, column]) =>
      has(catalog, relation, column) ? [] : [`column ${relation}.${column}`],
    ),
    ...ofCalls(statement, catalog),
  ];
}

function add(known: Map<string, string[]>, name: string | undefined, stands: string): void {
  if (name) known.set(name, [...(known.get(name) ?? []), stands]);
}

/** Columns with a name before them. */
function ofColumns(paths: readonly (readonly (string | undefined)[])[], known: Known, catalog: Catalog): string[] {
  return paths.flatMap(([before, column, more]) => {
    if (before === undefined || column === undefined || more !== undefined) return [];
    const stands = known.get(before);
    if (!stands) return [`${before} of ${before}.${column}`];
    return stands.some((relation) => has(catalog, relation, column)) ? [] : [`column ${before}.${column}`];
  });
}

/** Whether a relation has a column; what is no relation may have any. */
function has({ columns }: Catalog, relation: string, column: string): boolean {
  return columns.get(relation)?.has(column) ?? true;
}

/** The columns that statements write, or are met by, each with its relation. */
function written(statement: unknown): [relation: string, column: string][] {
  const names = (targets: readonly Node[]): (string | undefined)[] =>
    targets.map((target) => textOf(nodeOf(target, 'ResTarget'), 'name'));
  return ['InsertStmt', 'UpdateStmt'].flatMap((kind) =>
    kindsIn(statement, kind).flatMap((each) => {
      const conflict = nodeOf(each, 'onConflictClause');
      const met = listOf(nodeOf(conflict, 'infer'), 'indexElems');
      const columns = [
        ...names([...listOf(each, 'cols'), ...listOf(conflict, 'targetList')]),
        ...(kind === 'UpdateStmt' ? names(listOf(each, 'targetList')) : []),
        ...met.map((element) => textOf(nodeOf(element, 'IndexElem'), 'name')),
      ];
      const relation = nameOf(nodeOf(each, 'relation') ?? {});
      return columns.flatMap((column): [string, string][] => (column ? [[relation, column]] : []));
    }),
  );
}

function ofCalls(statement: unknown, { calls }: Catalog): string[] {
  return kindsIn(statement, 'FuncCall').flatMap((call) => {
    const path = listOf(call, 'funcname').map((part) => textOf(nodeOf(part, 'String'), 'sval'));
    const name = path.length > 1 ? path.join('.') : `pg_catalog.${path[0]}`;
    const within = call['agg_within_group'] ? listOf(call, 'agg_order').length : 0;
    // Of several lists at once it is the grammar's own.
    const given = name === 'pg_catalog.unnest' ? 1 : listOf(call, 'args').length + within;
    const isThere = calls.get(name)?.some(([fewest, most]) => fewest <= given && given <= most);
    return isThere ? [] : [`function ${name} of ${given}`];
  });
}

function nameOf(relation: Node): string {
  return `${textOf(relation, 'schemaname') ?? 'pg_catalog'}.${textOf(relation, 'relname')}`;
}
