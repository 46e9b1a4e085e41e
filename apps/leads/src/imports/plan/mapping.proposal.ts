import { dateFormatsShown, isDayNumber } from '../cells/date.cells.js';
import { moneyParts } from '../cells/money.cells.js';
import { saysNothing } from '../rows/empty.words.js';
import { MOST_MAPPED } from '../import.limits.js';
import { customKey, REMARKS, SHARED } from '../import.mapping.js';
import { customColumns, type CustomColumns } from './custom.columns.js';
import { fieldsNamed, type LabelledField } from './field.label.js';
import { isCompanyOf, mayBeTitle, plainWords, targetNamed } from './heading.words.js';
import { isSecondLastName, mayBeName, partOfName } from './name.headings.js';
import { areNumbersOf, isDialledFromAbroad, isUnnamed, targetShown } from './column.cells.js';

/** A column and its cells in the rows that were looked at, empty ones left out. */
export interface SampledColumn {
  readonly name: string;
  readonly cells: readonly string[];
  /** What stands above its heading, or above one before it: whose the columns below are. */
  readonly group?: string | undefined;
}

/** What a proposal depends on besides the file. */
export interface ProposalContext {
  readonly fields: readonly LabelledField[];
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
export interface Proposal extends Omit<CustomColumns, 'targets'> {
  readonly mapping: ReadonlyMap<string, string>;
  /** Heading → why its column is not what it says. */
  readonly doubts: ReadonlyMap<string, string>;
}

/** Columns of our export that an import has no use for: they follow from others. */
const DERIVED = new Set(['pipeline_id', 'updated_at']);
const OURS = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'];

/** Whether the columns are those of our export. */
export function isOurExport(names: readonly string[]): boolean {
  return OURS.every((name) => names.includes(name));
}

/** Proposes what the columns of a file are: fields of a lead by heading and content, custom fields for the rest. */
export function proposed(columns: readonly SampledColumn[], context: ProposalContext): Proposal {
  const known = knownTargets(columns, context);
  const others = columns.filter((column) => !known.has(column.name) && !isIdle(column, columns, context));
  const { targets, ...custom } = customColumns(others, MOST_MAPPED - known.size, context);
  const mapping = new Map([...known, ...targets]);
  return { ...custom, mapping, doubts: doubtsOf(columns, mapping, context) };
}

/** Why columns are custom fields, or nothing, that are fields of a lead by their headings. */
function doubtsOf(
  columns: readonly SampledColumn[],
  targets: ReadonlyMap<string, string>,
  context: ProposalContext,
): Map<string, string> {
  const fields = new Set(targets.values());
  if (isOurExport(columns.map(({ name }) => name))) return new Map();
  return new Map(
    columns.flatMap((column): [string, string][] => {
      const { name, cells } = column;
      const named = targetOf(column);
      const target = targets.get(name) ?? REMARKS;
      if (named === undefined || (target !== REMARKS && customKey(target) === null)) return [];
      if (!fits(named, cells, context))
        return [[name, `By its heading it is ${named}, but ${misfit(named, cells, context)}`]];
      return fields.has(named) ? [[name, `By its heading it is ${named}, which another column is already.`]] : [];
    }),
  );
}

/** What a column is by its heading, and by the one above it: the name of a company is no person's. */
function targetOf({ name, group }: SampledColumn): string | undefined {
  const target = targetNamed(name);
  return target === 'contact_name' && group !== undefined && targetNamed(group) === 'company' ? 'company' : target;
}

function isIdle(
  { name, cells }: SampledColumn,
  columns: readonly SampledColumn[],
  { whole }: ProposalContext,
): boolean {
  const ours = isOurExport(columns.map((column) => column.name));
  return (cells.length === 0 && (whole || isUnnamed(name))) || (ours && DERIVED.has(name));
}

function knownTargets(columns: readonly SampledColumn[], context: ProposalContext): Map<string, string> {
  const names = columns.map(({ name }) => name);
  const ours = isOurExport(names);
  const byHeading = columns.flatMap((column): [SampledColumn, string][] => {
    const target =
      ours && column.name === 'id' ? 'id' : ours && column.name === 'pipeline_id' ? undefined : targetOf(column);
    return target !== undefined && fits(target, column.cells, context) ? [[column, target]] : [];
  });
  byHeading.push(...namesAmong(columns, byHeading));
  const titled = byHeading.filter(([column]) => !isTitle(column, byHeading));
  const named = ours ? titled : internationalFirst([...titled, ...byCells(columns, titled, context)]);
  // Of several columns that could be one field, one that has cells is.
  const [filled, empty] = [true, false].map((isFilled) => named.filter(([{ cells }]) => cells.length > 0 === isFilled));
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const [column, given] of [...(filled ?? []), ...(empty ?? [])]) {
    const { name } = column;
    const target = among(given, column, named);
    const place = target === 'value_minor' ? 'value' : target;
    const isMore =
      place === 'company' ? isCompanyOf(name) : place === 'last_name' ? isSecondLastName(name) : SHARED.has(place);
    if (taken.has(place) && !isMore) continue;
    taken.add(place);
    found.set(name, target);
  }
  return found;
}

