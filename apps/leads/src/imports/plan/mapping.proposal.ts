import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import { MOST_FIELDS } from '../../fields/field.repository.js';
import { dateFormatsShown } from '../cells/date.cells.js';
import { moneyParts } from '../cells/money.cells.js';
import { type ColumnKind, kindOf } from './column.kind.js';
import { keyOf, plainWords, targetNamed } from './heading.words.js';

/** A column and its cells in the rows that were looked at, empty ones left out. */
export interface SampledColumn {
  readonly name: string;
  readonly cells: readonly string[];
}

/** What a proposal depends on besides the file. */
export interface ProposalContext {
  readonly fields: readonly FieldDefinition[];
  /** Whether new custom fields may be proposed. */
  readonly mayAddFields: boolean;
  /** Whether the cells are all there are. */
  readonly whole: boolean;
  readonly currency: string | null;
  /** Whether a cell names a stage, or an owner, of the organization. */
  readonly isStage: (cell: string) => boolean;
  readonly isOwner: (cell: string) => boolean;
}

/** A mapping, and the custom fields it needs. */
export interface Proposal {
  readonly mapping: ReadonlyMap<string, string>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, readonly string[]>>;
}

const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
/** As it is dialled from abroad: a number alone could be anything. */
const DIALLED = /^\+[\d ()/.-]{6,30}$/;
const SHARED = new Set(['email', 'phone', 'tags']);
const MOST_COLUMNS = 200;
const MOST_CUSTOM = 100;
/** Columns of our export that an import has no use for: they follow from others. */
const DERIVED = new Set(['pipeline_id', 'updated_at']);
const OURS = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'];

/** Whether the columns are those of our export. */
export function isOurExport(names: readonly string[]): boolean {
  return OURS.every((name) => names.includes(name));
}

/** Proposes what the columns of a file are: fields of a lead by heading and content, custom fields for the rest. */
export function proposed(columns: readonly SampledColumn[], context: ProposalContext): Proposal {
  const targets = knownTargets(columns, context);
  const kinds: Record<string, string> = {};
  const options: Record<string, readonly string[]> = {};
  const taken = new Set<string>();
  let free = context.mayAddFields ? MOST_FIELDS - context.fields.length : 0;
  for (const column of columns.slice(0, MOST_COLUMNS)) {
    if (targets.has(column.name) || taken.size >= MOST_CUSTOM || isIdle(column, columns, context)) continue;
    const kind = kindOf(column.cells, context.whole, context.currency);
    const known = knownField(column, kind, context.fields, taken);
    if (!known && free <= 0) continue;
    const key = known ?? freeKey(keyOf(column.name), new Set([...taken, ...context.fields.map((field) => field.key)]));
    if (!known) {
      free--;
      kinds[key] = kind.kind;
      if (kind.options.length > 0) options[key] = kind.options;
    }
    taken.add(key);
    targets.set(column.name, `custom_fields.${key}`);
  }
  return { mapping: targets, kinds, options };
}

function isIdle(
  { name, cells }: SampledColumn,
  columns: readonly SampledColumn[],
  { whole }: ProposalContext,
): boolean {
  const ours = isOurExport(columns.map((column) => column.name));
  return (cells.length === 0 && (whole || /^Column \d+$/.test(name))) || (ours && DERIVED.has(name));
}

function knownTargets(columns: readonly SampledColumn[], context: ProposalContext): Map<string, string> {
  const names = columns.map(({ name }) => name);
  const ours = isOurExport(names);
  const named = columns.flatMap((column): [SampledColumn, string][] => {
    const target =
      ours && column.name === 'id'
        ? 'id'
        : ours && column.name === 'pipeline_id'
          ? undefined
          : (targetNamed(column.name) ?? targetShown(column));
    return target !== undefined && fits(target, column.cells, context) ? [[column, target]] : [];
  });
  // Of several columns that could be one field, one that has cells is.
  const [filled, empty] = [true, false].map((isFilled) => named.filter(([{ cells }]) => cells.length > 0 === isFilled));
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const [column, given] of [...(filled ?? []), ...(empty ?? [])]) {
    const { name } = column;
    const target = among(given, column, named);
    const place = target === 'value_minor' ? 'value' : target;
    if (taken.has(place) && !SHARED.has(place)) continue;
    taken.add(place);
    found.set(name, target);
  }
  return found;
}

