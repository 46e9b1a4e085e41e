import { DomainError, isMoment, type leadsMessages, refusedField } from '@apollo/contracts';
import { type Statement, statement } from '@apollo/tenancy/postgres';
import { folded } from './folded.text.js';
import { LEAD_COLUMNS, type LeadRow } from './lead.row.js';

/** Everything a list of leads may be asked for; names without a value are not part of the text then. */
export interface LeadQueryParams {
  readonly pipeline_id?: string;
  readonly stage_id?: string;
  readonly owner_id?: string;
  readonly tag?: string;
  readonly search?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  readonly field?: string;
  readonly field_is?: string;
  /** JSON. */
  readonly field_from?: string;
  readonly field_to?: string;
  /** Custom field that is sorted by. */
  readonly sort_field?: string;
  /** Sort key and id of the last lead of the page before. */
  readonly key?: string | number;
  readonly after_id?: string;
  readonly limit: number;
}

/** A row with what it was sorted by where the lead itself does not show that. */
export type ListedLeadRow = LeadRow & { name_key?: string; field_key?: string };

/** A custom field's value as it is compared: an amount as its currency and how much it is, as `json` gives bounds. */
const comparable = (field: string): string => {
  const value = `(l.custom_fields->${field}::text)`;
  return (
    `(case when ${value} #>> '{}' ~ '^-?[0-9]{1,15}([.][0-9]{1,4})? [A-Z]{3}$'` +
    ` then jsonb_build_array(right(${value} #>> '{}', 3), left(${value} #>> '{}', -4)::numeric) else ${value} end)`
  );
};
const SORTED_FIELD = `coalesce(${comparable(':sort_field')}, 'null'::jsonb)`;

/** Numbers are compared with numbers, text with text, and amounts with those of their currency. */
function inRange(operator: string, bound: string): string {
  const value = comparable(':field');
  return `(${value} ${operator} ${bound} and jsonb_typeof(${value}) = jsonb_typeof(${bound})
    and (jsonb_typeof(${bound}) <> 'array' or ${value}->0 = ${bound}->0))`;
}

/*
 * Everything a text is made of. A request only chooses among these fragments, its values are parameters: each shape
 * of a query is one constant text, prepared once per connection, and there are few enough to keep them all.
 */
const FILTERS = {
  pipeline_id: 'l.pipeline_id = :pipeline_id',
  stage_id: 'l.stage_id = :stage_id',
  owner_id: 'l.owner_id = :owner_id',
  tag: ':tag = any (l.tags)',
  search: `l.search_text like ${folded(':search::text')}`,
  created: 'l.created_at >= :created_after and l.created_at < :created_before',
  field_is:
    '(l.custom_fields->>:field::text = :field_is or l.custom_fields->:field::text @> to_jsonb(:field_is::text))',
  field_from: inRange('>=', ':field_from::jsonb'),
  field_to: inRange('<=', ':field_to::jsonb'),
} as const;

const KEYS = {
  created_at: { expression: 'l.created_at', columns: LEAD_COLUMNS },
  updated_at: { expression: 'l.updated_at', columns: LEAD_COLUMNS },
  contact_name: { expression: 'l.name_key', columns: `${LEAD_COLUMNS}, name_key` },
  // Leads without a value come before those worth nothing.
  value_minor: { expression: 'coalesce(l.value_minor, -1)', columns: LEAD_COLUMNS },
  // As JSON is ordered: nothing, text, numbers, amounts by their currency, lists.
  custom_field: {
    expression: SORTED_FIELD,
    columns: `${LEAD_COLUMNS}, ${SORTED_FIELD}::text as field_key`,
  },
} as const;

export type LeadFilterName = keyof typeof FILTERS;
export type LeadSortKey = keyof typeof KEYS;
export const LEAD_FILTERS = Object.keys(FILTERS) as readonly LeadFilterName[];

/** What decides a query's text. `sort` is a sort key, `-` in front for descending, or `id` for exports. */
export interface LeadQueryShape {
  readonly filters: readonly LeadFilterName[];
  readonly sort: string;
  /** Whether it goes on after a page before. */
  readonly continued: boolean;
}

const statements = new Map<string, Statement<ListedLeadRow, LeadQueryParams>>();
const counts = new Map<string, Statement<leadsMessages.StageCount, LeadQueryParams>>();

const CUSTOM = /^(-?)custom_fields\.([a-z][a-z0-9_]*)$/;

/** The sort that decides a query's text, and the custom field that it is by, which is a parameter. */
export function sortOf(sort: string): { readonly sort: string; readonly field: string | undefined } {
  const [, descending, field] = CUSTOM.exec(sort) ?? [];
  return field === undefined ? { sort, field } : { sort: `${descending ?? ''}custom_field`, field };
}

/**
 * The statement of a shape; the same object each time.
 *
 * @throws DomainError `validation_failed` for a sort that is none of the known ones
 */
