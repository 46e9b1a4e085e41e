import { countryNamed, isOvermarked, legible, OVERMARKED, thinned } from '@apollo/contracts';
import { type FieldDefinition, MOST_CUSTOM_BYTES } from '../../fields/custom.field.rules.js';
import { ownValue } from '../../fields/own.value.js';
import type { Formats } from '../cells/format.survey.js';
import { type Escaping, withoutApostrophe } from '../cells/apostrophes.js';
import { currencyNamed } from '../cells/currency.marks.js';
import { areaCodeOf, dialCodeOf } from '../cells/phone.cells.js';
import { withoutUnseenAround } from '../cells/unseen.marks.js';
import { columnNames } from '../csv/csv.headings.js';
import type { CsvRecord } from '../csv/csv.records.js';
import { CELL_CHARACTERS, COLUMNS } from '../import.limits.js';
import { customKey, type Mapping } from '../import.mapping.js';
import { areaCodeColumns, nearestAreaCode } from '../plan/area.codes.js';
import { codeNamed } from '../plan/code.headings.js';
import { headingCurrency } from '../plan/currency.headings.js';
import { CurrencyColumns, isDialCodeNamed, lastNameFirst, zoneNamed } from '../plan/heading.words.js';
import { isPartNamed } from '../plan/name.headings.js';
import type { Identity } from '../plan/row.identity.js';
import { CURRENCY_COLUMN, isOurExport } from '../plan/own.columns.js';
import { type CellContext, type CellReader, type Draft, readerOf } from './cell.readers.js';
import { columnIndexes } from './column.places.js';
import { ContinuedRows, type RowAbove } from './continued.rows.js';
import { longestText, tooMuch } from './crowded.fields.js';
import { customReader } from './custom.readers.js';
import { type Emptiness, emptinessOf, saysNothing } from './empty.words.js';
import type { LeadRow, RowOutcome, RowProblem } from './lead.row.js';
import { asOthersWrite } from './others.readers.js';
import { nameRow, turned } from './row.names.js';

interface Column {
  readonly heading: string;
  readonly index: number;
  readonly target: string;
  /** Of its amounts, as its heading says. */
  readonly currency: string | undefined;
  /** Of the column with the currencies of its amounts, where its heading says none. */
  readonly currencyIndex: number | undefined;
  /** Of the column with the area codes of its phones. */
  readonly areaCodeIndex: number | undefined;
  readonly emptiness: Emptiness;
  /** Values of a choice, which may be called as nothing is. */
  readonly options: readonly string[];
  readonly escaping: Escaping;
  readonly read: CellReader;
}

/** What a row reader needs to know besides the heading. */
export interface RowRules extends CellContext {
  readonly mapping: Mapping;
  readonly fields: readonly FieldDefinition[];
  readonly formats: Formats;
  readonly defaultContactName: string | null;
  /** By what rows are recognized. */
  readonly identity?: Identity | undefined;
  /** Places of columns that name currencies by their cells, whatever their headings say. */
  readonly currencyColumns?: readonly number[] | undefined;
  /** Places of columns of phones with the codes of their countries, without a plus. */
  readonly internationalPhones?: readonly number[] | undefined;
}

/** Targets that a cell may hold several values of; the contacts of Google cut them by colons. */
const SEVERAL = new Set(['email', 'phone', 'tags']);

/** Targets that are compared letter by letter: another one than it seems is nobody's. */
const EXACT = new Set(['email', 'site', 'external_id']);

/** Targets that name somebody; a custom field may be called so as well. */
export const NAMES: readonly string[] = ['contact_name', 'first_name', 'middle_name', 'last_name'];

/** What is told of a row that nothing can be called by. */
const NAMELESS =
  'has neither a name nor a company, an e-mail address, a phone number or an external id to be called by';

/** The beginning of a cell that is too long, fit to be kept. */
function beginningOf(cell: string): string {
  return thinned(cell.slice(0, CELL_CHARACTERS).toWellFormed());
}

/** What is told of a cell that is kept without some of its marks. */
const OVERMARKED_CELL = `${OVERMARKED}: the others are left out`;

/** What is told of a cell of which only the beginning is kept. */
function tooLong(cell: string): string {
  return `must be at most ${CELL_CHARACTERS} characters: the last ${cell.length - CELL_CHARACTERS} are left out`;
}

/** Turns records into leads or into what is wrong with them. */
export class RowReader {
  private readonly columns: readonly Column[];
  private readonly width: number;
  private readonly nameHeading: string | null;
  /** Whether what is the whole name is a part of one by its heading: there is no other. */
  private readonly isPartHeaded: boolean;
  /** Heading of the column of whole names; null where there is none. */
  private readonly wholeHeading: string | null;
  private readonly countryIndex: number | undefined;
  private readonly dialCodeIndex: number;
  private readonly isOurs: boolean;
  private readonly continued: ContinuedRows;

