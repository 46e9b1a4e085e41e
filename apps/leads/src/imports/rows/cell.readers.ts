import { CURRENCIES, leadsMessages, lineCheck, type TextCheck, textCheck } from '@apollo/contracts';
import { type DateFormat, isNoDate, momentText, readDate, type WrittenDate } from '../cells/date.cells.js';
import { valuesOf } from '../cells/joined.cells.js';
import { markProblem, moneyFormatShown, readMoney } from '../cells/money.cells.js';
import { amountProblem, minorUnits, type NumberFormat, numberProblem } from '../cells/number.cells.js';
import { HIDDEN, hidesSomething } from '../cells/unseen.marks.js';
import { REMARKS } from '../import.mapping.js';
import type { LeadRow } from './lead.row.js';
import type { TagResolver } from './tag.resolver.js';
import { MOST_IN_CELL, phoneReader } from './phone.reader.js';
import type { ReferenceResolver } from './reference.resolver.js';

/** What of a cell found no place in the lead, and why; without a problem there is nothing to tell. */
export interface CellFault {
  readonly problem?: string;
  readonly kept: string;
}

/** Puts a cell that is not empty into its row, or says what is wrong with it. */
export type CellReader = (cell: string, row: Draft) => CellFault | null;

/** A row that is being read, and the parts of its name. */
export interface Draft extends LeadRow {
  readonly nameParts: Record<string, string>;
  /** Of whom the row is about, where it stands beside the name. */
  nameAddress?: string;
  /** ISO 3166, where the row names a country that is known by its name. */
  readonly countryCode: string | undefined;
  /** Digits that are dialled before numbers of a country, where a column of the row names them. */
  readonly dialCode: string | undefined;
  /** Digits that are dialled before numbers of an area, where a column of the row names those of the phone that is read. */
  areaCode: string | undefined;
  /** ISO 4217, where a column of the row names the currency of the amount that is read. */
  currency: string | undefined;
}

/** What cells are read by besides their own column. */
export interface CellContext {
  /** ISO 3166; null when unknown. */
  readonly country: string | null;
  /** ISO 4217, of amounts that name none; null when unknown. */
  readonly currency: string | null;
  /** Digits that it has after the point. */
  readonly decimals: number;
  readonly zone: string;
  readonly references: ReferenceResolver;
  /** Whether the column is of phones with the codes of their countries, without a plus. */
  readonly isInternational?: boolean;
}

const TEXTS = ['contact_name', 'company', 'city', 'state', 'country', 'external_id'] as const;
const NAMES = ['first_name', 'middle_name', 'last_name'] as const;
const MOST_TAGS = 50;
const tagCheck = lineCheck(50);
const nameCheck = lineCheck(200);

/** What an amount or number is refused with that could be two. */
export const UNDECIDED =
  'could be that or a thousand times as much: nothing in the file tells which mark stands for what; say "1,234.56" or "1.234,56" for this column in formats';
/** What a date is refused with that could be two. */
const DAY_OR_MONTH =
  'could be two dates: nothing in the file tells whether the day or the month comes first; say "day-month-year" or "month-day-year" for this column in formats';
/** What a date is refused with that is of no year of ours, or could be of one of two calendars. */
const OTHER_CALENDAR =
  'seems to be a date of another calendar, and nothing tells for sure of which: write it as 2024-03-31';

/** A cell as a date, or why it is none. @param country of whoever wrote it */
export function dateRead(
  cell: string,
  format: DateFormat | null,
  country: string | null,
): { readonly date: WrittenDate } | { readonly problem: string } {
  const date = readDate(cell, format, country);
  if (date === 'undecided') return { problem: DAY_OR_MONTH };
  if (date === 'other calendar') return { problem: OTHER_CALENDAR };
  return date ? { date } : { problem: 'must be a date' };
}

const fault = (problem: string | null, kept: string): CellFault | null => (problem === null ? null : { problem, kept });

/** A cell of several lines as one. */
export function line(cell: string): string {
  return /[\n\r\t]/.test(cell) ? cell.replace(/\s+/g, (blanks) => (/[\n\r\t]/.test(blanks) ? ' ' : blanks)) : cell;
}

