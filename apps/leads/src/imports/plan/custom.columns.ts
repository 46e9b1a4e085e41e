import { KEPT_KEY, MOST_FIELDS } from '../../fields/field.repository.js';
import { MOST_MADE, MOST_MAPPED } from '../import.limits.js';
import { REMARKS } from '../import.mapping.js';
import type { Pace } from '../paced.js';
import { type ColumnKind, kindOf } from './column.kind.js';
import { fieldsNamed, keyOf, type LabelledField } from './field.label.js';
import { codeNamed } from './code.headings.js';
import { MoneyHeadings } from './currency.headings.js';
import type { ProposalContext, SampledColumn } from './mapping.proposal.js';
import { holdsDialled } from './phone.kind.js';

/** What becomes of columns that are no fields of a lead. */
export interface CustomColumns {
  /** Heading → target. */
  readonly targets: ReadonlyMap<string, string>;
  /** Key → kind and options of the custom fields that are to be made. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** Heading → what is to be told of cells that are of another kind than their column. */
  readonly mixed: ReadonlyMap<string, string>;
  /** Heading → why its column fills no field, and what becomes of it. */
  readonly unplaced: ReadonlyMap<string, string>;
}

/** What is told of a column whose cells are kept as text. */
export const KEPT = `What its cells say is kept in ${KEPT_KEY}.`;
const LEFT = 'It is left out.';
const ARCHIVED = `Its custom field is archived. ${LEFT}`;
const NOT_ALLOWED = 'It is no custom field yet, and only an Owner or Admin may add one.';
const NO_FIELD = `There is no custom field left for it: a file makes at most ${MOST_MADE}, an organization has at most ${MOST_FIELDS}, and a mapping names at most ${MOST_MAPPED} columns.`;

/**
 * The custom fields that columns fill: those that are there, whatever kind they are, then new ones, then the one for what
 * found no place.
 *
 * @param room targets that the mapping has room for
 * @param all columns of the file, those that are fields of a lead among them
 */
export async function customColumns(
  columns: readonly SampledColumn[],
  room: number,
  { fields, mayAddFields, whole, currency }: ProposalContext,
  pace: Pace,
  all: readonly SampledColumn[] = columns,
): Promise<CustomColumns> {
  const targets = new Map<string, string>();
  const kinds: Record<string, string> = {};
  const options: Record<string, readonly string[]> = {};
  const mixed = new Map<string, string>();
  const unplaced = new Map<string, string>();
  const known = fieldsNamed(
    columns.map(({ name }) => name),
    fields,
  );
  const keys = new Set(fields.map(({ key }) => key));
  const kept = keptRoom(fields);
  const money = new MoneyHeadings(all, currency);
  let toMake = mayAddFields ? Math.min(MOST_MADE, MOST_FIELDS - fields.length - kept.reserved) : 0;
  let left = room - [...known.values()].filter(({ archived }) => !archived).length;
  for (const column of columns) {
    const field = known.get(column.name);
    if (field) {
      if (field.archived) unplaced.set(column.name, ARCHIVED);
      else targets.set(column.name, `custom_fields.${field.key}`);
    } else if (toMake > 0 && left > 0) {
      const key = freeKey(keyOf(column.name), keys);
      const { kind, options: choice, note } = await newKind(column, whole, currency, money.of(column.name), pace);
      kinds[key] = kind;
      if (note !== undefined) mixed.set(column.name, note);
      if (choice.length > 0) options[key] = choice;
      keys.add(key);
      targets.set(column.name, `custom_fields.${key}`);
      toMake--;
      left--;
    } else {
      const isKept = kept.isThere && left-- > 0;
      if (isKept) targets.set(column.name, REMARKS);
      unplaced.set(column.name, `${mayAddFields ? NO_FIELD : NOT_ALLOWED} ${isKept ? KEPT : LEFT}`);
    }
  }
  return { targets, kinds, options, mixed, unplaced };
}

/** What is told of figures that are no numbers by what stands before them. */
const KEPT_TEXT = 'It is text for the apostrophes before its figures.';

async function newKind(
  column: SampledColumn,
  whole: boolean,
  currency: string | null,
  headed: string | undefined,
  pace: Pace,
): Promise<ColumnKind> {
  if (codeNamed(column.name) || holdsDialled(column)) return { kind: 'text', options: [] };
  const found = await kindOf(column, whole, currency, headed, pace);
  const isFigures = found.kind === 'number' || found.kind === 'money';
  return column.isText && isFigures ? { kind: 'text', options: [], note: KEPT_TEXT } : found;
}

/** Whether leads can keep what found no place, and how many fields are left unmade for that. */
function keptRoom(fields: readonly LabelledField[]): { readonly isThere: boolean; readonly reserved: number } {
  const field = fields.find(({ key }) => key === KEPT_KEY);
  if (field) return { isThere: !field.archived && field.kind === 'text', reserved: 0 };
  return { isThere: fields.length < MOST_FIELDS, reserved: 1 };
}

function freeKey(key: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? key : `${key.slice(0, 56)}_${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
