import { DomainError, type leadsMessages } from '@apollo/contracts';
import type { FieldDefinition } from '../../fields/custom.field.rules.js';
import type { Formats } from '../cells/format.survey.js';
import { type Dialect, dialectOf, type Sample } from '../csv/csv.dialect.js';
import type { Encoding } from '../csv/csv.encoding.js';
import { assertColumns, columnName, columnNames } from '../csv/csv.headings.js';
import type { CsvRecord } from '../csv/csv.records.js';
import { withoutRepeats } from '../csv/csv.repeats.js';
import { isEmptyRow, ListEnd } from '../csv/csv.rows.js';
import { misreadNote } from '../csv/misread.text.js';
import { ownValue } from '../../fields/own.value.js';
import { checkedMapping, customKey, customKeys, type Mapping, REMARKS } from '../import.mapping.js';
import { formattedColumns } from '../rows/column.places.js';
import type { ReferenceResolver } from '../rows/reference.resolver.js';
import { Pace, paced } from '../paced.js';
import { NAMES } from '../rows/row.reader.js';
import { KEPT } from './custom.columns.js';
import { keyOf, type LabelledField } from './field.label.js';
import { targetNamed } from './heading.words.js';
import { columnSettings, type ColumnSettings } from './import.settings.js';
import { type Proposal, proposed, type SampledColumn } from './mapping.proposal.js';
import { isOurExport } from './own.columns.js';
import { phoneHints } from './phone.note.js';
import { continuedAddresses, type Identity, fileIdentity, SHARED_ADDRESSES, sharedColumn } from './row.identity.js';
import { groupsAbove, sampledColumns } from './sampled.columns.js';
import { assertFits } from './settings.check.js';

/** What a plan depends on besides the file. */
export interface PlanContext {
  readonly fields: readonly LabelledField[];
  readonly mayAddFields: boolean;
  readonly references: ReferenceResolver;
}

/** How a file will be read and what its columns are. */
export interface FilePlan extends ColumnSettings {
  readonly dialect: Dialect;
  /** As much of the sample as was looked at. */
  readonly looked: Sample;
  readonly identity: Identity;
  /** Whether it follows from the file alone: neither it nor the mapping was said. */
  readonly isIdentityGuessed: boolean;
  readonly mapping: Mapping;
  readonly heading: CsvRecord;
  /** Names of all columns. */
  readonly names: readonly string[];
  /** Rows of the list within the sample. */
  readonly rows: readonly CsvRecord[];
  /** Heading → what speaks against how its column is read. */
  readonly doubts: ReadonlyMap<string, readonly string[]>;
  /** Heading → why its column fills no field of a lead, and what becomes of its cells. */
  readonly unplaced: ReadonlyMap<string, string>;
  /** Heading → what an import tells as well before it begins. */
  readonly warned: ReadonlyMap<string, string>;
  /** Places of columns of phones with the codes of their countries, without a plus. */
  readonly internationalPhones: readonly number[];
  /** Lines within the sample that are no rows, and why. */
  readonly leftOut: readonly { readonly line: number; readonly problem: string }[];
  /** The stages and people that its cells may name. */
  readonly references: ReferenceResolver;
}

/** Why a line is left out. */
export const ABOVE = 'stands above the heading and is left out';
export const BELOW = 'stands below the list and is left out';
const EMPTY = 'has nothing but separators and is left out';

/** What the cells of a heading are known as, so that a heading can be told from notes and one separator from another. */
export function headingHits(mapping: object | undefined): (cells: readonly string[]) => number {
  if (!mapping)
    return (cells) =>
      new Set(cells.map((cell) => (cell.length < 200 ? targetNamed(cell) : undefined)).filter(Boolean)).size;
  const wanted = new Set(Object.keys(mapping).map(columnName));
  return (cells) => cells.filter((cell) => wanted.has(columnName(cell))).length;
}

/**
 * Looks at the beginning of a file and settles what the request leaves open.
 *
 * @throws DomainError `invalid_csv` for a file without rows, `validation_failed` for settings that do not fit each other
 */