/** The reader of a target that is no custom field, by the rules of `CreateLead`; undefined for one that is not known. */
export function readerOf(
  target: string,
  context: CellContext,
  format: NumberFormat | DateFormat | null,
): CellReader | undefined {
  const rule = (field: string): TextCheck => textCheck(leadsMessages.CreateLeadRequest, field);
  const text = TEXTS.find((field) => field === target);
  if (text) {
    const check = rule(text);
    return (cell, row) => {
      const value = line(cell);
      // Of two companies of a row the first is the lead's, as with addresses.
      if (text === 'company' && row.company !== undefined) return sameText(row.company, value) ? null : { kept: cell };
      const problem = check(value);
      if (problem === null) row[text] = value;
      return fault(problem, cell);
    };
  }
  const name = NAMES.find((field) => field === target);
  if (name) {
    return (cell, row) => {
      const problem = nameCheck(line(cell));
      const before = row.nameParts[name];
      if (problem === null) row.nameParts[name] = before === undefined ? line(cell) : `${before} ${line(cell)}`;
      return fault(problem, cell);
    };
  }
  switch (target) {
    case 'email':
      return emailReader(rule('email'));
    case 'phone':
      return phoneReader(context.country, context.isInternational);
    case 'site':
      return siteReader(rule('site'));
    case 'value':
      return valueReader(context, format as NumberFormat | null);
    case 'value_minor':
      return wholeReader(context.currency);
    case 'tags':
      return tagReader();
    case 'owner_id':
    case 'owner':
    case 'stage':
      return referenceReader(target, context.references);
    case 'id':
      return (cell, row) => {
        const problem = rule('owner_id')(cell.toLowerCase());
        if (problem === null) row.lead_id = cell.toLowerCase();
        return fault(problem, cell);
      };
    case REMARKS:
      return (cell) => ({ kept: cell });
    case 'created_at':
      return createdReader(context, format as DateFormat | null);
    default:
      return undefined;
  }
}

/** What stands between addresses: a mark of the order of bytes is a blank to JavaScript, and nothing to the eye. */
const BETWEEN = /(?:[;,|]|(?!\ufeff)\s)+/u;

/** The first address is the lead's, others are kept. */
function emailReader(check: TextCheck): CellReader {
  return (cell, row) => {
    const given = check(cell) === null ? [cell] : cell.split(BETWEEN).filter(Boolean);
    const addresses = given
      .slice(0, MOST_IN_CELL)
      .map((each) => each.replace(/^mailto:/i, '').replace(/^[<(]|[>)]$/g, ''))
      .filter((each) => check(each) === null);
    const [first, ...others] = addresses;
    if (first === undefined) return { problem: exactProblem(cell, check) ?? 'must be an e-mail address', kept: cell };
    if (row.email !== undefined) return sameText(row.email, first) && others.length === 0 ? null : { kept: cell };
    row.email = first;
    if (addresses.length === given.length) return others.length > 0 ? { kept: others.join('; ') } : null;
    return given.length === 1 || addresses.some((each) => cell.includes(`<${each}>`) || cell.includes(`(${each})`))
      ? { kept: cell }
      : { problem: 'is more than an e-mail address', kept: cell };
  };
}

