import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { askModel } from '../../model/model.caller.js';
import type { ModelAnswer } from '../../model/model.answer.js';
import { countPrompt } from '../../model/token.count.js';
import { RUN_BOUNDS } from '../run.limits.js';
import type { Answered } from '../run.log.js';

/** What a model is asked. */
export interface ModelQuestion {
  readonly model: LanguageModelV4;
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: readonly LanguageModelV4FunctionTool[];
}

/** Tokens of the question. */
export function tokensOf({ prompt, tools }: ModelQuestion): number {
  return countPrompt(prompt, tools);
}

/** Asks once, and gives back what the log keeps of the answer. Nothing is thrown for what a model does. */
export async function answerOf(question: ModelQuestion, step: number, signal: AbortSignal): Promise<Answered> {
  const { model, prompt, tools } = question;
  const asking = askModel(model, prompt, tools, { signal, bounds: RUN_BOUNDS });
  let next = await asking.next();
  while (!next.done) next = await asking.next();
  return answered(step, next.value);
}

function answered(step: number, answer: ModelAnswer): Answered {
  const { text, calls, finish, failure, usage, totalMs } = answer;
  return {
    kind: 'answered',
    step,
    text,
    calls,
    finish,
    failure: failure?.kind ?? null,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    milliseconds: Math.round(totalMs),
  };
}