export async function filePlan(
  sample: Sample,
  settings: leadsMessages.ImportSettings,
  context: PlanContext,
): Promise<FilePlan> {
  const { fields, references } = context;
  const { dialect, records, looked, note } = await dialectOf(sample, {
    country: settings.country,
    encoding: settings.encoding as Encoding | undefined,
    delimiter: settings.delimiter,
    heading_line: settings.heading_line,
    hits: headingHits(settings.mapping),
  });
  const heading = headingOf(records, dialect.heading_line);
  assertColumns(heading);
  const { rows, leftOut } = await parted(records, heading, looked.whole);
  const names = columnNames(heading.cells);
  const columns = await sampledColumns(names, rows, groupsAbove(records, heading));
  const given = columnSettings(settings);
  const proposal = await proposalOf(columns, settings, context, looked.whole);
  const mapping = checkedMapping({ ...settings, mapping: Object.fromEntries(proposal.mapping) });
  const kinds = { ...proposal.kinds, ...given.kinds };
  const options = { ...proposal.options, ...given.options };
  const all = [...fields, ...newFields({ mapping, kinds, options })];
  assertFits(given, {
    names,
    keys: new Set([...all.map(({ key }) => key), ...names.map(keyOf)]),
    formatted: formattedColumns(heading, mapping, all),
  });
  const firstBeyond = columns.find(({ name, cells }) => [name, ...cells].some((text) => /[^\0-\x7f]/.test(text)))?.name;
  const called = nameNotes(mapping, settings.default_contact_name);
  const continued = continuedAddresses(mapping, names, rows);
  const identity = fileIdentity(settings, mapping, columns, continued);
  const isNobodyKnown = identity === 'none' && settings.identity === undefined;
  const shared = isNobodyKnown ? sharedColumn(mapping, columns, continued) : undefined;
  const isKindSaid = (name: string): boolean => Object.hasOwn(given.kinds, customKey(mapping.get(name) ?? '') ?? '');
  const phones = await phoneHints(columns, mapping, settings.country ?? null);
  const doubts = await doubtsOf(columns, ({ name, cells }) => [
    proposal.doubts.get(name),
    proposal.unplaced.get(name),
    isKindSaid(name) ? undefined : proposal.mixed.get(name),
    settings.mapping && unmappedNote(name, mapping),
    phones.notes.get(name),
    called.get(name),
    name === shared ? SHARED_ADDRESSES : undefined,
    name === firstBeyond ? note : undefined,
    misreadNote([name, ...cells], dialect.encoding),
  ]);
  return {
    dialect: { ...dialect, heading_line: heading.line },
    looked,
    identity,
    isIdentityGuessed: settings.identity === undefined && settings.mapping === undefined,
    mapping,
    kinds,
    options,
    formats: { ...ourFormats(names, dialect.delimiter, mapping, all), ...given.formats },
    heading,
    names,
    rows,
    doubts,
    unplaced: proposal.unplaced,
    warned: phones.warnings,
    internationalPhones: phones.international,
    leftOut,
    references,
  };
}

/** @throws DomainError `invalid_csv` where the file ends before its heading */
function headingOf(records: readonly CsvRecord[], line: number): CsvRecord {
  const heading = records.find((record) => record.line >= line);
  if (heading) return heading;
  throw new DomainError(
    'invalid_csv',
    records.length === 0 ? 'The file is empty.' : `There is no heading on line ${line}.`,
  );
}

/** What becomes of each column: as the request says, or as the columns themselves let us propose. */
function proposalOf(
  columns: readonly SampledColumn[],
  settings: leadsMessages.ImportSettings,
  { fields, mayAddFields, references }: PlanContext,
  whole: boolean,
): Proposal | Promise<Proposal> {
  if (settings.mapping) return asGiven(checkedMapping({ ...settings, mapping: settings.mapping }));
  return proposed(columns, {
    fields,
    mayAddFields,
    whole,
    currency: settings.currency ?? null,
    country: settings.country ?? null,
    isStage: (cell) => references.knowsStage(cell),
    isOwner: (cell) => references.owner(cell) !== undefined,
  });
}