/** What is wrong with a text that is one only letter by letter: what cannot be seen in it is named before what it is not. */
function exactProblem(text: string, check: TextCheck): string | null {
  return hidesSomething(text) ? HIDDEN : check(text);
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function siteReader(check: TextCheck): CellReader {
  return (cell, row) => {
    const address = /^[a-z][a-z\d+.-]*:\/\//i.test(cell) ? cell : `https://${cell.replace(/^\/\//, '')}`;
    const problem = exactProblem(address, check);
    if (problem === null) row.site = address;
    return fault(problem, cell);
  };
}

function otherCurrency(named: string, own: string): string {
  return `is an amount in ${named}, not in ${own}`;
}

/** An amount in the smallest unit of its currency as people write it: `12000.00 EUR`. */
function minorText(digits: string, currency: string): string {
  const decimals = CURRENCIES.get(currency) ?? 0;
  const text = digits.padStart(decimals + 1, '0');
  const at = text.length - decimals;
  return `${text.slice(0, at)}${decimals > 0 ? `.${text.slice(at)}` : ''} ${currency}`;
}

/** An amount in the smallest unit of the organization's currency. */
function wholeReader(currency: string | null): CellReader {
  return (cell, row) => {
    if (!/^\d{1,16}$/.test(cell) || !Number.isSafeInteger(Number(cell)))
      return { problem: 'must be a whole number', kept: cell };
    if (row.currency && currency && row.currency !== currency)
      return { problem: otherCurrency(row.currency, currency), kept: minorText(cell, row.currency) };
    row.value_minor = Number(cell);
    return null;
  };
}

/** An amount in the organization's currency. One without decimals is whole, whichever mark stands in it. */
function valueReader({ currency, decimals }: CellContext, format: NumberFormat | null): CellReader {
  return (cell, row) => {
    let found = readMoney(cell, format, currency);
    if (found === 'undecided' && decimals === 0)
      found = [readMoney(cell, '1,234.56', currency), readMoney(cell, '1.234,56', currency)].find(
        (each) => typeof each === 'object' && each.number.fraction === '',
      );
    if (found === 'undecided') return { problem: UNDECIDED, kept: cell };
    const named = found?.currency ?? row.currency;
    if (found && named && currency && named !== currency)
      return { problem: otherCurrency(named, currency), kept: cell };
    if (!found) return { problem: moneyProblem(cell, format, currency), kept: cell };
    const value = minorUnits(found.number, decimals);
    if (value === undefined) return { problem: amountProblem(found.number, decimals), kept: cell };
    row.value_minor = value;
    return null;
  };
}

/** Why a cell is no amount of its column. @param own currency of the organization */
export function moneyProblem(cell: string, format: NumberFormat | null, own: string | null): string {
  return markProblem(cell, own) ?? numberProblem(cell, moneyFormatShown(cell, own), format);
}

/** @param resolver of the organization, whose tags those of others join; where there is none, each is taken as it is */
export function tagReader(resolver?: TagResolver): CellReader {
  return (cell, row) => {
    const given = resolver ? resolver.joined(valuesOf(cell)) : valuesOf(cell);
    const good = new Set(given.filter((tag) => tagCheck(tag) === null));
    const tags = [...new Set([...(row.tags ?? []), ...good])];
    row.tags = tags.slice(0, MOST_TAGS);
    if (tags.length > MOST_TAGS)
      return { problem: `must be at most ${MOST_TAGS} tags`, kept: tags.slice(MOST_TAGS).join('; ') };
    const bad = given.filter((tag) => !good.has(tag));
    return fault(bad.map(tagCheck)[0] ?? null, bad.join('; '));
  };
}

const NO_MEMBER = 'is no member of the organization';
const NOBODY_NAMED = `${NO_MEMBER}, or more than one`;

function referenceReader(target: string, references: ReferenceResolver): CellReader {
  if (target === 'stage')
    return (cell, row) => {
      const place = references.stage(cell);
      if (!place) return { problem: 'is no stage of the pipeline', kept: cell };
      Object.assign(row, place);
      return null;
    };
  return (cell, row) => {
    const owner = target === 'owner' ? references.owner(cell) : references.member(cell);
    if (owner !== undefined) row.owner_id = owner;
    const problem = target === 'owner' ? NOBODY_NAMED : NO_MEMBER;
    return fault(owner === undefined ? problem : null, cell);
  };
}

function createdReader({ zone, country }: CellContext, format: DateFormat | null): CellReader {
  return (cell, row) => {
    if (isNoDate(cell)) return null;
    const found = dateRead(cell, format, country);
    if ('problem' in found) return { ...found, kept: cell };
    row.created_at = momentText(found.date, zone);
    return fault(row.created_at === undefined ? 'must be a date' : null, cell);
  };
}
