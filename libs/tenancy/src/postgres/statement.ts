import { NotAQueryError } from './database.errors.js';

/**
 * A constant SQL text of the program with named parameters, kept prepared on every connection unless it is a rare one.
 * `:org` and `:actor` are filled from the tenant context, never by the caller.
 */
export interface Statement<Row, Params> {
  readonly name: string;
  /** Text with positional parameters, as sent. */
  readonly text: string;
  /** Parameter names by position. */
  readonly parameters: readonly string[];
  /** False for a text that is prepared anew each time. */
  readonly kept?: boolean;
  /** Types only: what a row and the parameters look like. */
  readonly types?: { row: Row; params: Params };
}

/** What of a statement is known where it is declared. */
export interface DeclaredStatement {
  readonly name: string;
  /** Over tenant tables, a call of a function, or over platform tables. */
  readonly kind: 'tenant' | 'call' | 'platform';
  readonly text: string;
  readonly parameters: readonly string[];
}

let hear: (declared: DeclaredStatement) => void = () => undefined;

/** Tells of each statement that is declared from now on: for the check that parses their texts. */
export function hearStatements(listener: (declared: DeclaredStatement) => void): void {
  hear = listener;
}

const query = /^[\s(]*(?:select|insert|update|delete|merge|with|values)\b/i;

/**
 * Refuses a text that is no query. The protocol takes one statement for a text, and its first word says of which kind
 * it is: what begins so controls no transaction, prepares, executes, declares or listens to nothing, and sets nothing
 * but by a function, whose effect ends with the transaction or is scrubbed.
 *
 * @throws NotAQueryError
 */
export function assertQuery(text: string): void {
  if (!query.test(text)) throw new NotAQueryError();
}

const namedParameter = /(?<![:\w]):([a-z_][a-z0-9_]*)\b/g;

function compile<Row, Params>(kind: DeclaredStatement['kind'], name: string, source: string): Statement<Row, Params> {
  const parameters: string[] = [];
  const text = source.replace(namedParameter, (_match, parameter: string) => {
    if (!parameters.includes(parameter)) {
      parameters.push(parameter);
    }
    return `$${parameters.indexOf(parameter) + 1}`;
  });
  const compiled = { name, text: text.trim(), parameters };
  hear({ kind, ...compiled });
  return compiled;
}

/**
 * A statement over tenant tables. The text must name `:org` (or `:actor` for tables keyed by person): the
 * application's own filter, besides the policy that holds without it.
 *
 * @throws Error at definition when the text filters by neither
 */
export function statement<Row = Record<string, unknown>, Params extends object = Record<string, unknown>>(
  name: string,
  source: string,
): Statement<Row, Params> {
  const compiled = compile<Row, Params>('tenant', name, source);
  if (!compiled.parameters.includes('org') && !compiled.parameters.includes('actor')) {
    throw new Error(`Statement "${name}" must filter by :org or :actor`);
  }
  return compiled;
}

/**
 * As `statement`, for one of more texts than a connection can keep prepared: each costs the server memory for as long
 * as the connection lives, and whoever chooses among them could have it keep them all.
 */
export function rareStatement<Row = Record<string, unknown>, Params extends object = Record<string, unknown>>(
  name: string,
  source: string,
): Statement<Row, Params> {
  return { ...statement<Row, Params>(name, source), kept: false };
}

const CALL = String.raw`[a-z_]+\.[a-z_][a-z0-9_]*\([^()]*\)`;
const CALLED = String.raw`${CALL}(?: = '[a-z]+')?(?: as [a-z_]+)?`;
const calls = new RegExp(String.raw`^select (?:(?:(?!\bfrom\b)[^()])+ from ${CALL}|${CALLED}(?:, ${CALLED})*)$`);

/**
 * Calls of functions of the schema's owner and of no table: a look-up before a tenant is known, listed in
 * `docs/tenancy.md`, or a function that enters the organization of the session's tag by itself.
 *
 * @throws Error at definition when the text names anything but functions, each with its schema
 */
export function functionCall<Row = Record<string, unknown>, Params extends object = Record<string, unknown>>(
  name: string,
  source: string,
): Statement<Row, Params> {
  if (!calls.test(source.trim())) throw new Error(`"${name}" must call functions and name no table`);
  return compile<Row, Params>('call', name, source);
}

/** A statement over platform tables (scope `platform`), which belong to no organization and no person. */
export function platformStatement<Row = Record<string, unknown>, Params extends object = Record<string, unknown>>(
  name: string,
  source: string,
): Statement<Row, Params> {
  return compile<Row, Params>('platform', name, source);
}

/**
 * The text of a statement that deletes rows of a deletable table and gives their ids, for `statement` or
 * `platformStatement`. Runtime roles may not delete by themselves: who may delete may lock the whole table. The rows
 * are locked in the order of their ids before they go, so the condition is judged as they are then. What other rows say
 * would be judged as they were before the wait for a lock: rows that depend on it are locked by one statement, judged
 * by the next one of the same transaction, and deleted by their ids.
 *
 * @param table with its schema
 * @param condition which rows, as after `where`; of their own columns
 * @throws Error at definition when the condition looks at other rows
 */
export function deletion(table: string, condition: string): string {
  if (/\bselect\b/i.test(condition)) throw new Error(`A deletion from ${table} must judge by the rows' own columns`);
  const [schema, name] = table.split('.');
  return `select id from ${schema}.delete_${name}(array(select id from ${table} where ${condition} order by id for update)) as gone (id)`;
}
