import type { JSONValue, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { ModelAnswer } from '../model/model.answer.js';
import { MODEL_BOUNDS } from '../model/model.bounds.js';
import { askModel } from '../model/model.caller.js';
import { offlineModel } from '../model/offline/offline.provider.js';

/** What a spec's tools give back for a call. */
export type Answers = (name: string, input: Readonly<Record<string, unknown>>) => unknown;

/** @returns one answer of the offline model, through the port, to its end */
export async function askOffline(
  prompt: LanguageModelV4Prompt,
  tools: readonly LanguageModelV4FunctionTool[],
): Promise<ModelAnswer> {
  const stream = askModel(offlineModel(), prompt, tools, {
    signal: new AbortController().signal,
    bounds: MODEL_BOUNDS,
  });
  for (;;) {
    const next = await stream.next();
    if (next.done) return next.value;
  }
}

/**
 * Has the offline model answer a message, with its calls answered, and adds all of it to the conversation.
 *
 * @returns the steps that were called and the text at the end
 */
export async function converse(
  prompt: LanguageModelV4Prompt,
  message: string,
  tools: readonly LanguageModelV4FunctionTool[],
  answers: Answers,
): Promise<{ readonly steps: readonly ModelAnswer['calls'][]; readonly text: string }> {
  prompt.push({ role: 'user', content: [{ type: 'text', text: message }] });
  const steps: ModelAnswer['calls'][] = [];
  for (;;) {
    const answer = await askOffline(prompt, tools);
    if (answer.failure) throw new Error(`The offline model failed: ${answer.failure.kind}`);
    if (answer.calls.length === 0) {
      prompt.push({ role: 'assistant', content: [{ type: 'text', text: answer.text }] });
      return { steps, text: answer.text };
    }
    steps.push(answer.calls);
    const named = answer.calls.map((call) => ({ ...call, id: `${steps.length}-${call.index}-${prompt.length}` }));
    prompt.push({
      role: 'assistant',
      content: named.map((call) => ({
        type: 'tool-call',
        toolCallId: call.id,
        toolName: call.name,
        input: call.valid ? call.input : {},
      })),
    });
    prompt.push({
      role: 'tool',
      content: named.map((call) => ({
        type: 'tool-result',
        toolCallId: call.id,
        toolName: call.name,
        output: outputOf(answers(call.name, call.valid ? call.input : {})),
      })),
    });
  }
}

function outputOf(result: unknown) {
  return result instanceof Error
    ? { type: 'error-text' as const, value: result.message }
    : { type: 'json' as const, value: result as JSONValue };
}
