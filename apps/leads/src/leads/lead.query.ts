import { inForm, isMoment, type leadsMessages, NAME_ORDERS, refusedField, trimmed } from '@apollo/contracts';
import { rareStatement, type Statement, statement } from '@apollo/tenancy/postgres';
import { boundOf, isMeasured } from './field.bound.js';
import { folded } from './folded.text.js';
import { EXPORT_PAGE_BYTES } from './page.budget.js';
import { tagKey, tagKeys } from './lead.tags.js';
import { comparable, isLettered, type ListedLeadRow, orderOf } from './lead.order.js';

/** Everything a list of leads may be asked for; names without a value are not part of the text then. */
export interface LeadQueryParams {
  readonly pipeline_id?: string;
  readonly stage_id?: string;
  readonly owner_id?: string;
  readonly tag?: string;
  readonly tag_key?: string;
  /** Patterns of its words, a line each. */
  readonly search?: string;
  /** Pattern of a phone, where what is looked for can be one; null where not. */
  readonly search_phone?: string | null;
  readonly city?: string;
  readonly country?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  readonly field?: string;
  /** Text, or JSON where it is compared by how much it is. */
  readonly field_is?: string;
  /** JSON. */
  readonly field_from?: string;
  readonly field_to?: string;
  /** Custom field that is sorted by. */
  readonly sort_field?: string;
  /** Sort key and id of the last lead of the page before, with the text that it was sorted by where the key does not say it. */
  readonly key?: string | number;
  readonly text?: string;
  readonly after_id?: string;
  readonly limit: number;
}

/** Numbers are compared with numbers, text with text, and amounts with those of their currency. */
function inRange(operator: string, bound: string): string {
  const value = comparable(':field');
  return `(${value} ${operator} ${bound} and jsonb_typeof(${value}) = jsonb_typeof(${bound})
    and (jsonb_typeof(${bound}) <> 'array' or ${value}->0 = ${bound}->0))`;
}

/*
 * Everything a text is made of. A request only chooses among these fragments, its values are parameters: each shape
 * of a query is one constant text. Those that are asked most are prepared once per connection; whoever chooses among all
 * the others could have the server keep thousands.
 */
const FILTERS = {
  pipeline_id: 'l.pipeline_id = :pipeline_id',
  stage_id: 'l.stage_id = :stage_id',
  owner_id: 'l.owner_id = :owner_id',
  // However it is written; one that was there before blanks were taken off, as it is.
  tag: `(:tag = any (l.tags) or :tag_key = any (${tagKeys('l.tags')}))`,
  // Its words in any order, however they are parted; or a phone as it is written in its country.
  search: `(l.search_text like all (string_to_array(${folded(':search::text')}, chr(10))) or l.phone like :search_phone::text)`,
  city: `${folded('l.city')} = ${folded(':city::text')}`,
  country: `${folded('l.country')} = ${folded(':country::text')}`,
  created: 'l.created_at >= :created_after and l.created_at < :created_before',
  field_is:
    '(l.custom_fields->>:field::text = :field_is or l.custom_fields->:field::text @> to_jsonb(:field_is::text))',
  field_equals: inRange('=', ':field_is::jsonb'),
  field_from: inRange('>=', ':field_from::jsonb'),
  field_to: inRange('<=', ':field_to::jsonb'),
} as const;

export type LeadFilterName = keyof typeof FILTERS;
export const LEAD_FILTERS = Object.keys(FILTERS) as readonly LeadFilterName[];

/** What decides a query's text. `sort` is a sort key, `-` in front for descending, or `id` for exports. */
export interface LeadQueryShape {
  readonly filters: readonly LeadFilterName[];
  readonly sort: string;
  /** Whether it goes on after a page before. */
  readonly continued: boolean;
  /** The order of text, where it is by text: one of `NAME_ORDERS`, else the common one. */
  readonly letters?: string;
}

/** Filters of a query that is kept prepared. */
const KEPT_FILTERS = 1;

const statements = new Map<string, Statement<ListedLeadRow, LeadQueryParams>>();
const counts = new Map<string, Statement<leadsMessages.StageCount, LeadQueryParams>>();

/**
 * The statement of a shape; the same object each time, but for several filters at once and where text has the order of one
 * language: those are too many.
 *
 * @throws DomainError `validation_failed` for a sort that is none of the known ones
 */
export function leadQuery(shape: LeadQueryShape): Statement<ListedLeadRow, LeadQueryParams> {
  const lettered = isLettered(shape.sort) && shape.letters !== undefined && NAME_ORDERS.has(shape.letters);
  if (lettered || shape.filters.length > KEPT_FILTERS) return rareStatement(`leads by ${shape.sort}`, textOf(shape));
  const name = `leads by ${shape.sort}${shape.continued ? ' continued' : ''} where ${shape.filters.join()}`;
  return remembered(statements, name, () => statement(name, textOf(shape)));
}

/** The statement that counts what these filters find, by stage. */
export function countQuery(filters: readonly LeadFilterName[]): Statement<leadsMessages.StageCount, LeadQueryParams> {
  const conditions = ['l.org_id = :org', ...filters.map((filter) => FILTERS[filter])].join(' and ');
  const text = `select l.pipeline_id, l.stage_id, count(*)::int as leads from leads.leads l where ${conditions} group by l.pipeline_id, l.stage_id order by l.pipeline_id, l.stage_id`;
  if (filters.length > KEPT_FILTERS) return rareStatement('leads counted', text);
  const name = `leads counted where ${filters.join()}`;
  return remembered(counts, name, () => statement(name, text));
}

