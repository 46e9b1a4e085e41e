import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { outcomeOf, type ToolOutcome } from './result.reader.js';

/** What a person said last is answered; of what was before, this many messages are looked at. */
const MOST_TURNS = 20;

/** Calls that were made at once, and what became of each. */
export type DoneStep = readonly { readonly name: string; readonly outcome: ToolOutcome }[];

/** A person's message, and what was done about it so far. */
export interface Turn {
  readonly text: string;
  readonly steps: readonly DoneStep[];
}

/** @returns turns from the oldest to the one that is to be answered. Whatever the system or an answer says asks nothing. */
export function readTurns(prompt: LanguageModelV4Prompt): Turn[] {
  const turns: { text: string; steps: DoneStep[] }[] = [];
  for (const message of prompt) {
    const turn = turns.at(-1);
    if (message.role === 'user') {
      const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
      turns.push({ text, steps: [] });
    } else if (message.role === 'tool' && turn) {
      const results = message.content.filter((part) => part.type === 'tool-result');
      turn.steps.push(results.map((result) => ({ name: result.toolName, outcome: outcomeOf(result) })));
    }
  }
  return turns.slice(-MOST_TURNS);
}
