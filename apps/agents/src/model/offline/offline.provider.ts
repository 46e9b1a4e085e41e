import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { countCall, countPrompt, countTokens } from '../token.count.js';
import { readTurns } from './conversation.reader.js';
import { ToolList } from './tool.list.js';
import { nextStep } from './turn.planner.js';

export const OFFLINE_MODEL = 'apollo-offline-1';

/** Waited for before each word, so that an answer can be made to come as slowly as a provider's. */
export type WordPause = (signal: AbortSignal | undefined) => Promise<void>;

/**
 * The model that needs no key and no network: it reads simple sentences in English, Portuguese and Spanish, plans calls
 * of the tools it was offered, and says of every answer that it is no language model's. What it does follows from the
 * conversation alone. What tools gave back is data to it, never a request.
 *
 * @param pause before each word; none where absent
 * @returns a model that never fails but where it is aborted
 */
export function offlineModel(pause?: WordPause): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'apollo',
    modelId: OFFLINE_MODEL,
    supportedUrls: {},
    doGenerate: (options) => Promise.resolve({ ...answerTo(options), warnings: [] }),
    doStream: (options) =>
      Promise.resolve({ stream: streamOf(partsOf(answerTo(options)), options.abortSignal, pause) }),
  };
}

interface Answer {
  readonly content: LanguageModelV4Content[];
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
}

function answerTo({ prompt, tools = [], toolChoice, maxOutputTokens = Infinity }: LanguageModelV4CallOptions): Answer {
  const offered = toolChoice?.type === 'none' ? [] : tools;
  const step = nextStep(readTurns(prompt), new ToolList(offered));
  const asked = countPrompt(
    prompt,
    tools.filter((tool) => tool.type === 'function'),
  );
  if (step.kind === 'say') {
    const text = cutTo(step.text, maxOutputTokens);
    const isWhole = text.length === step.text.length;
    return answer([{ type: 'text', text }], isWhole ? 'stop' : 'length', asked, countTokens(text));
  }
  const calls = step.calls.map(({ name, input }, index) => ({
    type: 'tool-call' as const,
    // Of a longer conversation, others: no two calls of one have the same.
    toolCallId: `offline-${prompt.length}-${index}`,
    toolName: name,
    input: JSON.stringify(input),
  }));
  const tokens = calls.reduce((sum, { toolName, input }) => sum + countCall(toolName, input), 0);
  return tokens > maxOutputTokens ? answer([], 'length', asked, 0) : answer(calls, 'tool-calls', asked, tokens);
}

function answer(
  content: LanguageModelV4Content[],
  unified: LanguageModelV4FinishReason['unified'],
  asked: number,
  made: number,
): Answer {
  return {
    content,
    finishReason: { unified, raw: unified },
    usage: {
      inputTokens: { total: asked, noCache: asked, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: made, text: made, reasoning: 0 },
    },
  };
}

/** Words with the blanks behind them: what they have in tokens adds up to what the text has. */
function wordsOf(text: string): string[] {
  return text.match(/\S+\s*/g) ?? [];
}

function cutTo(text: string, tokens: number): string {
  let left = tokens;
  return wordsOf(text)
    .filter((word) => (left -= countTokens(word)) >= 0)
    .join('');
}

function* partsOf({ content, finishReason, usage }: Answer): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  for (const part of content) {
    if (part.type === 'text') {
      yield { type: 'text-start', id: '0' };
      for (const delta of wordsOf(part.text)) yield { type: 'text-delta', id: '0', delta };
      yield { type: 'text-end', id: '0' };
    } else if (part.type === 'tool-call') yield part;
  }
  yield { type: 'finish', finishReason, usage };
}

function streamOf(
  parts: Iterator<LanguageModelV4StreamPart>,
  signal: AbortSignal | undefined,
  pause: WordPause | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream(
    {
      async pull(controller) {
        signal?.throwIfAborted();
        const { done, value: part } = parts.next();
        if (done) return controller.close();
        if (part.type === 'text-delta') await pause?.(signal);
        controller.enqueue(part);
      },
    },
    { highWaterMark: 0 },
  );
}
