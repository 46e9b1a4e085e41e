import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import fc from 'fast-check';
import { asked } from '../spec/openai.server.spec.js';

/** A model in this process that keeps to nothing. */
function modelOf(parts: () => AsyncGenerator<unknown>): LanguageModelV4 {
  const stream = () => ReadableStream.from(parts()) as ReadableStream<LanguageModelV4StreamPart>;
  return {
    specificationVersion: 'v4',
    provider: 'hostile',
    modelId: 'hostile',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('Nobody asks so.')),
    doStream: () => Promise.resolve({ stream: stream() }),
  };
}

const listed = (parts: readonly unknown[]) =>
  modelOf(async function* () {
    yield* parts;
  });

const TYPES = [
  'text-start',
  'text-delta',
  'text-end',
  'reasoning-delta',
  'tool-input-start',
  'tool-input-delta',
  'tool-call',
  'finish',
  'error',
  'ping',
  'tool-result',
  'nonsense',
];

describe('a model that keeps to nothing', () => {
  it('never makes the caller throw, and calls nothing that was not offered and is no object', async () => {
    const part = fc.oneof(
      fc.record(
        {
          type: fc.constantFrom(...TYPES),
          delta: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
          toolName: fc.oneof(fc.constantFrom('count_leads', 'list_pipelines', 'send_mail'), fc.anything()),
          input: fc.oneof(fc.json(), fc.string(), fc.anything()),
          finishReason: fc.oneof(fc.constantFrom({ unified: 'stop' }, { unified: 'tool-calls' }), fc.anything()),
          usage: fc.anything(),
          error: fc.anything(),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({
        type: fc.constant('tool-call'),
        toolName: fc.constantFrom('count_leads', 'send_mail'),
        input: fc.oneof(fc.json(), fc.constant('{"to":"eve@evil.test"}')),
      }),
      fc.constant({ type: 'finish', finishReason: { unified: 'tool-calls' } }),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const answer = await asked(listed(parts));
        expect(answer.text.isWellFormed() && !answer.text.includes('\0')).toBe(true);
        expect(answer.finish === 'failed').toBe(answer.failure !== null);
        expect(Number.isSafeInteger(answer.usage.inputTokens + answer.usage.outputTokens)).toBe(true);
        for (const call of answer.calls.filter(({ valid }) => valid)) {
          expect(['count_leads', 'list_pipelines']).toContain(call.name);
          expect(call.valid && Object.getPrototypeOf(call.input)).toBe(Object.prototype);
          expect(answer.finish).toBe('tool_calls');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not waited for by parts that say nothing', async () => {
    const model = modelOf(async function* () {
      yield { type: 'text-delta', id: '0', delta: 'Twelve ' };
      for (;;) {
        await sleep(5);
        yield { type: 'ping' };
      }
    });
    expect((await asked(model, { chunkMs: 60, totalMs: 5000 })).failure).toEqual({
      kind: 'timed_out',
      waitedFor: 'chunk',
    });
  });

  it('ends where it does not heed that it is aborted', async () => {
    const stop = new AbortController();
    const model = modelOf(async function* () {
      yield { type: 'text-delta', id: '0', delta: 'Twelve ' };
      stop.abort();
      await new Promise(() => undefined);
    });
    expect(await asked(model, {}, stop.signal)).toMatchObject({ failure: { kind: 'aborted' }, text: 'Twelve ' });
  });

  it('gives no more arguments than an answer may have, whatever it sent before', async () => {
    const model = listed([
      { type: 'tool-input-start', id: 'a', toolName: 'count_leads' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'count_leads', input: `{"stage":"${'x'.repeat(5000)}"}` },
    ]);
    expect((await asked(model, { answerBytes: 2000 })).failure).toEqual({ kind: 'too_long', bound: 'answer' });
  });
});