  /**
   * @param heading the record with the headings
   * @throws DomainError `missing_column` naming mapped headings that are not there
   */
  constructor(
    heading: CsvRecord,
    private readonly rules: RowRules,
  ) {
    const indexes = columnIndexes(heading, rules.mapping);
    this.width = heading.cells.length;
    const names = columnNames(heading.cells);
    this.isOurs = isOurExport(names);
    const areaCodes = areaCodeColumns(names);
    const currencies = new CurrencyColumns(names, rules.currencyColumns);
    this.columns = [...rules.mapping].map(([name, target]) => {
      const index = indexes.get(name) ?? 0;
      const isAmount = isMoney(target, rules);
      const currency = isAmount && !this.isOurs ? headingCurrency(name, rules.currency) : undefined;
      const currencyIndex = isAmount && !this.isOurs ? currencies.of(index) : this.ownCurrency(names, target);
      const areaCodeIndex = target === 'phone' ? nearestAreaCode(areaCodes, index) : undefined;
      const field = fieldOf(target, rules);
      const read = readerFor({ name, index }, target, rules);
      return {
        heading: name,
        index,
        target,
        currency,
        currencyIndex,
        areaCodeIndex,
        emptiness: emptinessOf(target, field),
        options: field?.options ?? [],
        escaping: this.isOurs ? 'ours' : codeNamed(name) ? 'codes' : 'others',
        read: this.isOurs ? read : asOthersWrite(target, read, rules.references),
      };
    });
    this.continued = new ContinuedRows(this.isOurs ? [] : this.columns, rules.identity === 'email');
    this.countryIndex = this.columns.find(({ target }) => target === 'country')?.index;
    this.dialCodeIndex = names.findIndex(isDialCodeNamed);
    this.wholeHeading = this.columns.find(({ target }) => target === 'contact_name')?.heading ?? null;
    this.isPartHeaded = isPartNamed(this.wholeHeading ?? '');
    this.nameHeading = this.columns.find(({ target }) => NAMES.includes(target))?.heading ?? null;
  }

  /** Where our export says of which currency its amounts are: those of custom fields say so themselves. */
  private ownCurrency(names: readonly string[], target: string): number | undefined {
    const at = this.isOurs && target === 'value_minor' ? names.indexOf(CURRENCY_COLUMN) : -1;
    return at < 0 ? undefined : at;
  }

  /** Takes the next record of the file. Tells of the lines before it, too. @param id the lead's id, should it be new */
  read(record: CsvRecord, id: string): RowOutcome {
    const above = this.continued.above(record);
    const { row, problems } = this.continued.taken(record, this.readRow(record, id, above), above);
    const passed = (record.passed ?? []).map((each) => ({ ...each, column: null, refused: false }));
    return { row, problems: passed.length > 0 ? [...passed, ...problems] : problems };
  }

  private readRow({ line, cells }: CsvRecord, id: string, above: RowAbove | undefined): RowOutcome {
    if (cells.slice(this.width).some((cell) => cell !== '')) {
      const count = cells.length > COLUMNS ? `more than ${COLUMNS}` : cells.length;
      const problem = `has ${count} cells, the heading ${this.width}`;
      return { row: null, problems: [{ line, column: null, problem, refused: true }] };
    }
    const country = cells[this.countryIndex ?? -1];
    const countryCode = country === undefined ? undefined : countryNamed(country);
    // A heading may be any text, `__proto__` too.
    const kept = Object.create(null) as Draft['kept'];
    const dialCode = dialCodeOf(withoutApostrophe(cells[this.dialCodeIndex] ?? '', 'others'));
    const told = { countryCode, currency: undefined, dialCode, areaCode: undefined };
    const draft: Draft = { id, line, named: false, custom_fields: {}, kept, nameParts: {}, ...told };
    const problems: RowProblem[] = [];
    for (const column of this.columns) {
      const { heading, index, target, currency, currencyIndex, areaCodeIndex, escaping, read } = column;
      const cell = (cells[index] ?? '').trim();
      if (cell.length > CELL_CHARACTERS) {
        draft.kept[heading] = { target, text: beginningOf(cell), isTold: true };
        problems.push({ line, column: heading, problem: tooLong(cell), refused: false });
        continue;
      }
      const isExact = EXACT.has(target) && !this.isOurs;
      const legibly = isExact ? withoutUnseenAround(cell) : legible(cell);
      if (legibly === '' || (!this.isOurs && isNothing(legibly, column))) continue;
      if (isOvermarked(cell)) {
        draft.kept[heading] = { target, text: legibly, isTold: true };
        problems.push({ line, column: heading, problem: OVERMARKED_CELL, refused: false });
        continue;
      }
      draft.currency = currency ?? this.currencyBeside(cells, above, currencyIndex ?? -1);
      draft.areaCode = this.areaCode(cells, areaCodeIndex);
      const given = SEVERAL.has(target) && !this.isOurs ? legibly.replaceAll(' ::: ', '\n') : legibly;
      const fault = read(withoutApostrophe(given, escaping), draft);
      if (fault === null) continue;
      draft.kept[heading] = { target, text: fault.kept, isTold: fault.problem !== undefined };
      if (fault.problem !== undefined) problems.push({ line, column: heading, problem: fault.problem, refused: false });
    }
    return this.finished(draft, problems);
  }

