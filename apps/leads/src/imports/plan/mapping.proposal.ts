import { MOST_MAPPED } from '../import.limits.js';
import { customKey, REMARKS, SHARED } from '../import.mapping.js';
import { Pace } from '../paced.js';
import { isUnnamed } from './column.cells.js';
import { misfit } from './column.fits.js';
import { CompanyColumns, withCompany } from './company.columns.js';
import { customColumns, type CustomColumns } from './custom.columns.js';
import { fieldsNamed, type LabelledField } from './field.label.js';
import { isCompanyOf, isOfRecord, mayBeTitle, targetNamed } from './heading.words.js';
import { NameColumns, withoutOtherNames } from './name.columns.js';
import { isSecondLastName, mayBeName, partsOfNames } from './name.headings.js';
import { NOBODY_ELSE, peopleColumns } from './people.columns.js';
import { foreignNotes, isNotTaken, ownExport } from './own.columns.js';
import { mayReach, reachedBy } from './reach.columns.js';
import { internationalFirst, MOST_TRIED } from './phone.columns.js';
import { byCells } from './shown.columns.js';

/** A column and its cells in the rows that were looked at, empty ones left out. */
export interface SampledColumn {
  readonly name: string;
  readonly cells: readonly string[];
  /** The rows of its cells, by number; undefined where each row has one. */
  readonly rows?: readonly number[] | undefined;
  /** What stands above its heading, or above one before it: whose the columns below are. */
  readonly group?: string | undefined;
  /** Whether apostrophes say of some of its digits that they are no numbers. */
  readonly isText?: boolean | undefined;
}

/** A column with its target. */
export type NamedColumn = readonly [SampledColumn, string];

