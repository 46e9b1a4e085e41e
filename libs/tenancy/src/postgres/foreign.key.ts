import type { TableKind } from './policy.text.js';
import { tablesOf } from './table.factory.js';

/**
 * A reference between two tables of one schema. Whose the rows are stands in neither list: both begin with it by
 * themselves, so that no row refers to one of another organization, person or platform.
 */
export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  /** Take the row along when its target goes; refuse the removal of the target when absent. */
  readonly cascade?: boolean;
  /** Rows that were there before it keep what they refer to until they are changed. */
  readonly fromNowOn?: boolean;
}

/** The column that says whose the rows of a table are; those of a directory are nobody's. */
const LEADS: Readonly<Record<TableKind, string | undefined>> = {
  org: 'org_id',
  'org-personal': 'org_id',
  vault: 'org_id',
  outbox: 'org_id',
  person: 'user_id',
  platform: 'realm',
  global: undefined,
};

/** What tells of a reference in a statement. */
const TOLD = /\b(?:foreign key|references)\b/i;
/** A reference as MikroORM writes one: its name, its table, its target, and the first column on both sides. */
const GENERATED =
  /alter table "\w+"\."(?<table>\w+)" add constraint "(?<name>\w+)" foreign key \("(?<first>\w+)"[^)]*\) references "\w+"\."(?<target>\w+)" \("(?<aim>\w+)"/g;

/** @returns by table the column that says whose its rows are */
function leadsOf(schema: string): (table: string | undefined) => string | undefined {
  const kinds = new Map(tablesOf(schema).map(({ table, kind }) => [table, kind]));
  return (table) => LEADS[kinds.get(table ?? '') ?? 'global'];
}

/**
 * The statements that add foreign keys to a schema's tables. The database follows foreign keys outside row-level
 * security: what keeps them within an organization is their first column alone.
 *
 * @throws Error where a table is none of the schema's, or where the rows of both are not of the same
 */
export function foreignKeyStatements(schema: string, keys: readonly ForeignKey[]): string[] {
  const leadOf = leadsOf(schema);
  return keys.map(({ name, table, columns, target, targetColumns, cascade, fromNowOn }) => {
    const lead = leadOf(table);
    if (!lead || lead !== leadOf(target))
      throw new Error(`${schema}.${name}: rows of ${table} and ${target} are not of the same`);
    const listOf = (rest: readonly string[]): string => [lead, ...rest].join(', ');
    const rule = `${cascade ? ' on delete cascade' : ''}${fromNowOn ? ' not valid' : ''}`;
    return `alter table ${schema}.${table} add constraint ${name} foreign key (${listOf(columns)}) references ${schema}.${target} (${listOf(targetColumns)})${rule};`;
  });
}

/**
 * Holds to the same what declares references otherwise: a property that is a relation, and a rule written by hand.
 *
 * @param definitions the statements that MikroORM makes of the tables
 * @throws Error for a relation that does not begin on both sides with whose the rows are, and for a rule that refers
 */
export function assertLed(schema: string, definitions: string, rules: readonly string[]): void {
  const rule = rules.find((text) => TOLD.test(text));
  if (rule) throw new Error(`${schema} has a foreign key among its rules: ${rule}`);
  const leadOf = leadsOf(schema);
  const others = definitions.replaceAll(GENERATED, (...match) => {
    const { table, name, first, target, aim } = match.at(-1) as Readonly<Record<string, string>>;
    const lead = leadOf(table);
    if (!lead || [leadOf(target), first, aim].some((each) => each !== lead))
      throw new Error(`${schema}.${name} does not begin with whose the rows of ${table} and ${target} are`);
    return '';
  });
  if (TOLD.test(others)) throw new Error(`${schema} has a foreign key that begins with nothing known`);
}