/** What is to be said of each column, by its heading; other requests get their turn in between. */
async function doubtsOf(
  columns: readonly SampledColumn[],
  notesOf: (column: SampledColumn) => readonly (string | undefined)[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const doubts = new Map<string, readonly string[]>();
  const pace = new Pace();
  for (const column of columns) {
    const notes = notesOf(column).filter((note) => note !== undefined);
    doubts.set(column.name, notes);
    await pace.after(column.cells);
  }
  return doubts;
}

/** What is said of columns in the place of what would be proposed. */
function asGiven(mapping: Mapping): Proposal {
  const kept = [...mapping].filter(([, target]) => target === REMARKS);
  const unplaced = new Map(kept.map(([name]) => [name, KEPT]));
  return { mapping, kinds: {}, options: {}, doubts: new Map(), mixed: new Map(), unplaced };
}

/** The custom fields that the import would make. */
export function newFields({
  mapping,
  kinds,
  options,
}: Pick<FilePlan, 'mapping' | 'kinds' | 'options'>): FieldDefinition[] {
  return customKeys(mapping).map((key) => ({
    key,
    kind: ownValue(kinds, key) ?? 'text',
    options: [...(ownValue(options, key) ?? [])],
    archived: false,
  }));
}

/** Our export writes numbers as its separator's spreadsheets do, and money always alike. */
function ourFormats(
  names: readonly string[],
  delimiter: string,
  mapping: Mapping,
  fields: readonly FieldDefinition[],
): Formats {
  if (!isOurExport(names)) return {};
  const number = delimiter === ';' ? '1.234,56' : '1,234.56';
  return Object.fromEntries(
    names.flatMap((name): [string, Formats[string]][] => {
      const key = customKey(name) === null ? null : customKey(mapping.get(name) ?? '');
      const { kind = '' } = fields.find((field) => field.key === key) ?? {};
      return ['number', 'money'].includes(kind) ? [[name, kind === 'money' ? '1,234.56' : number]] : [];
    }),
  );
}

const NO_NAME = 'No column is a name: where a lead has this one, it is called by it.';

const HALF_NAMES: Readonly<Record<string, string>> = {
  first_name: 'No column is the last name: leads are called by this first name alone.',
  last_name: 'No column is the first name: leads are called by this last name alone.',
};

/** What is told of the column that leads are called by, where that is no name or a part of one. */
function nameNotes(mapping: Mapping, defaultName: string | undefined): ReadonlyMap<string, string> {
  const columnOf = (target: string): string | undefined => [...mapping].find(([, each]) => each === target)?.[0];
  const [target, ...others] = NAMES.filter((name) => columnOf(name) !== undefined);
  const standIns = ['company', 'email', 'phone', ...(defaultName === undefined ? ['external_id'] : [])];
  const column = target === undefined ? standIns.map(columnOf).find((each) => each !== undefined) : columnOf(target);
  if (column === undefined || others.length > 0) return new Map();
  if (target === undefined) return new Map([[column, NO_NAME]]);
  // A first name alone is proposed as the name.
  const half = HALF_NAMES[target] ?? HALF_NAMES[targetNamed(column) ?? ''];
  return new Map(half === undefined ? [] : [[column, half]]);
}

/** What is told of a column that a given mapping leaves out, which replaces the proposed one. */
function unmappedNote(name: string, mapping: Mapping): string | undefined {
  if (mapping.has(name)) return undefined;
  const named = targetNamed(name);
  return `The mapping does not name this column: it is left out.${named === undefined ? '' : ` By its heading it is ${named}.`}`;
}

async function parted(
  records: readonly CsvRecord[],
  heading: CsvRecord,
  whole: boolean,
): Promise<Pick<FilePlan, 'rows' | 'leftOut'>> {
  const full: CsvRecord[] = [];
  const empty: CsvRecord[] = [];
  const end = new ListEnd(heading);
  const passed: { line: number; problem: string }[] = [];
  let isEnded = false;
  for await (const { passed: told = [], ...record } of withoutRepeats(paced(records), heading.line)) {
    passed.push(...told);
    if (record.line <= heading.line) continue;
    if (isEmptyRow(record)) {
      empty.push(record);
      continue;
    }
    full.push(record);
    end.see(record);
    isEnded ||= record.problem !== undefined;
  }
  const footer = whole || isEnded ? (end.result().footer_line ?? Infinity) : Infinity;
  const told = (problem: string) => (record: CsvRecord) => ({ line: record.line, problem: record.problem ?? problem });
  return {
    rows: full.filter(({ line, problem }) => line < footer && problem === undefined),
    leftOut: [
      ...records.filter(({ line }) => line < heading.line).map(told(ABOVE)),
      ...passed,
      ...empty.map(told(EMPTY)),
      ...full.filter(({ line, problem }) => line >= footer || problem !== undefined).map(told(BELOW)),
    ],
  };
}