/** What a proposal depends on besides the file. */
export interface ProposalContext {
  readonly fields: readonly LabelledField[];
  /** Whether new custom fields may be proposed. */
  readonly mayAddFields: boolean;
  /** Whether the cells are all there are. */
  readonly whole: boolean;
  readonly currency: string | null;
  /** Of the organization, ISO 3166: how numbers without the code of a country are dialled. */
  readonly country: string | null;
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

/**
 * Proposes what the columns of a file are: fields of a lead by heading and content, custom fields for the rest. Other
 * requests get their turn in between, whatever the columns are.
 */
export async function proposed(columns: readonly SampledColumn[], context: ProposalContext): Promise<Proposal> {
  const pace = new Pace();
  const source = ownExport(columns, context);
  const { isOurs } = source;
  const { more, others: ofOthers } = isOurs ? NOBODY_ELSE : peopleColumns(columns);
  const isLeft = (column: SampledColumn): boolean => isNotTaken(column, source, context.whole);
  const own = columns.filter((column) => !ofOthers.has(column) && !isLeft(column));
  const headed = await headedColumns(own, isOurs, more, context, pace);
  const known = await knownTargets(own, headed, isOurs, context, pace);
  const isIdle = ({ name, cells }: SampledColumn): boolean => cells.length === 0 && (context.whole || isUnnamed(name));
  const others = columns.filter((column) => !known.has(column.name) && !isIdle(column) && !isLeft(column));
  const { targets, unplaced, ...custom } = await customColumns(
    others,
    MOST_MAPPED - known.size,
    context,
    pace,
    columns,
  );
  const mapping = new Map([...known, ...targets]);
  const foreign = foreignNotes(columns, source, context.currency);
  const doubts = isOurs ? new Map<string, string>() : doubtsOf(headed, mapping);
  return { ...custom, mapping, doubts, unplaced: new Map([...unplaced, ...foreign]) };
}

/** A column that is a field of a lead by its heading. */
interface HeadedColumn {
  readonly column: SampledColumn;
  readonly target: string;
  /** What of its cells speaks against that. */
  readonly misfit: string | undefined;
}

async function headedColumns(
  columns: readonly SampledColumn[],
  isOurs: boolean,
  more: ReadonlyMap<string, string>,
  context: ProposalContext,
  pace: Pace,
): Promise<HeadedColumn[]> {
  const found: HeadedColumn[] = [];
  for (const column of columns) {
    const { name } = column;
    const target = isOurs && name === 'id' ? 'id' : (more.get(name) ?? targetOf(column));
    // What our export calls so is that, whatever its cells are.
    const reason = isOurs || target === undefined ? undefined : await misfit(target, column, context, pace);
    if (target !== undefined) found.push({ column, target, misfit: reason });
    await pace.after([name]);
  }
  return isOurs ? found : withReached(columns, found, context, pace);
}

/**
 * Columns as they are headed, with those as a phone or an address whose headings may mean that as well as a name, and whose
 * cells are that: where no column that is one by its heading alone is as full.
 */
async function withReached(
  columns: readonly SampledColumn[],
  headed: readonly HeadedColumn[],
  { country, fields }: ProposalContext,
  pace: Pace,
): Promise<HeadedColumn[]> {
  const targets = new Map(headed.map(({ column, target }) => [column, target]));
  const known = fieldsNamed(
    columns.filter((column) => !targets.has(column)).map(({ name }) => name),
    fields,
  );
  const fullest = (reach: string): number =>
    Math.max(
      0,
      ...headed.map((each) => (each.target === reach && each.misfit === undefined ? each.column.cells.length : 0)),
    );
  const least = { phone: fullest('phone'), email: fullest('email') };
  const found = [...headed];
  const mayBe = columns.filter((column) => !known.has(column.name) && mayReach(column, targets.get(column)));
  for (const column of mayBe.slice(0, MOST_TRIED)) {
    const named = targets.get(column);
    const reach = await reachedBy(column, country, pace);
    if (reach === undefined) continue;
    const at = found.findIndex((each) => each.column === column);
    if (at >= 0) found.splice(at, 1);
    if (column.cells.length > least[reach]) found.push({ column, target: reach, misfit: undefined });
    else if (named !== undefined) found.push({ column, target: named, misfit: REACHED[reach] });
  }
  return found;
}

const REACHED = {
  phone: 'its cells are phone numbers, as another column has them.',
  email: 'its cells are addresses, as another column has them.',
} as const;

const OTHER_NAMES = 'By its heading it is contact_name, but its cells are no names of whom the columns beside it call.';

/** Why columns are custom fields, or nothing, that are fields of a lead by their headings. */
function doubtsOf(headed: readonly HeadedColumn[], targets: ReadonlyMap<string, string>): Map<string, string> {
  const fields = new Set(targets.values());
  return new Map(
    headed.flatMap(({ column: { name }, target: named, misfit: reason }): [string, string][] => {
      const target = targets.get(name) ?? REMARKS;
      if (target !== REMARKS && customKey(target) === null) return [];
      if (reason !== undefined) return [[name, `By its heading it is ${named}, but ${reason}`]];
      if (named === 'contact_name' && (fields.has('first_name') || fields.has('last_name')))
        return [[name, OTHER_NAMES]];
      return fields.has(named) ? [[name, `By its heading it is ${named}, which another column is already.`]] : [];
    }),
  );
}

/** What a column is by its heading, and by the one above it: the name of a company is no person's. */
function targetOf({ name, group }: SampledColumn): string | undefined {
  const target = targetNamed(name);
  return target === 'contact_name' && group !== undefined && targetNamed(group) === 'company' ? 'company' : target;
}

async function knownTargets(
  columns: readonly SampledColumn[],
  headed: readonly HeadedColumn[],
  isOurs: boolean,
  context: ProposalContext,
  pace: Pace,
): Promise<Map<string, string>> {
  const headings = headed.flatMap(({ column, target, misfit: reason }): NamedColumn[] =>
    reason === undefined ? [[column, target]] : [],
  );
  const byHeading = isOurs ? headings : [...withCompany(columns, headings)];
  byHeading.push(...namesAmong(columns, byHeading));
  const titled = withoutRecords(withoutTitles(byHeading));
  const unsaid = new Set(columns);
  for (const { column } of headed) unsaid.delete(column);
  for (const [column] of byHeading) unsaid.delete(column);
  const shown = isOurs ? [] : await byCells([...unsaid], titled, context, pace);
  const named = isOurs ? titled : await withoutOtherNames(await internationalFirst([...titled, ...shown], pace), pace);
  const names = new NameColumns(named, pace);
  // Of several columns that could be one field, one that has cells is.
  const [filled, empty] = [true, false].map((isFilled) => named.filter(([{ cells }]) => cells.length > 0 === isFilled));
  const found = new Map<string, string>();
  const taken = new Set<string>();
  const companies = new CompanyColumns();
  for (const [column, given] of [...(filled ?? []), ...(empty ?? [])]) {
    const { name } = column;
    const target = await names.among(given, column);
    const place = target === 'value_minor' ? 'value' : target;
    const isFirst = !taken.has(place);
    if (place === 'company' && !companies.isTaken(column, isFirst || isCompanyOf(name))) continue;
    const isMore = place === 'last_name' ? isSecondLastName(name) : SHARED.has(place);
    if (!isFirst && !isMore) continue;
    taken.add(place);
    found.set(name, target);
  }
  return found;
}

function isName(target: string): boolean {
  return ['contact_name', 'first_name', 'last_name'].includes(target);
}

/** Columns that are names, or parts of one, for what is beside them: by words that say too little alone, or where nothing else is a name. */
function namesAmong(columns: readonly SampledColumn[], named: readonly NamedColumn[]): NamedColumn[] {
  const part = partsOfNames(columns.map(({ name }) => name));
  const known = new Set(named.map(([column]) => column));
  const others = columns.filter((column) => !known.has(column));
  const parts = others.flatMap((column): NamedColumn[] => {
    const target = part.get(column.name);
    return target === undefined ? [] : [[column, target]];
  });
  const hasName = [...named, ...parts].some(([{ cells }, target]) => isName(target) && cells.length > 0);
  const whom = hasName ? undefined : others.find(({ name, cells }) => mayBeName(name, cells));
  return whom ? [...parts, [whom, 'contact_name']] : parts;
}

/** Columns without those that call the deal, where another one calls the person. */
function withoutTitles(named: readonly NamedColumn[]): NamedColumn[] {
  const isPersonNamed = named.some(
    ([{ name, cells }, target]) => isName(target) && cells.length > 0 && !mayBeTitle(name),
  );
  return named.filter(([{ name }]) => !isPersonNamed || !mayBeTitle(name));
}

/** Columns without those of whoever stands behind a deal, where others name the row's own person; its company comes behind the row's own. */
function withoutRecords(named: readonly NamedColumn[]): NamedColumn[] {
  const own = named.filter(([{ name, cells }]) => cells.length > 0 && !isOfRecord(name));
  const [isPersonNamed, isCompanyNamed] = [
    own.some(([, target]) => isName(target)),
    own.some(([, target]) => target === 'company'),
  ];
  const isOthers = ([{ name }, target]: NamedColumn): boolean => isPersonNamed && isName(target) && isOfRecord(name);
  const isLater = ([{ name }, target]: NamedColumn): boolean =>
    isCompanyNamed && target === 'company' && isOfRecord(name);
  return [...named.filter((each) => !isOthers(each) && !isLater(each)), ...named.filter(isLater)];
}