function remembered<Value>(known: Map<string, Value>, name: string, make: () => Value): Value {
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

function textOf({ filters, sort, continued, letters }: LeadQueryShape): string {
  const { columns, order, beyond, indexed } = orderOf(sort, letters);
  const conditions = ['l.org_id = :org', ...filters.map((filter) => FILTERS[filter]), ...(continued ? [beyond] : [])];
  const page = `from leads.leads l where ${conditions.join(' and ')} order by ${order} limit :limit`;
  if (sort === 'id') return fittingPage(columns, page);
  // What is sorted first is written out for the page only, not for every lead of the organization.
  return indexed ? `select ${columns} ${page}` : `select ${columns} from (select l.* ${page}) l order by ${order}`;
}

/** Octets of what is long in a lead; custom fields are written out as the answer has them. */
const OCTETS = [
  'contact_name',
  'company',
  'email',
  'phone',
  'site',
  'city',
  'state',
  'country',
  'external_id',
  'tags::text',
  'custom_fields::text',
]
  .map((column) => `coalesce(octet_length(l.${column}), 0)`)
  .join(' + ');

/**
 * Of a page of many leads by id, those that fit into the answer and at most one more: a process is not given what it would throw
 * away. How many the page has is in each. A page of a few is read as it is: the sum costs it a tenth of its time.
 */
function fittingPage(columns: string, page: string): string {
  return `select ${columns}, found from (
    select l.*, count(*) over () as found, sum(octets) over (order by l.id rows between unbounded preceding and 1 preceding) as before
    from (select l.*, ${OCTETS} as octets ${page}) l) l where coalesce(before, 0) <= ${EXPORT_PAGE_BYTES} order by l.id`;
}

/** What a request asks for, and the kind of the custom field that it names. */
type Filter = Omit<leadsMessages.ListLeadsRequest, 'sort' | 'limit' | 'cursor'> & { readonly field_kind?: string };

/**
 * The filters a request uses, always in the same order.
 *
 * @throws DomainError `validation_failed` for a value of a custom field that is not named, or a field without one
 */
export function filtersOf(request: Filter): LeadFilterName[] {
  const asked = [request.field_is, request.field_from, request.field_to].some((value) => value != null);
  if (asked !== (request.field != null)) throw refusedField('field', 'goes with field_is, field_from or field_to');
  const measured = isMeasured(request.field_kind);
  const uses: Readonly<Record<LeadFilterName, boolean>> = {
    pipeline_id: request.pipeline_id != null,
    stage_id: request.stage_id != null,
    owner_id: request.owner_id != null,
    tag: request.tag != null,
    search: request.search != null,
    city: request.city != null,
    country: request.country != null,
    created: request.created_after != null || request.created_before != null,
    field_is: request.field_is != null && !measured,
    field_equals: request.field_is != null && measured,
    field_from: request.field_from != null,
    field_to: request.field_to != null,
  };
  return LEAD_FILTERS.filter((filter) => uses[filter]);
}

/**
 * The parameters of a request's filters.
 *
 * @throws DomainError `validation_failed` for a moment that is none, and for what is no value of the custom field's kind
 */
export function filterParams(request: Filter): Omit<LeadQueryParams, 'limit'> {
  const { field_kind: kind } = request;
  return {
    pipeline_id: request.pipeline_id,
    stage_id: request.stage_id,
    owner_id: request.owner_id,
    tag: request.tag,
    ...(request.tag != null && { tag_key: tagKey(trimmed(request.tag)) }),
    ...(request.search != null && { search: wordsOf(request.search), search_phone: phoneOf(request.search) }),
    city: request.city,
    country: request.country,
    created_after: moment('created_after', request.created_after) ?? '-infinity',
    created_before: moment('created_before', request.created_before) ?? 'infinity',
    field: request.field,
    field_is: isMeasured(kind) ? boundOf('field_is', request.field_is, kind) : request.field_is,
    field_from: boundOf('field_from', request.field_from, kind),
    field_to: boundOf('field_to', request.field_to, kind),
  };
}

/** Characters of what is looked for; it is compared from each place of each lead's text on. */
const LONGEST_SEARCH = 100;

/** What is looked for, written out: one character may stand for eighteen. @throws DomainError `validation_failed` where that is too long */
function sought(search: string): string {
  const text = inForm(search, 'NFKC');
  if (text.length > LONGEST_SEARCH)
    throw refusedField('search', `must be ${LONGEST_SEARCH} characters at most once its letters are written out`);
  return text;
}

function wordsOf(search: string): string {
  // An acute accent by itself is typed for an apostrophe; written out it would part two words.
  const words = sought(search.replaceAll('´', "'")).split(/\s+/u);
  return words
    .filter((word) => word !== '')
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
    .join('\n');
}

/** Digits from which on what is written as a phone is looked for as one: fewer are found in the text as they stand. */
const LEAST_PHONE_DIGITS = 4;

/** The digits of what may be a phone, without the zeros that stand for a country or for one's own: kept is `+` and digits. */
function phoneOf(search: string): string | null {
  if (!/^[\d\s+()/.‐-–-]+$/u.test(search)) return null;
  const digits = search.replace(/\(0\)/, '').replaceAll(/\D/g, '').replace(/^0+/, '');
  return digits.length < LEAST_PHONE_DIGITS ? null : `%${digits}%`;
}

function moment(field: string, text: string | undefined): string | undefined {
  if (text == null) return undefined;
  if (!isMoment(text)) throw refusedField(field, 'must be a date and time');
  return new Date(text).toISOString();
}
