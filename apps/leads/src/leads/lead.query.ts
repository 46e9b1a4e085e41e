import { DomainError, isMoment, type leadsMessages } from '@apollo/contracts';
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
  /** Sort key and id of the last lead of the page before. */
  readonly key?: string | number;
  readonly after_id?: string;
  readonly limit: number;
}

/** A row with what it was sorted by where the lead itself does not show that. */
export type ListedLeadRow = LeadRow & { name_key?: string };

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
} as const;

const KEYS = {
  created_at: { expression: 'l.created_at', columns: LEAD_COLUMNS },
  updated_at: { expression: 'l.updated_at', columns: LEAD_COLUMNS },
  contact_name: { expression: 'l.name_key', columns: `${LEAD_COLUMNS}, name_key` },
  // Leads without a value come before those worth nothing.
  value_minor: { expression: 'coalesce(l.value_minor, -1)', columns: LEAD_COLUMNS },
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

/** The filters a request uses, always in the same order. */
export function filtersOf(request: Filter): LeadFilterName[] {
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
  };
}

function moment(field: string, text: string | undefined): string | undefined {
  if (text == null) return undefined;
  if (!isMoment(text))
    throw new DomainError('validation_failed', 'Some fields were refused.', [
      { field, problem: 'must be a date and time' },
    ]);
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
    default:
      return { key: row.value_minor ?? '-1', id: row.id };
  }
}