/** What the cells of a column without a heading leave no doubt about. */
function targetShown({ name, cells }: SampledColumn): string | undefined {
  if (cells.length === 0 || !/^Column \d+$/.test(name)) return undefined;
  if (cells.every((cell) => ADDRESS.test(cell))) return 'email';
  return cells.every((cell) => DIALLED.test(cell)) ? 'phone' : undefined;
}

/**
 * A name beside a first name is a last name and beside a last name a first one, unless its cells have that in them; a first
 * name with nothing beside it is all there is of a name.
 */
function among(target: string, { cells }: SampledColumn, named: readonly (readonly [SampledColumn, string])[]): string {
  const cellsOf = (other: string): readonly string[] | undefined => named.find(([, each]) => each === other)?.[0].cells;
  const [first, last] = [cellsOf('first_name'), cellsOf('last_name')];
  if (target === 'first_name' && !last && !cellsOf('contact_name')) return 'contact_name';
  if (target !== 'contact_name' || (first && last)) return target;
  if (first && !hasParts(cells, first)) return 'last_name';
  return last && !hasParts(cells, last) ? 'first_name' : target;
}

/** Whether at least half of the names have one of the parts in them, beside something else. */
function hasParts(names: readonly string[], parts: readonly string[]): boolean {
  const known = new Set(parts.map(plainWords));
  const has = (name: string): boolean => {
    const words = plainWords(name).split(' ');
    return words.some(
      (_, at) => at > 0 && (known.has(words.slice(at).join(' ')) || known.has(words.slice(0, at).join(' '))),
    );
  };
  return names.length > 0 && names.filter(has).length * 2 >= names.length;
}

/** Whether half of a column's cells can be what its heading says. */
function fits(target: string, cells: readonly string[], context: ProposalContext): boolean {
  const test = TESTS[target];
  return !test || cells.length === 0 || cells.filter((cell) => test(cell, context)).length * 2 >= cells.length;
}

const TESTS: Readonly<Record<string, (cell: string, context: ProposalContext) => boolean>> = {
  email: (cell) => cell.includes('@'),
  phone: (cell) => (cell.match(/\d/g)?.length ?? 0) >= 5,
  value: (cell, { currency }) => isOwnMoney(cell, currency),
  value_minor: (cell) => /^\d+$/.test(cell),
  created_at: (cell) => dateFormatsShown(cell) !== undefined,
  stage: (cell, { isStage }) => isStage(cell),
  owner: (cell, { isOwner }) => isOwner(cell),
  tags: (cell) => cell.length <= 500,
};

function isOwnMoney(cell: string, own: string | null): boolean {
  const parts = moneyParts(cell, own);
  return parts !== undefined && (parts.currency === null || parts.currency === own);
}

/** A field that is there under the heading's key, or by our export's name for it, and can hold what the column holds. */
function knownField(
  { name }: SampledColumn,
  { kind }: ColumnKind,
  fields: readonly FieldDefinition[],
  taken: ReadonlySet<string>,
): string | undefined {
  const key = name.startsWith('custom_fields.') ? name.slice('custom_fields.'.length) : keyOf(name);
  const field = fields.find((each) => each.key === key && !each.archived && !taken.has(key));
  if (!field) return undefined;
  const holds =
    name.startsWith('custom_fields.') || field.kind === kind || !['number', 'date', 'money'].includes(field.kind);
  return holds ? key : undefined;
}

function freeKey(key: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? key : `${key.slice(0, 56)}_${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
