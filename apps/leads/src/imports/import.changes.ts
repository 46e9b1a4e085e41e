import type { leadsMessages } from '@apollo/contracts';
import { storedObject } from '../stored.object.js';
import { PLAIN } from './rows/lead.columns.js';

/** A lead that an import changed, as it was before its first change and as its last one left it: a `KnownLead`, or what SQL wrote there. */
export interface StoredChange {
  readonly lead_id: string;
  readonly before: unknown;
  readonly after: unknown;
}

const NAMES = ['pipeline_id', 'stage_id', ...PLAIN, 'external_id'];

/** The fields of a lead by the names that requests use: `custom_fields.<key>` for custom ones. */
function fieldsOf(stored: unknown): Map<string, unknown> {
  const { custom_fields, value_minor, ...lead } = storedObject(stored);
  return new Map<string, unknown>([
    ...Object.entries(lead).filter(([name]) => NAMES.includes(name)),
    ['value_minor', value_minor == null ? null : Number(value_minor)],
    ...Object.entries(storedObject(custom_fields)).map(([key, value]): [string, unknown] => [
      `custom_fields.${key}`,
      value,
    ]),
  ]);
}

/** What an import changed of a lead: the fields whose values differ, null where there was or is none. */
export function changeOf({ lead_id, before, after }: StoredChange): leadsMessages.ImportChange {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const differing = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => JSON.stringify(was.get(name) ?? null) !== JSON.stringify(is.get(name) ?? null),
  );
  const told = (fields: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(differing.map((name) => [name, fields.get(name) ?? null]));
  return { lead_id, before: told(was), after: told(is) };
}
