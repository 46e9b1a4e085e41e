import { legible } from '@apollo/contracts';
import { isSameMoney } from '../../fields/money.value.js';
import { ownValue } from '../../fields/own.value.js';
import { valuesOf } from '../cells/joined.cells.js';
import { customKey } from '../import.mapping.js';
import { plainWords } from '../plan/plain.words.js';
import { alikeAddress, alikeText, alikeValue, distinct, same } from './alike.values.js';
import type { KnownLead } from './known.lead.js';
import type { LeadRow } from './lead.row.js';
import { isBetterNamed } from './name.merge.js';

/** Fields of a lead that are one text. */
export const TEXTS = [
  'contact_name',
  'company',
  'email',
  'phone',
  'site',
  'city',
  'state',
  'country',
  'owner_id',
] as const;

/** Whether a lead has a text already where it was meant for, however it came there. */
export function holds(lead: KnownLead, target: string, text: string): boolean {
  const key = customKey(target);
  const field = target === 'stage' || target === 'owner' ? `${target}_id` : target;
  const value = key === null ? (lead as unknown as Record<string, unknown>)[field] : ownValue(lead.custom_fields, key);
  if (Array.isArray(value)) return same(distinct(value), valuesOf(text));
  return value !== null && value !== undefined && legible(String(value)) === text;
}

/** Whether a row names somebody else than a lead, and another address, or phone where not both have an address. */
export function isSomebodyElse(lead: KnownLead, row: LeadRow): boolean {
  if (!row.named || plainWords(lead.contact_name) === plainWords(row.contact_name ?? '')) return false;
  const differ = (a: string | null, b: string | undefined): boolean | undefined =>
    a === null || b === undefined ? undefined : a.toLowerCase() !== b.toLowerCase();
  return differ(lead.email, row.email) ?? differ(lead.phone, row.phone) ?? false;
}

/** Changes a lead where a row says something else, and tells which fields; what a row does not say stays. */
export function applied(lead: KnownLead, row: LeadRow, custom: Readonly<Record<string, unknown>>): string[] {
  const fields: string[] = [];
  const set = <Name extends keyof KnownLead>(name: Name, value: KnownLead[Name] | undefined, alike = false): void => {
    if (value === undefined || alike) return;
    lead[name] = value;
    fields.push(name);
  };
  for (const name of TEXTS) {
    // A lead's own name is better than what another is called after.
    if (name === 'contact_name' && (!row.named || isBetterNamed(lead, row))) continue;
    // Addresses are one in whatever case: rows that write it otherwise would change it to and fro.
    const isAlike = name === 'email' ? alikeAddress : alikeText;
    set(name, row[name], row[name] === lead[name] || isAlike(lead[name], row[name]));
  }
  const value = row.value_minor === undefined ? undefined : String(row.value_minor);
  set('value_minor', value, value === lead.value_minor);
  set('tags', row.tags, row.tags !== undefined && same(distinct(lead.tags), distinct(row.tags)));
  set(
    'external_id',
    row.external_id,
    row.external_id === lead.external_id || alikeText(lead.external_id, row.external_id),
  );
  if (row.stage_id !== undefined && row.stage_id !== lead.stage_id) {
    lead.pipeline_id = row.pipeline_id ?? lead.pipeline_id;
    set('stage_id', row.stage_id);
  }
  for (const [key, given] of Object.entries(custom)) {
    const held = ownValue(lead.custom_fields, key);
    if (row.amounts?.has(key) ? isSameMoney(held, given) : alikeValue(held, given)) continue;
    lead.custom_fields = { ...lead.custom_fields, [key]: given };
    fields.push(`custom_fields.${key}`);
  }
  return fields;
}
