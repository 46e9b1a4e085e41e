import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { outcomeOf, type ToolOutcome } from './result.reader.js';

/** Of what was said before, this many messages of the person are looked at. */
const MOST_TURNS = 10;

/** Calls that were made at once, and what became of each. */
export type DoneStep = readonly { readonly name: string; readonly outcome: ToolOutcome }[];

/** A person's message, and what was done about it so far. */
export interface Turn {
  readonly text: string;
  readonly steps: readonly DoneStep[];
}

/** A call whose result has not been met yet. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
  outcome: ToolOutcome | undefined;
}

/**
 * @returns turns from the oldest to the one that is to be answered. Only a person asks for anything: what the system,
 *   an answer or a result says does not.
 */
export function readTurns(prompt: LanguageModelV4Prompt): Turn[] {
  const turns: { readonly text: string; readonly steps: OpenCall[][] }[] = [];
  for (const message of prompt) {
    if (message.role === 'system') continue;
    if (message.role === 'user') {
      const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
      turns.push({ text, steps: [] });
      continue;
    }
    const steps = turns.at(-1)?.steps ?? [];
    const calls = message.content.flatMap((part) =>
      part.type === 'tool-call' ? [{ id: part.toolCallId, name: part.toolName, outcome: undefined }] : [],
    );
    if (calls.length > 0) steps.push(calls);
    for (const part of message.content) {
      // The same id may stand for several calls: each takes a result, in their order.
      const call = part.type === 'tool-result' && steps.flat().find((one) => isOpen(one, part.toolCallId));
      if (call) call.outcome = outcomeOf(part);
    }
  }
  return turns.slice(-MOST_TURNS).map(({ text, steps }) => ({ text, steps: steps.map((calls) => calls.map(done)) }));
}

function isOpen(call: OpenCall, id: string): boolean {
  return call.id === id && call.outcome === undefined;
}

function done({ name, outcome }: OpenCall): DoneStep[number] {
  return { name, outcome: outcome ?? { kind: 'failed', reason: '' } };
}