  /** The currency that a column of the row names, or of the row that it goes on with: further items of an order leave it out. */
  private currencyBeside(cells: readonly string[], above: RowAbove | undefined, index: number): string | undefined {
    const named = cells[index]?.trim() || above?.cells[index]?.trim();
    return named ? currencyNamed(named, this.rules.currency) : undefined;
  }

  /** The area code of a row's phone. Where its column may name countries as well, it is one with its zero only. */
  private areaCode(cells: readonly string[], index: number | undefined): string | undefined {
    const code = areaCodeOf(withoutApostrophe(cells[index ?? -1] ?? '', 'others'));
    return index === this.dialCodeIndex && code?.startsWith('0') !== true ? undefined : code;
  }

  private finished(
    { nameParts, nameAddress, countryCode: _, currency: __, dialCode: ___, areaCode: ____, ...row }: Draft,
    problems: RowProblem[],
  ): RowOutcome {
    const refused = (column: string | null, problem: string): RowOutcome => ({
      row: null,
      problems: [...problems, { line: row.line, column, problem, refused: true }],
    });
    if (nameAddress !== undefined) this.addAddress(row, nameAddress);
    nameRow(row, nameParts, this.rules.defaultContactName, this.isPartHeaded, this.wholeHeading);
    if (row.contact_name === undefined) {
      const bad = problems.findIndex(({ column }) => column === this.nameHeading);
      if (bad < 0) return refused(this.nameHeading, NAMELESS);
      return { row: null, problems: problems.map((each, at) => (at === bad ? { ...each, refused: true } : each)) };
    }
    return { row, problems: [...problems, ...this.crowdedOut(row)] };
  }

  /** The address beside a name is the lead's, where the row has no other one; else it is kept. */
  private addAddress(row: LeadRow, address: string): void {
    const heading = this.wholeHeading;
    row.email ??= address;
    if (heading === null || row.email.toLowerCase() === address.toLowerCase()) return;
    const text = [address, row.kept[heading]?.text].filter((each) => each !== undefined).join('; ');
    row.kept[heading] = { target: 'contact_name', text, isTold: false };
  }

  /** Takes texts out of a row that has more of them than a lead holds, the longest first, and tells which. */
  private crowdedOut({ line, custom_fields, kept }: LeadRow): RowProblem[] {
    const problems: RowProblem[] = [];
    while (tooMuch(custom_fields)) {
      const key = longestText(custom_fields);
      const column = this.columns.find(({ target }) => customKey(target) === key);
      if (key === undefined || !column) break;
      kept[column.heading] = { target: column.target, text: String(custom_fields[key]), isTold: true };
      delete custom_fields[key];
      const problem = `has no room: the custom fields of a lead take at most ${MOST_CUSTOM_BYTES} bytes together`;
      problems.push({ line, column: column.heading, problem, refused: false });
    }
    return problems;
  }
}

/** Whether a cell says no more than that there is nothing; an option may be called so. */
function isNothing(cell: string, { emptiness, options }: Column): boolean {
  return saysNothing(cell, emptiness) && !options.includes(cell);
}

/** Whether a column's cells are amounts of money. */
function isMoney(target: string, rules: RowRules): boolean {
  return target === 'value' || target === 'value_minor' || fieldOf(target, rules)?.kind === 'money';
}

function fieldOf(target: string, { fields }: RowRules): FieldDefinition | undefined {
  const key = customKey(target);
  return key === null ? undefined : fields.find((field) => field.key === key);
}

function readerFor({ name, index }: { name: string; index: number }, target: string, rules: RowRules): CellReader {
  const format = ownValue(rules.formats, name) ?? null;
  const key = customKey(target);
  if (key === null) {
    const isInternational = rules.internationalPhones?.includes(index) ?? false;
    const read =
      readerOf(target, { ...rules, isInternational, zone: zoneNamed(name) ?? rules.zone }, format) ??
      unknown('is mapped to a field that does not exist');
    return target === 'contact_name' && lastNameFirst(name) ? (cell, row) => read(turned(cell), row) : read;
  }
  const field = fieldOf(target, rules);
  return field ? customReader(field, format, rules) : unknown('is mapped to a custom field that does not exist');
}

function unknown(problem: string): CellReader {
  return (cell) => ({ problem, kept: cell });
}
