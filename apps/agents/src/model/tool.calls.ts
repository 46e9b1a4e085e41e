import type { ModelBounds } from './model.bounds.js';

/** Lists and objects in one another, in the arguments of a call. */
const DEEPEST = 16;

/** Characters that are kept of arguments that cannot be used, for whoever reads the trace. */
const SHOWN = 1000;

/**
 * Why a call is not to be made: its arguments are no JSON, no object, too long, too deep, or hold what no database
 * keeps (`unstorable`: NUL, half a character, a key that reaches into prototypes); nobody offered the tool; the answer
 * did not come to its end, so that arguments may be cut.
 */
export type InvalidCallReason =
  'not_json' | 'not_an_object' | 'too_long' | 'too_deep' | 'unstorable' | 'not_offered' | 'incomplete';

/** A call of a tool that a model made. `index` counts the calls of one answer; a provider's own ids may be the same. */
export type ModelToolCall = { readonly index: number; readonly name: string } & (
  | { readonly valid: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly valid: false; readonly reason: InvalidCallReason; readonly raw: string }
);

/**
 * @param call as the model wrote it: `input` is a text
 * @param offered names of the tools that the model was told of
 * @returns the call with its arguments read, or with the reason why it cannot be made; arguments are not yet compared
 *   with the tool's schema
 */
export function readToolCall(
  call: { readonly index: number; readonly name: string; readonly input: string },
  offered: ReadonlySet<string>,
  bounds: ModelBounds,
): ModelToolCall {
  const { index, input } = call;
  const name = storable(call.name.slice(0, SHOWN));
  const invalid = (reason: InvalidCallReason): ModelToolCall => ({
    index,
    name,
    valid: false,
    reason,
    raw: shown(input),
  });
  if (!offered.has(call.name)) return invalid('not_offered');
  if (Buffer.byteLength(input) > bounds.argumentBytes) return invalid('too_long');
  const value = parsed(input.trim() === '' ? '{}' : input);
  if (value === undefined) return invalid('not_json');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('not_an_object');
  const problem = problemOf(value, DEEPEST);
  return problem ? invalid(problem) : { index, name, valid: true, input: value as Record<string, unknown> };
}

/** @returns the same call, which is not to be made because the answer did not come to its end */
export function asIncomplete(call: ModelToolCall): ModelToolCall {
  if (!call.valid) return call;
  const { index, name, input } = call;
  return { index, name, valid: false, reason: 'incomplete', raw: shown(JSON.stringify(input)) };
}

/** @returns a text that every database keeps: halves of characters and NUL are replaced by U+FFFD */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function shown(input: string): string {
  return storable(input.slice(0, SHOWN));
}

/** @returns undefined where it is no JSON; JSON has no such value */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(value: unknown, depth: number): 'too_deep' | 'unstorable' | undefined {
  if (typeof value === 'string') return storable(value) === value ? undefined : 'unstorable';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return 'too_deep';
  for (const [key, held] of Object.entries(value)) {
    if (key === '__proto__' || storable(key) !== key) return 'unstorable';
    const problem = problemOf(held, depth - 1);
    if (problem) return problem;
  }
  return undefined;
}
