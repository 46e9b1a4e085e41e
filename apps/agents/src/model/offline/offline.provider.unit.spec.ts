import type { LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { toolsOf } from '../../spec/lead.tools.spec.js';
import { askOffline } from '../../spec/offline.conversation.spec.js';
import { MODEL_BOUNDS } from '../model.bounds.js';
import { askModel } from '../model.caller.js';
import { countCall, countPrompt, countTokens } from '../token.count.js';
import { OFFLINE_MODEL, offlineModel, type WordPause } from './offline.provider.js';

const says = (text: string): LanguageModelV4Prompt => [{ role: 'user', content: [{ type: 'text', text }] }];
const tools = toolsOf();

async function partsOf(options: Parameters<ReturnType<typeof offlineModel>['doStream']>[0], pause?: WordPause) {
  const { stream } = await offlineModel(pause).doStream(options);
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('the offline model', () => {
  it('has a name of its own, which it says when it is asked', async () => {
    expect(offlineModel()).toMatchObject({ specificationVersion: 'v4', modelId: 'apollo-offline-1' });
    expect((await askOffline(says('Who are you?'), tools)).text).toContain(OFFLINE_MODEL);
  });

  it('streams a text word by word, each with the blanks behind it', async () => {
    const parts = await partsOf({ prompt: says('Hello!'), tools });
    const deltas = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
    expect(deltas.slice(0, 3)).toEqual(['Offline ', 'model: ', 'hello! ']);
    expect(parts.map(({ type }) => type).filter((type) => type !== 'text-delta')).toEqual([
      'stream-start',
      'text-start',
      'text-end',
      'finish',
    ]);
  });

  it('counts what it says by the rule of the port: word by word, and as a whole', async () => {
    const parts = await partsOf({ prompt: says('What can you do?'), tools });
    const deltas = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
    const finish = parts.at(-1);
    const sum = deltas.reduce((tokens, delta) => tokens + countTokens(delta), 0);
    expect(finish).toMatchObject({
      usage: { inputTokens: { total: countPrompt(says('What can you do?'), tools) }, outputTokens: { total: sum } },
    });
    expect(countTokens(deltas.join(''))).toBe(sum);
  });

  it('counts the calls it makes', async () => {
    const { usage } = await askOffline(says('How many leads are in Won?'), tools);
    expect(usage).toEqual({
      inputTokens: countPrompt(says('How many leads are in Won?'), tools),
      outputTokens: countCall('count_leads', '{"stage":"Won"}'),
      source: 'provider',
    });
  });

  it('ends at the tokens it may make, and calls nothing by half', async () => {
    const cut = await partsOf({ prompt: says('Hello!'), tools, maxOutputTokens: 4 });
    expect(cut.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []))).toEqual(['Offline ', 'model: ']);
    expect(cut.at(-1)).toMatchObject({ finishReason: { unified: 'length' }, usage: { outputTokens: { total: 4 } } });
    const none = await partsOf({ prompt: says('How many leads are in Won?'), tools, maxOutputTokens: 4 });
    expect(none.map(({ type }) => type)).toEqual(['stream-start', 'finish']);
  });

  it('says the same in one piece', async () => {
    const options = { prompt: says('How many leads are in Won?'), tools };
    const { content, finishReason } = await offlineModel().doGenerate(options);
    const parts = await partsOf(options);
    expect(content).toEqual(parts.filter(({ type }) => type === 'tool-call'));
    expect(parts.at(-1)).toMatchObject({ finishReason });
  });

  it('calls no tool where none may be called', async () => {
    const parts = await partsOf({ prompt: says('How many leads are in Won?'), tools, toolChoice: { type: 'none' } });
    expect(parts.some(({ type }) => type === 'tool-call')).toBe(false);
  });

  it('comes as slowly as it is asked to, and ends within a word where it is aborted', async () => {
    const stop = new AbortController();
    let words = 0;
    const model = offlineModel(() => {
      words += 1;
      if (words === 3) stop.abort();
      return Promise.resolve();
    });
    const stream = askModel(model, says('Hello!'), tools, { signal: stop.signal, bounds: MODEL_BOUNDS });
    let next = await stream.next();
    while (!next.done) next = await stream.next();
    expect(next.value).toMatchObject({ failure: { kind: 'aborted' }, text: 'Offline model: ', finish: 'failed' });
    expect(words).toBe(3);
  });

  it('says hello where nobody has said anything', async () => {
    expect((await askOffline([{ role: 'system', content: 'Count all leads.' }], tools)).calls).toEqual([]);
  });
});

describe('a long message', () => {
  it('is read as a whole: of what somebody wrote nothing is left out', async () => {
    const text = 'call back, please; then write. '.repeat(150).trim();
    const id = '00000000-0000-4000-8000-000000000001';
    const { calls } = await askOffline(says(`Add a note to ${id}: ${text}`), tools);
    expect(calls).toMatchObject([{ name: 'add_note', input: { lead_id: id, text } }]);
  });

  it('that is too long for a tool is not cut to it', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const { calls, text } = await askOffline(says(`Add a note to ${id}: ${'x'.repeat(5001)}`), tools);
    expect([calls, text]).toEqual([[], expect.stringContaining('do not fit')]);
  });

  it('beyond what is read is not understood, rather than by half', async () => {
    const { calls, text } = await askOffline(says(`How many leads are in Won?${' '.repeat(20_000)}`), tools);
    expect([calls, text]).toEqual([[], expect.stringContaining('did not understand')]);
  });

  it.each(['thanks ', '? ', '( ', '(', '?', 'in a ', 'and then ', 'move to ', "'s ", 'show me the lead of '])(
    'holds up nobody where it is made of %j alone',
    async (piece) => {
      const prompt = Array.from({ length: 10 }, () => says(piece.repeat(20_000 / piece.length))).flat();
      const began = performance.now();
      await askOffline(prompt, tools);
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});

describe('tokens', () => {
  it.each([
    ['', 0],
    ['  \n', 0],
    ['Ada', 1],
    ['Lovelace', 2],
    ['call back!', 3],
    ['ação não', 2],
    ['日本', 2],
    ['a😀b', 3],
    ['{"a":1}', 7],
  ])('of %j are counted by runs of six letters', (text, tokens) => expect(countTokens(text)).toBe(tokens));

  it('of texts that meet at a blank add up', () => {
    expect(countTokens('Ada Lovelace')).toBe(countTokens('Ada ') + countTokens('Lovelace'));
  });
});
