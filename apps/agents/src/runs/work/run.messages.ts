import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';
import { INTERRUPTED } from '../run.planner.js';
import { MOST_TOLD } from '../run.limits.js';
import type { Returned, RunState, RunStep } from '../run.log.js';

type Message = LanguageModelV4Prompt[number];

/** What somebody said, and what was done about it. */
export interface ToldRun {
  readonly text: string;
  readonly state: RunState;
}

/** Out of what a model is told whom it is and what it knows. */
export interface ToldPersona {
  readonly name: string;
  readonly instructions: string;
  /** What the persona remembers. */
  readonly facts: readonly string[];
}

/**
 * What a model is asked: who it is, what was said before as far as there is room for it, what is said now and what
 * was done about that so far. Results of tools are results, whatever stands in them.
 *
 * @param earlier oldest first
 */
export function promptOf(persona: ToldPersona, earlier: readonly ToldRun[], now: ToldRun): LanguageModelV4Prompt {
  const told = messagesOf(now);
  let room = MOST_TOLD - lengthOf(told);
  const before: Message[][] = [];
  for (const run of earlier.toReversed()) {
    const messages = messagesOf(run);
    room -= lengthOf(messages);
    if (room < 0) break;
    before.unshift(messages);
  }
  return [{ role: 'system', content: systemText(persona) }, ...before.flat(), ...told];
}

function systemText({ name, instructions, facts }: ToldPersona): string {
  const remembered = facts.length === 0 ? [] : ['What you remember:', ...facts.map((fact) => `- ${fact}`)];
  return [`You are ${name}.`, instructions, ...remembered].join('\n');
}

function messagesOf({ text, state }: ToldRun): Message[] {
  return [{ role: 'user', content: [{ type: 'text', text }] }, ...state.steps.flatMap(stepMessages)];
}

/** A step that was left off, or whose tools have given nothing back, is as if it had not been. */
function stepMessages({ asked: { step }, answered, returned }: RunStep): Message[] {
  if (!answered || answered.failure === INTERRUPTED) return [];
  const results = answered.calls.map((_call, index) => returned[index]);
  if (results.some((result) => result === undefined)) return [];
  const idOf = (index: number) => `${step}-${index}`;
  const said: Message = {
    role: 'assistant',
    content: [
      ...(answered.text === '' ? [] : [{ type: 'text' as const, text: answered.text }]),
      ...answered.calls.map((call, index) => ({
        type: 'tool-call' as const,
        toolCallId: idOf(index),
        toolName: call.name,
        input: call.valid ? call.input : {},
      })),
    ],
  };
  if (said.content.length === 0) return [];
  const given: Message = {
    role: 'tool',
    content: (results as Returned[]).map((result, index) => ({
      type: 'tool-result' as const,
      toolCallId: idOf(index),
      toolName: result.tool,
      output: outputOf(result),
    })),
  };
  return answered.calls.length === 0 ? [said] : [said, given];
}

function outputOf({ succeeded, result }: Returned): LanguageModelV4ToolResultOutput {
  if (!succeeded) return { type: 'error-text', value: result };
  return { type: 'json', value: JSON.parse(result) as never };
}

function lengthOf(messages: readonly Message[]): number {
  return JSON.stringify(messages).length;
}
