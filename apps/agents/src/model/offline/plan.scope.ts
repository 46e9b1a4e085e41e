import type { AnswerText, Hindrance, ToolName } from './answer.text.js';
import type { Intent, Language, LanguageWords, LeadFilter } from './intent.kinds.js';
import { type LeadFacts, quoted, type ToolOutcome } from './result.reader.js';
import type { ToolCall, ToolList } from './tool.list.js';

/** What a conversation has come to, for messages that refer to what was said before. */
export interface Memory {
  readonly language: Language;
  /** Which leads were last asked for; null where none were. */
  readonly filter: LeadFilter | null;
  /** Those that were last shown or worked on. */
  readonly leads: readonly LeadFacts[];
  /** A question to the person: which of these is meant, and what is to be done then. */
  readonly pending: { readonly options: readonly LeadFacts[]; readonly intents: readonly Intent[] } | null;
}

/** How one intent ended. */
export interface Said {
  readonly text: string;
  readonly filter?: LeadFilter;
  readonly leads?: readonly LeadFacts[];
  /** The person is asked which of these is meant. */
  readonly options?: readonly LeadFacts[];
}

/** What a plan goes by. */
export interface PlanScope {
  readonly intent: Intent;
  readonly words: LanguageWords;
  readonly text: AnswerText;
  readonly tools: ToolList;
  readonly memory: Memory;
  /** The lead that the person chose when they were asked which one is meant. */
  readonly chosen: LeadFacts | null;
}

/**
 * A plan gives out calls that are to be made at once, takes what became of them, and ends with what is said. It is run
 * anew for each call of the model, from its beginning, with the results that are there: so it holds nothing.
 */
export type Plan<Result = Said> = Generator<readonly ToolCall[], Result, readonly ToolOutcome[]>;

/** Ends a plan early, and whatever was to be done after it. */
export class PlanEnd extends Error {
  constructor(readonly said: Said) {
    super('The plan has come to its end.');
    this.name = 'PlanEnd';
  }
}

/** @throws {PlanEnd} says so where one of the tools was not offered, before any is called */
export function need(scope: PlanScope, ...names: ToolName[]): void {
  const missing = names.find((name) => !scope.tools.has(name));
  if (missing) throw hindered(scope, missing, 'not_offered');
}

/**
 * Has calls made at once.
 *
 * @throws {PlanEnd} where one of them cannot be made: then none is
 */
export function* callAll(scope: PlanScope, calls: readonly ToolCall[]): Plan<readonly ToolOutcome[]> {
  if (calls.length === 0) return [];
  need(scope, ...calls.map(({ name }) => name));
  const unfit = calls.find((call) => !scope.tools.takes(call));
  if (unfit) throw hindered(scope, unfit.name, 'unfit');
  return yield calls;
}

/**
 * Has one call made: the first of these arguments that the tool takes.
 *
 * @returns what it gave back
 * @throws {PlanEnd} where it was not made or came to nothing
 */
export function* call(scope: PlanScope, name: ToolName, ...inputs: ToolCall['input'][]): Plan<unknown> {
  const input = inputs.find((one) => scope.tools.takes({ name, input: one })) ?? inputs[0] ?? {};
  const [outcome] = yield* callAll(scope, [{ name, input }]);
  if (outcome?.kind !== 'done') throw hindered(scope, name, outcome?.kind ?? 'failed', outcome?.reason);
  return outcome.value;
}

/** @returns an end that says why something was not done */
export function hindered(scope: PlanScope, tool: ToolName, why: Hindrance, reason = ''): PlanEnd {
  return end(hindranceText(scope, tool, why, reason));
}

/** @returns why something was not done; what a tool says of it is quoted */
export function hindranceText({ text }: PlanScope, tool: ToolName, why: Hindrance, reason = ''): string {
  return text.hindered[why](text.abilities[tool], reason === '' ? '' : `: ${quoted(reason)}`);
}

export function end(text: string): PlanEnd {
  return new PlanEnd({ text });
}

/** @returns lines of a list, as Markdown has it */
export function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
