import { composedUpTo, formedAll, manyLines, marksProblem, oneLine, turning, unplainProblem } from './field.checks.js';
import { OVERMARKED } from './text.form.js';

/** Values of a list in a flat map at most. */
export const LIST_IN_MAP = 100;

/** Keys that a refusal may name as they are; others may be long, or nothing that is seen. */
const NAMEABLE = /^[\p{L}\p{N} ._()/-]{1,60}$/u;
/** Characters of a key at most. */
const LONGEST_KEY = 200;

/** Why a value may not stand in a flat map whose texts have so many characters at most, or null. */
function entryProblem(value: unknown, length: number): string | null {
  if (Array.isArray(value))
    return value.length > LIST_IN_MAP
      ? `must be at most ${LIST_IN_MAP} values`
      : (value.map((each) => scalarProblem(each, length)).find((problem) => problem !== null) ?? null);
  return scalarProblem(value, length);
}

function scalarProblem(value: unknown, length: number): string | null {
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'must be a finite number';
  if (typeof value !== 'string') return 'must be a text, a number, true, false, null or a list of those';
  if (value.length > length) return `must be at most ${length} characters`;
  if (!manyLines.test(value)) return unplainProblem(value);
  return turning.test(value) ? 'holds characters that turn the direction of text' : marksProblem(value);
}

function isKey(key: string): boolean {
  return key.length <= LONGEST_KEY && oneLine.test(key) && !turning.test(key);
}

/** What is wrong with a flat map, `$property` standing for its name, or null. */
export function mapProblem(value: unknown, { keys, length }: { keys: number; length: number }): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '$property must be an object';
  const entries = Object.entries(value);
  if (entries.length > keys) return `$property must be at most ${keys} keys`;
  for (const [key, entry] of entries) {
    if (marksProblem(key) !== null) return `$property has a key that ${OVERMARKED}`;
    if (!isKey(key))
      return `$property has a key that is longer than ${LONGEST_KEY} characters, or holds some that are not seen`;
    const problem = entryProblem(entry, length);
    if (problem !== null) return `$property${NAMEABLE.test(key) ? `.${key}` : ': a value'} ${problem}`;
  }
  return null;
}

const composedKey = composedUpTo(LONGEST_KEY);

/** A flat map whose keys and texts, of at most `length` characters, are in their one form; anything else as it is. */
export function composedMap(value: unknown, { length }: { length: number }): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const form = composedUpTo(length);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [composedKey(key), formedAll(entry, form)]));
}