export function leadQuery(shape: LeadQueryShape): Statement<ListedLeadRow, LeadQueryParams> {
  const name = `leads by ${shape.sort}${shape.continued ? ' continued' : ''} where ${shape.filters.join()}`;
  let found = statements.get(name);
  if (!found) {
    found = statement<ListedLeadRow, LeadQueryParams>(name, textOf(shape));
    statements.set(name, found);
  }
  return found;
}

/** The statement that counts what these filters find, by stage. */
export function countQuery(filters: readonly LeadFilterName[]): Statement<leadsMessages.StageCount, LeadQueryParams> {
  const name = `leads counted where ${filters.join()}`;
  let found = counts.get(name);
  if (!found) {
    const conditions = ['l.org_id = :org', ...filters.map((filter) => FILTERS[filter])].join(' and ');
    found = statement<leadsMessages.StageCount, LeadQueryParams>(
      name,
      `select l.pipeline_id, l.stage_id, count(*)::int as leads from leads.leads l where ${conditions} group by l.pipeline_id, l.stage_id order by l.pipeline_id, l.stage_id`,
    );
    counts.set(name, found);
  }
  return found;
}

function textOf({ filters, sort, continued }: LeadQueryShape): string {
  const { columns, order, beyond } = orderOf(sort);
  const conditions = ['l.org_id = :org', ...filters.map((filter) => FILTERS[filter]), ...(continued ? [beyond] : [])];
  return `select ${columns} from leads.leads l where ${conditions.join(' and ')} order by ${order} limit :limit`;
}

function orderOf(sort: string): { columns: string; order: string; beyond: string } {
  if (sort === 'id') return { columns: LEAD_COLUMNS, order: 'l.id', beyond: 'l.id > :after_id' };
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  if (!Object.hasOwn(KEYS, name))
    throw new DomainError('validation_failed', 'This sort is not known.', [
      { field: 'sort', problem: 'is not a known sort' },
    ]);
  const { expression, columns } = KEYS[name as LeadSortKey];
  const [direction, comparison] = descending ? ['desc', '<'] : ['asc', '>'];
  return {
    columns,
    order: `${expression} ${direction}, l.id ${direction}`,
    beyond: `(${expression}, l.id) ${comparison} (:key, :after_id)`,
  };
}

type Filter = Omit<leadsMessages.ListLeadsRequest, 'sort' | 'limit' | 'cursor'>;

/**
 * The filters a request uses, always in the same order.
 *
 * @throws DomainError `validation_failed` for a value of a custom field that is not named, or a field without one
 */
export function filtersOf(request: Filter): LeadFilterName[] {
  const asked = [request.field_is, request.field_from, request.field_to].some((value) => value != null);
  if (asked !== (request.field != null)) throw refusedField('field', 'goes with field_is, field_from or field_to');
  return LEAD_FILTERS.filter((filter) =>
    filter === 'created' ? request.created_after != null || request.created_before != null : request[filter] != null,
  );
}

/**
 * The parameters of a request's filters.
 *
 * @throws DomainError `validation_failed` for a moment that is none
 */
export function filterParams(request: Filter): Omit<LeadQueryParams, 'limit'> {
  return {
    pipeline_id: request.pipeline_id,
    stage_id: request.stage_id,
    owner_id: request.owner_id,
    tag: request.tag,
    search: request.search == null ? undefined : `%${request.search.normalize('NFKC').replace(/[\\%_]/g, '\\$&')}%`,
    created_after: moment('created_after', request.created_after) ?? '-infinity',
    created_before: moment('created_before', request.created_before) ?? 'infinity',
    field: request.field,
    field_is: request.field_is,
    field_from: json(request.field_from),
    field_to: json(request.field_to),
  };
}

/** A number, an amount as its currency and how much it is, or a text, as JSON. */
function json(bound: string | undefined): string | undefined {
  if (bound == null) return undefined;
  const [, minus, digits, currency] = /^(-?)0*(\d{1,15}(?:\.\d{1,4})?) ([A-Z]{3})$/.exec(bound) ?? [];
  if (digits !== undefined) return `["${currency}",${minus}${digits}]`;
  return /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/.test(bound) ? bound : JSON.stringify(bound);
}

function moment(field: string, text: string | undefined): string | undefined {
  if (text == null) return undefined;
  if (!isMoment(text)) throw refusedField(field, 'must be a date and time');
  return new Date(text).toISOString();
}

/** Where the page after `lead` starts in a list sorted by `sort`. */
export function positionOf(row: ListedLeadRow, sort: string): { key: string | number; id: string } {
  switch (sort.replace('-', '')) {
    case 'created_at':
      return { key: row.created_at, id: row.id };
    case 'updated_at':
      return { key: row.updated_at, id: row.id };
    case 'contact_name':
      return { key: row.name_key ?? '', id: row.id };
    case 'custom_field':
      return { key: row.field_key ?? 'null', id: row.id };
    default:
      return { key: row.value_minor ?? '-1', id: row.id };
  }
}
