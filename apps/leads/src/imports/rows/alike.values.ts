import { legible } from '@apollo/contracts';
import { line } from './cell.readers.js';

/** Whether a text is, as a cell of a file, the one that is there. */
export function alikeText(current: string | null, given: string | undefined): boolean {
  return current !== null && given !== undefined && line(legible(current)) === given;
}

/** Whether addresses are one: they are in whatever case. */
export function alikeAddress(current: string | null, given: string | undefined): boolean {
  return current?.toLowerCase() === given?.toLowerCase();
}

/** Whether the value of a custom field is the one that is there. */
export function alikeValue(current: unknown, given: unknown): boolean {
  if (typeof current === 'string' && typeof given === 'string') return current === given || legible(current) === given;
  if (Array.isArray(current) && Array.isArray(given)) return same(distinct(current), distinct(given));
  return current === given;
}

/** Values as a cell of several has them. */
export function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.map((each) => legible(String(each))))];
}

/** Whether lists have the same values in the same order. */
export function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
