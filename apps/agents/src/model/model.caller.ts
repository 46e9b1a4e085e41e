import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { CallTiming } from './call.timing.js';
import { readFailure } from './failure.reader.js';
import { AnswerParts, type AskedTokens, type ModelAnswer } from './model.answer.js';
import type { ModelBounds } from './model.bounds.js';
import type { ModelFailure } from './model.failure.js';
import { countPrompt, promptBytes } from './token.count.js';

/** Tokens that a provider's template may put around one message or tool, and around all of them, at most. */
const TEMPLATE = { each: 64, all: 2048 };

/** How a model is asked: until when it is wanted, and within which bounds. */
export interface AskOptions {
  readonly signal: AbortSignal;
  readonly bounds: ModelBounds;
}

/**
 * Asks a model once. Nothing is tried again: each attempt is a step of its own, with its own hold and settlement.
 *
 * @param prompt the whole conversation
 * @param tools what the model may call; it calls nothing by itself
 * @returns yields pieces of the text as they come, and gives back what the answer came to. Nothing is thrown for what a
 *   model or its provider does: `failure` says it. Where nobody reads on, or `signal` is aborted, the connection is
 *   closed at once.
 */
export async function* askModel(
  model: LanguageModelV4,
  prompt: LanguageModelV4Prompt,
  tools: readonly LanguageModelV4FunctionTool[],
  { signal, bounds }: AskOptions,
): AsyncGenerator<string, ModelAnswer, void> {
  const began = performance.now();
  const parts = new AnswerParts(new Set(tools.map(({ name }) => name)), bounds);
  const timing = new CallTiming(signal, bounds);
  let failure: ModelFailure | null = null;
  let firstChunkMs: number | null = null;
  try {
    timing.listen('first_chunk');
    const reader = await timing.wait(open(model, prompt, tools, timing.signal, bounds));
    while (!parts.finished) {
      const { done, value: part } = await timing.wait(reader.read());
      if (done) break;
      if (part.type === 'error') {
        failure = readFailure(part.error, parts.begun, bounds.retryAfterSeconds);
        break;
      }
      const before = parts.pieces;
      const text = parts.take(part);
      if (parts.pieces === before) continue;
      firstChunkMs ??= performance.now() - began;
      timing.pause();
      if (text !== '') yield text;
      timing.listen('chunk');
    }
    failure ??= parts.failure;
  } catch (error) {
    failure = timing.failure ?? readFailure(error, parts.begun, bounds.retryAfterSeconds);
  } finally {
    timing.end();
  }
  const asked = tokensOf(prompt, tools);
  return { ...parts.end(failure, asked), firstChunkMs, totalMs: performance.now() - began };
}

async function open(
  model: LanguageModelV4,
  prompt: LanguageModelV4Prompt,
  tools: readonly LanguageModelV4FunctionTool[],
  abortSignal: AbortSignal,
  { outputTokens }: ModelBounds,
) {
  const { stream } = await model.doStream({
    prompt,
    ...(tools.length > 0 ? { tools: [...tools] } : {}),
    maxOutputTokens: outputTokens,
    abortSignal,
  });
  // A model that did not heed the signal while it was opened is not read.
  if (abortSignal.aborted) await stream.cancel();
  return stream.getReader();
}

function tokensOf(prompt: LanguageModelV4Prompt, tools: readonly LanguageModelV4FunctionTool[]): AskedTokens {
  const most = promptBytes(prompt, tools) + TEMPLATE.each * (prompt.length + tools.length) + TEMPLATE.all;
  return { tokens: countPrompt(prompt, tools), most };
}
