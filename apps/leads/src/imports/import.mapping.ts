import { DomainError, type FieldProblem, leadsMessages, oneLine } from '@apollo/contracts';
import { columnName } from './csv/csv.headings.js';

/** Column name → target, checked. */
export type Mapping = ReadonlyMap<string, string>;

/** Target of columns that no field holds: their cells are kept beside whatever else found no place. */
export const REMARKS = 'import_remarks';

/** Targets of which several columns may be one: the first cell that can be read is taken, or the values of all, as of two last names. */
export const SHARED: ReadonlySet<string> = new Set(['company', 'email', 'phone', 'tags', 'last_name', REMARKS]);
/** A row has to get a name, or something to be named after. */
const NAMING = ['contact_name', 'first_name', 'last_name', 'email', 'phone', 'company', 'external_id'];

const PREFIX = 'custom_fields.';
const keyShape = /^[a-z][a-z0-9_]*$/;

/** The custom field's key that a target names, or null. */
export function customKey(target: string): string | null {
  return target.startsWith(PREFIX) ? target.slice(PREFIX.length) : null;
}

/** The keys of all custom fields a mapping names. */
export function customKeys(mapping: Mapping): string[] {
  return [...mapping.values()].map(customKey).filter((key) => key !== null);
}

/**
 * The mapping of a request.
 *
 * @throws DomainError `validation_failed` naming each heading whose target is unknown or taken, or when no row could get a name
 */
export function checkedMapping(
  request: Pick<leadsMessages.ImportSettings, 'default_contact_name' | 'heading_line'> & { readonly mapping: object },
): Mapping {
  const problems: FieldProblem[] = [];
  const mapping = new Map<string, string>();
  const taken = new Set<string>();
  for (const [given, target] of Object.entries(request.mapping) as [string, unknown][]) {
    const heading = columnName(given);
    const problem =
      targetProblem(target, taken) ??
      (heading === '' || mapping.has(heading) ? 'names a column twice or none' : undefined);
    if (problem) problems.push({ field: `mapping.${given}`, problem });
    else mapping.set(heading, target as string);
  }
  if (!NAMING.some((target) => taken.has(target)) && !request.default_contact_name) {
    problems.push({
      field: 'mapping',
      problem: `must map a column to one of ${NAMING.join(', ')}, or default_contact_name must be given${
        request.heading_line === 0 ? '' : '; a list without a heading says heading_line: 0'
      }`,
    });
  }
  if (problems.length > 0) throw new DomainError('validation_failed', 'Some fields were refused.', problems);
  return mapping;
}

function targetProblem(target: unknown, taken: Set<string>): string | undefined {
  if (typeof target !== 'string' || !oneLine.test(target)) return 'must be the name of a field';
  const key = customKey(target);
  if (
    key === null
      ? !(leadsMessages.IMPORT_TARGETS as readonly string[]).includes(target)
      : !keyShape.test(key) || key.length > 60
  ) {
    return `must be one of ${leadsMessages.IMPORT_TARGETS.join(', ')} or custom_fields.<key>`;
  }
  const place = target === 'value' ? 'value_minor' : target;
  if (taken.has(place) && !SHARED.has(place)) return 'is the target of another column already';
  taken.add(place);
  return undefined;
}

/** A mapping as it is kept, and back. */
export const storedMapping = {
  write: (mapping: Mapping): string => JSON.stringify([...mapping]),
  read: (stored: unknown): Mapping => new Map(stored as [string, string][]),
  /** As it is told, whatever stands there. */
  shown: (stored: unknown): Record<string, string> =>
    Object.fromEntries(
      (Array.isArray(stored) ? (stored as unknown[]) : []).filter(
        (pair): pair is [string, string] =>
          Array.isArray(pair) && pair.length === 2 && pair.every((each) => typeof each === 'string'),
      ),
    ),
};
