import { DomainError, type FieldProblem, type leadsMessages, legible, refusedField, trimmed } from '@apollo/contracts';
import { isSameMoney, moneyValue } from './money.value.js';

/** Most bytes of JSON that the custom fields of one lead may take together. */
export const MOST_CUSTOM_BYTES = 32_768;

/** What a custom field's value is checked against. */
export type FieldDefinition = Pick<leadsMessages.LeadField, 'key' | 'kind' | 'options' | 'archived'>;

/** Kinds of fields that have options. */
const CHOICES: readonly string[] = ['select', 'multi_select'];
const calendarDay = /^\d{4}-\d{2}-\d{2}$/;

/** Why `value` does not fit the field, in a few words; undefined when it does. */
export function customValueProblem(field: FieldDefinition, value: unknown): string | undefined {
  if (field.archived) return 'is archived and takes no values';
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' && legible(value) !== '' ? undefined : 'must be text that can be seen';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
    case 'date':
      return isCalendarDay(value) ? undefined : 'must be a date like 2026-01-31';
    case 'money':
      return moneyValue(value) !== undefined ? undefined : 'must be an amount with its currency, like 1200.50 EUR';
    case 'select':
      return field.options.includes(value as string) ? undefined : 'must be one of its options';
    case 'multi_select':
      return isChoice(field.options, value) ? undefined : 'must be a list of its options, each at most once';
    default:
      return 'is of an unknown kind';
  }
}

function isCalendarDay(value: unknown): boolean {
  if (typeof value !== 'string' || !calendarDay.test(value)) return false;
  const moment = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value);
}

function isChoice(options: readonly string[], value: unknown): boolean {
  return (
    Array.isArray(value) &&
    new Set(value).size === value.length &&
    value.every((each) => options.includes(each as string))
  );
}

/** @throws DomainError `validation_failed` where the custom fields of a lead would take too much */
export function assertRoom(customFields: Readonly<Record<string, unknown>>): void {
  if (Buffer.byteLength(JSON.stringify(customFields)) > MOST_CUSTOM_BYTES)
    throw refusedField('custom_fields', `take more than ${MOST_CUSTOM_BYTES} bytes together`);
}

/**
 * A lead's custom fields after a change: what is given is set, `null` removes, everything else stays.
 *
 * @throws DomainError `validation_failed` naming every unknown key and every value that does not fit
 */
export function withCustomFields(
  fields: readonly FieldDefinition[],
  current: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = new Map(fields.map((field) => [field.key, field]));
  const result = new Map(Object.entries(current));
  const problems: FieldProblem[] = [];
  for (const [key, value] of Object.entries(change)) {
    const field = known.get(key);
    const held = result.get(key);
    // A form that sends everything back is refused for nothing that was there before.
    if (held !== undefined && JSON.stringify(held) === JSON.stringify(value)) continue;
    if (field?.kind === 'money' && isSameMoney(held, value)) continue;
    const problem = field
      ? value !== null && customValueProblem(withHeld(field, held), value)
      : 'is not a custom field of this organization';
    if (problem) problems.push({ field: `custom_fields.${key}`, problem });
    else if (value === null) result.delete(key);
    else result.set(key, field?.kind === 'money' ? moneyValue(value) : value);
  }
  if (problems.length > 0) throw new DomainError('validation_failed', 'Some fields were refused.', problems);
  const merged = Object.fromEntries(result);
  assertRoom(merged);
  return merged;
}

/** The field as it is for a lead that holds options of it which were taken away: those it may keep, and be given nowhere else. */
function withHeld(field: FieldDefinition, held: unknown): FieldDefinition {
  if (held === undefined || !CHOICES.includes(field.kind)) return field;
  return { ...field, options: [...field.options, ...[held].flat().filter((each) => typeof each === 'string')] };
}

/**
 * The options of a field as they are kept: without blanks around them, as its label is.
 *
 * @param held those that the field has, which may go on to be alike
 * @throws DomainError `validation_failed` for a choice without options, options that repeat or are alike but for case, or
 *   options of anything else
 */
export function checkedOptions(kind: string, given: readonly string[], held: readonly string[] = []): string[] {
  const options = given.map(trimmed);
  const isChoiceKind = CHOICES.includes(kind);
  const problem =
    isChoiceKind && options.length === 0
      ? 'must name at least one option'
      : !isChoiceKind && options.length > 0
        ? `are not for fields of kind ${kind}`
        : new Set(options).size < options.length
          ? 'must differ from each other'
          : alikeProblem(options, held);
  if (problem) throw refusedField('options', problem);
  return options;
}

function alikeProblem(options: readonly string[], held: readonly string[]): string | undefined {
  const first = new Map<string, string>();
  for (const option of options) {
    const one = first.get(option.toLowerCase());
    if (one !== undefined && !(held.includes(one) && held.includes(option)))
      return `must differ from each other in more than case, and ${one} and ${option} do not`;
    first.set(option.toLowerCase(), one ?? option);
  }
  return undefined;
}
