import { COMMON_ORDER, DomainError, NAME_ORDERS } from '@apollo/contracts';
import { LEAD_COLUMNS, type LeadRow } from './lead.row.js';

/** A row with what it was sorted by where the lead itself does not show that, or how many leads its page found (bigint, as text). */
export type ListedLeadRow = LeadRow & { field_key?: string; field_text?: string; found?: string };

/** Characters by which texts are sorted: an index and a cursor hold them. No name that a service writes has more. */
const SORTED_CHARACTERS = 200;

/** A custom field's value, and whether it is an amount with its currency. */
const parts = (field: string): { value: string; isAmount: string; amount: string } => {
  const value = `(l.custom_fields->${field}::text)`;
  return {
    value,
    isAmount: `${value} #>> '{}' ~ '^-?[0-9]{1,15}([.][0-9]{1,4})? [A-Z]{3}$'`,
    amount: `jsonb_build_array(right(${value} #>> '{}', 3), left(${value} #>> '{}', -4)::numeric)`,
  };
};

/** A custom field's value as it is compared: an amount as its currency and how much it is. @param field an SQL expression for its key */
export function comparable(field: string): string {
  const { value, isAmount, amount } = parts(field);
  return `(case when ${isAmount} then ${amount} else ${value} end)`;
}

const { value, isAmount, amount } = parts(':sort_field');
// Texts are one to this key, and so are lists: the next one tells them apart.
const FIELD_KEY =
  `coalesce(case when ${isAmount} then ${amount} when jsonb_typeof(${value}) = 'string' then '""'` +
  ` when jsonb_typeof(${value}) = 'array' then '[""]' else ${value} end, 'null'::jsonb)`;
const FIELD_TEXT = `left(coalesce(l.custom_fields->>:sort_field::text, ''), ${SORTED_CHARACTERS})`;

/** What leads are sorted by; the last key of a lettered sort is text, which has the order of a language. */
interface SortKey {
  readonly keys: readonly string[];
  readonly columns?: string;
  readonly lettered?: boolean;
  /** Has an index, where the order is the common one. */
  readonly indexed?: boolean;
}

const SORT_KEYS: Readonly<Record<string, SortKey>> = {
  created_at: { keys: ['l.created_at'], indexed: true },
  updated_at: { keys: ['l.updated_at'], indexed: true },
  contact_name: { keys: [`left(l.contact_name, ${SORTED_CHARACTERS})`], lettered: true, indexed: true },
  // Leads without a value come before those worth nothing.
  value_minor: { keys: ['coalesce(l.value_minor, -1)'] },
  // As JSON is ordered: nothing, text, numbers, lists, amounts by their currency.
  custom_field: {
    keys: [FIELD_KEY, FIELD_TEXT],
    columns: `${LEAD_COLUMNS}, ${FIELD_KEY}::text as field_key, ${FIELD_TEXT} as field_text`,
    lettered: true,
  },
};

const CUSTOM = /^(-?)custom_fields\.([a-z][a-z0-9_]*)$/;

/** The sort that decides a query's text, and the custom field that it is by, which is a parameter. */
export function sortOf(sort: string): { readonly sort: string; readonly field: string | undefined } {
  const [, descending, field] = CUSTOM.exec(sort) ?? [];
  return field === undefined ? { sort, field } : { sort: `${descending ?? ''}custom_field`, field };
}

/** Whether a sort is by text, which has the order of a language. @param sort as `sortOf` gives it */
export function isLettered(sort: string): boolean {
  return keyOf(sort)?.lettered ?? false;
}

function keyOf(sort: string): SortKey | undefined {
  const name = sort.startsWith('-') ? sort.slice(1) : sort;
  return Object.hasOwn(SORT_KEYS, name) ? SORT_KEYS[name] : undefined;
}

/** Parts of a statement that gives leads in an order. */
export interface LeadOrder {
  readonly columns: string;
  readonly order: string;
  /** What holds for every lead after `:key`, `:text` and `:after_id`. */
  readonly beyond: string;
  /** Whether leads are found in the order, without being sorted. */
  readonly indexed: boolean;
}

/**
 * @param sort a sort key, `-` in front for descending, or `id`
 * @param letters the order of text: one of `NAME_ORDERS`, else the common one
 * @throws DomainError `validation_failed` for a sort that is none of the known ones
 */
export function orderOf(sort: string, letters = COMMON_ORDER): LeadOrder {
  if (sort === 'id') return { columns: LEAD_COLUMNS, order: 'l.id', beyond: 'l.id > :after_id', indexed: true };
  const key = keyOf(sort);
  if (!key)
    throw new DomainError('validation_failed', 'This sort is not known.', [
      { field: 'sort', problem: 'is not a known sort' },
    ]);
  const known = NAME_ORDERS.has(letters) ? letters : COMMON_ORDER;
  // PostgreSQL's own collations, which are there wherever it was built with ICU.
  const last = key.lettered ? ` collate pg_catalog."${known}-x-icu"` : '';
  const keys = key.keys.map((each, at) => (at === key.keys.length - 1 ? each + last : each));
  const [direction, comparison] = sort.startsWith('-') ? ['desc', '<'] : ['asc', '>'];
  return {
    columns: key.columns ?? LEAD_COLUMNS,
    order: [...keys, 'l.id'].map((each) => `${each} ${direction}`).join(', '),
    beyond: `(${[...keys, 'l.id'].join(', ')}) ${comparison} (:key, ${keys.length > 1 ? ':text, ' : ''}:after_id)`,
    indexed: key.indexed === true && !(key.lettered && known !== COMMON_ORDER),
  };
}

/** Where a list goes on after a lead, and in which order of text it does. */
export interface Position {
  readonly key: string | number;
  readonly text?: string;
  readonly id: string;
  readonly letters?: string;
}

/** Where the page after `row` starts in a list sorted by `sort`. */
export function positionOf(row: ListedLeadRow, sort: string): Position {
  switch (sort.replace('-', '')) {
    case 'created_at':
      return { key: row.created_at, id: row.id };
    case 'updated_at':
      return { key: row.updated_at, id: row.id };
    case 'contact_name':
      return { key: [...row.contact_name].slice(0, SORTED_CHARACTERS).join(''), id: row.id };
    case 'custom_field':
      return { key: row.field_key ?? 'null', text: row.field_text ?? '', id: row.id };
    default:
      return { key: row.value_minor ?? '-1', id: row.id };
  }
}