/** Columns that are names, or parts of one, for what is beside them: by words that say too little alone, or where nothing else is a name. */
function namesAmong(
  columns: readonly SampledColumn[],
  named: readonly (readonly [SampledColumn, string])[],
): [SampledColumn, string][] {
  const names = columns.map(({ name }) => name);
  const known = new Set(named.map(([column]) => column));
  const others = columns.filter((column) => !known.has(column));
  const parts = others.flatMap((column): [SampledColumn, string][] => {
    const part = partOfName(column.name, names);
    return part === undefined ? [] : [[column, part]];
  });
  const hasName = [...named, ...parts].some(
    ([{ cells }, target]) => ['contact_name', 'first_name', 'last_name'].includes(target) && cells.length > 0,
  );
  const whom = hasName ? undefined : others.find(({ name, cells }) => mayBeName(name, cells));
  return whom ? [...parts, [whom, 'contact_name']] : parts;
}

/** Whether a column calls the deal, and another one the person. */
function isTitle({ name }: SampledColumn, named: readonly (readonly [SampledColumn, string])[]): boolean {
  return (
    mayBeTitle(name) &&
    named.some(
      ([other, target]) =>
        ['contact_name', 'first_name', 'last_name'].includes(target) &&
        other.cells.length > 0 &&
        !mayBeTitle(other.name),
    )
  );
}

/** A column with phones as they are dialled from abroad before one with the same as at home: the first of a row is its lead's. */
function internationalFirst(named: readonly [SampledColumn, string][]): [SampledColumn, string][] {
  const abroad = named.flatMap(([column, target]) =>
    target === 'phone' && isDialledFromAbroad(column) ? [column] : [],
  );
  const isLater = ([column, target]: readonly [SampledColumn, string]): boolean =>
    target === 'phone' && !abroad.includes(column) && abroad.some((other) => areNumbersOf(column, other));
  return [...named.filter((each) => !isLater(each)), ...named.filter(isLater)];
}

/**
 * What the cells of columns leave no doubt about whose headings say nothing: each without a heading, and, of those with one,
 * that of the most different cells, where no heading names such a column. People that sell are the same in many rows.
 */
function byCells(
  columns: readonly SampledColumn[],
  named: readonly (readonly [SampledColumn, string])[],
  { fields, isOwner }: ProposalContext,
): [SampledColumn, string][] {
  const unnamed = columns.filter((column) => targetOf(column) === undefined);
  const known = fieldsNamed(
    unnamed.map(({ name }) => name),
    fields,
  );
  const found = unnamed.flatMap((column): [SampledColumn, string][] => {
    const target = targetShown(column);
    const isKnown = known.has(column.name) || column.cells.every(isOwner);
    return target === undefined || isKnown ? [] : [[column, target]];
  });
  const bare = found.filter(([{ name }]) => isUnnamed(name));
  const taken = new Set([...named, ...bare].map(([, target]) => target));
  // The same phones may stand there as they are dialled at home, by their heading, and as from abroad.
  const isAgain = (column: SampledColumn): boolean =>
    named.some(([other, target]) => target === 'phone' && !isDialledFromAbroad(other) && areNumbersOf(other, column));
  const headed = Map.groupBy(
    found.filter(
      ([column, target]) => !isUnnamed(column.name) && (!taken.has(target) || (target === 'phone' && isAgain(column))),
    ),
    ([, target]) => target,
  );
  const different = ({ cells }: SampledColumn): number => new Set(cells).size;
  const best = [...headed.values()].flatMap((each) =>
    each.toSorted(([a], [b]) => different(b) - different(a)).slice(0, 1),
  );
  return [...bare, ...best];
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

/** Why cells are not what their heading says, behind "but". */
function misfit(target: string, cells: readonly string[], context: ProposalContext): string {
  const good = cells.filter((cell) => TESTS[target]?.(cell, context)).length;
  const others = target === 'value' ? currenciesOf(cells, context.currency) : [];
  return others.length > 0 && context.currency !== null
    ? `${cells.length - good} of its ${cells.length} amounts are in ${others.join(', ')}, and those of leads are in ${context.currency}.`
    : `only ${good} of its ${cells.length} cells can be that.`;
}

/** Currencies that amounts name besides the organization's own. */
function currenciesOf(cells: readonly string[], own: string | null): string[] {
  const named = cells.map((cell) => moneyParts(cell, own)?.currency).filter((each) => each != null && each !== own);
  return [...new Set(named)].slice(0, 3) as string[];
}

/** Whether half of a column's cells can be what its heading says. */
function fits(target: string, given: readonly string[], context: ProposalContext): boolean {
  const test = TESTS[target];
  const cells = given.filter((cell) => !saysNothing(cell, 'strict'));
  return !test || cells.length === 0 || cells.filter((cell) => test(cell, context)).length * 2 >= cells.length;
}

const TESTS: Readonly<Record<string, (cell: string, context: ProposalContext) => boolean>> = {
  email: (cell) => cell.includes('@'),
  phone: (cell) => (cell.match(/\p{Nd}/gu)?.length ?? 0) >= 5,
  value: (cell, { currency }) => isOwnMoney(cell, currency),
  value_minor: (cell) => /^\d+$/.test(cell),
  created_at: (cell) => dateFormatsShown(cell) !== undefined || isDayNumber(cell),
  stage: (cell, { isStage }) => isStage(cell),
  owner: (cell, { isOwner }) => isOwner(cell),
  tags: (cell) => cell.length <= 500,
};

function isOwnMoney(cell: string, own: string | null): boolean {
  const parts = moneyParts(cell, own);
  return parts !== undefined && (parts.currency === null || parts.currency === own);
}
