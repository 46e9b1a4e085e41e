import { setTimeout as sleep } from 'node:timers/promises';
import {
  asked,
  begin,
  calls,
  costs,
  DONE,
  ends,
  event,
  KEY,
  modelAt,
  type ModelServer,
  PROMPT,
  says,
  startModelServer,
  streams,
  TOOLS,
} from '../spec/openai.server.spec.js';
import { MODEL_BOUNDS, WIRE_BOUNDS } from './model.bounds.js';
import { askModel } from './model.caller.js';

let server: ModelServer;
beforeAll(async () => (server = await startModelServer()));
afterAll(() => server.stop());

const usage = { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 };

/** What is seen of a call within bounds that a spec can wait for. */
const ask = async (bounds: Parameters<typeof asked>[1] = {}, signal?: AbortSignal) =>
  await asked(await modelAt(server.url), bounds, signal);

describe('a call of a model', () => {
  it('gives the text in pieces as they come, and what the provider counted', async () => {
    server.answer(streams(says('Twelve '), says('leads.'), ends('stop'), costs(usage), DONE));
    expect(await ask()).toMatchObject({
      pieces: ['Twelve ', 'leads.'],
      text: 'Twelve leads.',
      calls: [],
      finish: 'stop',
      failure: null,
      usage: { inputTokens: 31, outputTokens: 7, source: 'provider' },
    });
  });

  it('asks once, for a stream with usage, and offers the tools it was given', async () => {
    server.answer(streams(says('x'), ends('stop')));
    await ask({ outputTokens: 99 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 99,
      tools: TOOLS.map(({ name }) => ({ function: { name } })),
    });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('gives the first piece before the answer is over', async () => {
    let finish = (): void => undefined;
    server.answer((response) => {
      begin(response);
      response.write(says('First '));
      finish = () => response.end(says('last.') + ends('stop'));
    });
    const stream = askModel(await modelAt(server.url), PROMPT, TOOLS, {
      signal: new AbortController().signal,
      bounds: MODEL_BOUNDS,
    });
    expect(await stream.next()).toEqual({ done: false, value: 'First ' });
    finish();
    expect(await stream.next()).toEqual({ done: false, value: 'last.' });
    expect(await stream.next()).toMatchObject({ done: true, value: { finish: 'stop', text: 'First last.' } });
  });

  it('numbers calls by itself: two with the same id are two', async () => {
    server.answer(
      streams(
        calls(0, 'same', 'count_leads', '{"stage":"Won"}'),
        calls(1, 'same', 'count_leads', '{}'),
        ends('tool_calls'),
      ),
    );
    expect((await ask()).calls).toEqual([
      { index: 0, name: 'count_leads', valid: true, input: { stage: 'Won' } },
      { index: 1, name: 'count_leads', valid: true, input: {} },
    ]);
  });

  it.each([
    ['{"stage":', 'not_json'],
    ['["Won"]', 'not_an_object'],
    ['{"__proto__":{"owner":true}}', 'unstorable'],
    ['{"stage":"a\\u0000b"}', 'unstorable'],
    ['{"stage":"\\ud800"}', 'unstorable'],
    [`{"stage":${'['.repeat(40)}${']'.repeat(40)}}`, 'too_deep'],
    [`{"stage":"${'x'.repeat(40_000)}"}`, 'too_long'],
  ])('keeps a call with arguments like %.30s for the log, as one that is not made', async (text, reason) => {
    server.answer(streams(calls(0, 'a', 'count_leads', text), ends('tool_calls')));
    const answer = await ask();
    expect(answer.failure).toBeNull();
    expect(answer.calls).toEqual([{ index: 0, name: 'count_leads', valid: false, reason, raw: text.slice(0, 1000) }]);
  });

  it('makes no call of a tool that nobody offered', async () => {
    server.answer(streams(calls(0, 'a', 'send_mail', '{}'), ends('tool_calls')));
    expect((await ask()).calls).toMatchObject([{ name: 'send_mail', valid: false, reason: 'not_offered' }]);
  });

  it('makes no call of an answer that was cut at its length: its arguments may be', async () => {
    server.answer(streams(calls(0, 'a', 'count_leads', '{"stage":"W"}'), ends('length')));
    expect(await ask()).toMatchObject({ finish: 'length', calls: [{ valid: false, reason: 'incomplete' }] });
  });

  it('puts the halves of a character together that came in two pieces, and replaces what no database keeps', async () => {
    server.answer(streams(says('a\ud83d'), says('\ude00b\0'), says('c\ud83d'), ends('stop')));
    expect((await ask()).text).toBe('a😀b\uFFFDc');
  });
});

describe('usage', () => {
  // 5 + 6 of the two messages, 25 + 27 of the two tools, 4 around each; "Twelve leads." has 3.
  const counted = { inputTokens: 79, outputTokens: 3, source: 'counted' };

  it('is counted from what came where the provider tells none', async () => {
    server.answer(streams(says('Twelve leads.'), ends('stop'), DONE));
    expect((await ask()).usage).toEqual(counted);
  });

  it.each([
    ['more than was asked for', { prompt_tokens: 31, completion_tokens: 1_000_000_000 }],
    ['more than the prompt can have', { prompt_tokens: 1_000_000_000, completion_tokens: 7 }],
    ['nothing for something', { prompt_tokens: 31, completion_tokens: 0 }],
    ['less than nothing', { prompt_tokens: -31, completion_tokens: 7 }],
    ['a part of a token', { prompt_tokens: 30.5, completion_tokens: 7 }],
    ['nothing at all', {}],
  ])('is counted where the provider claims %s', async (_, claimed) => {
    server.answer(streams(says('Twelve leads.'), ends('stop'), costs(claimed)));
    expect((await ask()).usage).toEqual(counted);
  });

  it('is counted of an answer that was aborted', async () => {
    const stop = new AbortController();
    server.answer((response) => {
      begin(response);
      response.write(says('Twelve leads.'));
      setTimeout(() => stop.abort(), 50);
    });
    expect(await ask({}, stop.signal)).toMatchObject({ failure: { kind: 'aborted' }, usage: counted });
  });

  it('counts what was asked where nothing came', async () => {
    server.answer((response) => void response.writeHead(500).end());
    expect((await ask()).usage).toEqual({ ...counted, outputTokens: 0 });
  });
});

describe('a failure', () => {
  const json = (status: number, error: object, headers: Record<string, string> = {}) => ({ status, headers, error });

  it.each([
    [json(401, { message: KEY, code: 'invalid_api_key' }), { kind: 'unauthorized', status: 401 }],
    [json(403, {}), { kind: 'unauthorized', status: 403 }],
    [json(402, {}), { kind: 'unauthorized', status: 402 }],
    [json(400, { code: 'context_length_exceeded' }), { kind: 'bad_request', status: 400, reason: 'context_length' }],
    [json(400, { code: 'content_filter' }), { kind: 'refused' }],
    [json(404, { code: 'model_not_found' }), { kind: 'bad_request', status: 404, reason: 'other' }],
    [json(429, {}, { 'retry-after': '7' }), { kind: 'rate_limited', retryAfterSeconds: 7 }],
    [json(429, {}, { 'retry-after': '86400' }), { kind: 'rate_limited', retryAfterSeconds: 120 }],
    [json(429, {}, { 'retry-after-ms': '1500' }), { kind: 'rate_limited', retryAfterSeconds: 2 }],
    [json(429, {}, { 'retry-after': 'soon' }), { kind: 'rate_limited', retryAfterSeconds: null }],
    [json(429, {}, { 'retry-after': '-5' }), { kind: 'rate_limited', retryAfterSeconds: null }],
    [
      json(429, {}, { date: 'Mon, 30 Nov 2026 10:00:00 GMT', 'retry-after': 'Mon, 30 Nov 2026 10:00:09 GMT' }),
      { kind: 'rate_limited', retryAfterSeconds: 9 },
    ],
    [json(429, { code: 'insufficient_quota' }, { 'retry-after': '1' }), { kind: 'unauthorized', status: 429 }],
    [json(503, {}, { 'retry-after': '3' }), { kind: 'unavailable', status: 503, retryAfterSeconds: 3 }],
    [json(302, {}, { location: 'http://127.0.0.1:9/' }), { kind: 'malformed' }],
  ])('of an answer like %j is told apart', async ({ status, headers, error }, failure) => {
    server.answer((response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ error: { message: 'no', ...error } }));
    });
    expect(await ask()).toMatchObject({ failure, finish: 'failed', text: '', calls: [] });
    expect(server.requests).toHaveLength(1);
  });

  it('of a page of HTML is one of its status', async () => {
    server.answer((response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>'));
    expect((await ask()).failure).toEqual({ kind: 'unavailable', status: 500, retryAfterSeconds: null });
  });

  it('of an error without end is one of its status as well', async () => {
    server.answer((response) => {
      response.writeHead(500, { 'content-type': 'text/html' });
      const more = (): void => void (response.destroyed || (response.write('x'.repeat(10_000)), setImmediate(more)));
      more();
    });
    expect((await ask()).failure).toEqual({ kind: 'unavailable', status: 500, retryAfterSeconds: null });
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('of a page of HTML that says 200 is that it is no answer', async () => {
    server.answer((response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'));
    expect((await ask()).failure).toEqual({ kind: 'malformed' });
  });

  it.each([
    [{ code: 'rate_limit_exceeded' }, { kind: 'rate_limited', retryAfterSeconds: null }],
    [{ code: 502 }, { kind: 'unavailable', status: 502, retryAfterSeconds: null }],
    [{ type: 'server_error' }, { kind: 'unavailable', status: null, retryAfterSeconds: null }],
    [{ code: 'content_filter' }, { kind: 'refused' }],
  ])('that comes as an event like %j ends the answer there', async (error, failure) => {
    server.answer(
      streams(says('Twelve '), `data: ${JSON.stringify({ error: { message: KEY, ...error } })}\n\n`, says('x')),
    );
    expect(await ask()).toMatchObject({ failure, text: 'Twelve ' });
  });

  it('of an event that is no JSON ends the answer there', async () => {
    server.answer(streams(says('Twelve '), 'data: {"choices":\n\n', says('leads.'), ends('stop')));
    expect(await ask()).toMatchObject({ failure: { kind: 'malformed' }, text: 'Twelve ' });
  });

  it('of an event of another form is that it is no answer', async () => {
    server.answer(streams('data: {"choices":"none"}\n\n', ends('stop')));
    expect((await ask()).failure).toEqual({ kind: 'malformed' });
  });

  it('of an answer without its last event is that it was cut off, and no call of it is made', async () => {
    server.answer(streams(says('Twelve '), calls(0, 'a', 'count_leads', '{}')));
    expect(await ask()).toMatchObject({
      failure: { kind: 'cut_off' },
      text: 'Twelve ',
      calls: [{ valid: false, reason: 'incomplete' }],
    });
  });

  it('of a connection that breaks in mid-answer is that it was cut off', async () => {
    server.answer((response) => {
      begin(response);
      response.write(says('Twelve '), () => setTimeout(() => response.destroy(), 20));
    });
    expect(await ask()).toMatchObject({ failure: { kind: 'cut_off' }, text: 'Twelve ' });
  });

  it('of a connection that nobody takes is that the model is unavailable', async () => {
    const gone = await startModelServer();
    await gone.stop();
    const failure = { kind: 'unavailable', status: null, retryAfterSeconds: null };
    expect((await asked(await modelAt(gone.url))).failure).toEqual(failure);
  });

  it.each(['content_filter', 'stop'])('of a refusal that ends by %s is that it was refused', async (reason) => {
    server.answer(streams(event({ refusal: 'I cannot.' }), ends(reason)));
    expect(await ask()).toMatchObject({ failure: { kind: 'refused' }, text: 'I cannot.' });
  });

  it('holds nothing of what the provider or the prompt said', async () => {
    server.answer((response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'x-key': KEY });
      response.end(
        JSON.stringify({ error: { message: `Incorrect API key: ${KEY}`, param: KEY, code: KEY, type: KEY } }),
      );
    });
    const answer = JSON.stringify(await ask());
    expect(answer).not.toContain(KEY);
    expect(answer).not.toContain('How many leads');
  });
});

describe('an endless or silent model', () => {
  const endless = (text: string) =>
    server.answer((response) => {
      begin(response);
      const more = (): void => void (response.destroyed || (response.write(text), setImmediate(more)));
      more();
    });

  it('is cut at the size of the answer, and its connection closed', async () => {
    endless(says('again and '));
    const answer = await ask({ answerBytes: 2000 });
    expect(answer).toMatchObject({ failure: { kind: 'too_long', bound: 'answer' }, finish: 'failed' });
    expect(answer.text.length).toBeLessThanOrEqual(2000);
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('is cut where it says nothing, for ever', async () => {
    endless(event({}));
    expect((await ask()).failure).toEqual({ kind: 'too_long', bound: 'wire' });
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('is cut in the middle of an event that does not end, before it is unpacked', async () => {
    server.answer((response) => {
      begin(response);
      response.write('data: {"choices":[{"delta":{"content":"');
      const more = (): void => void (response.destroyed || (response.write('x'.repeat(10_000)), setImmediate(more)));
      more();
    });
    expect((await ask()).failure).toEqual({ kind: 'too_long', bound: 'event' });
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('is cut where one event has lines without end', async () => {
    endless('data: x\r\n');
    expect((await ask()).failure).toEqual({ kind: 'too_long', bound: 'event' });
  });

  it('may send as many events as fit, however they end their lines', async () => {
    const lines = [says('a'), says('b').replaceAll('\n', '\r\n'), says('c').replaceAll('\n', '\r'), ends('stop')];
    server.answer(streams(...lines));
    const eventBytes = Math.max(...lines.map((line) => line.length));
    const model = await modelAt(server.url, { ...WIRE_BOUNDS, eventBytes });
    expect(await asked(model)).toMatchObject({ text: 'abc', finish: 'stop' });
    const smaller = await modelAt(server.url, { ...WIRE_BOUNDS, eventBytes: says('a').length - 5 });
    expect((await asked(smaller)).failure).toEqual({ kind: 'too_long', bound: 'event' });
  });

  it('calls no more tools than it may in one answer', async () => {
    const all = Array.from({ length: 40 }, (_, index) => calls(index, `c${index}`, 'count_leads', '{}'));
    server.answer(streams(...all, ends('tool_calls')));
    expect(await ask()).toMatchObject({ failure: { kind: 'too_long', bound: 'tool_calls' }, finish: 'failed' });
  });

  it.each([
    ['first_chunk', { firstChunkMs: 60 }, ''],
    ['chunk', { chunkMs: 60 }, says('Twelve ')],
    ['total', { totalMs: 60 }, says('Twelve ')],
  ])('is not waited for beyond the bound on %s, and its connection closed', async (waitedFor, bounds, first) => {
    server.answer((response) => {
      begin(response);
      if (first) response.write(first);
    });
    const began = performance.now();
    expect((await ask(bounds)).failure).toEqual({ kind: 'timed_out', waitedFor });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('is not waited for where it does not even answer', async () => {
    server.answer(() => undefined);
    expect((await ask({ firstChunkMs: 60 })).failure).toEqual({ kind: 'timed_out', waitedFor: 'first_chunk' });
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('is not kept by comments that hold the connection open', async () => {
    server.answer(async (response) => {
      begin(response);
      response.write(says('Twelve '));
      while (!response.destroyed) {
        response.write(': still here\n\n');
        await sleep(10);
      }
    });
    expect((await ask({ chunkMs: 80 })).failure).toEqual({ kind: 'timed_out', waitedFor: 'chunk' });
  });

  it('is not late while whoever reads it is busy', async () => {
    server.answer(streams(says('Twelve '), says('leads.'), ends('stop')));
    const stream = askModel(await modelAt(server.url), PROMPT, TOOLS, {
      signal: new AbortController().signal,
      bounds: { ...MODEL_BOUNDS, chunkMs: 40 },
    });
    await stream.next();
    await sleep(120);
    expect(await stream.next()).toEqual({ done: false, value: 'leads.' });
    expect(await stream.next()).toMatchObject({ value: { failure: null } });
  });
});

describe('an aborted call', () => {
  it.each([
    ['before it began', 0],
    ['in mid-answer', 60],
  ])('ends %s, and its connection within a second', async (_, after) => {
    const stop = new AbortController();
    if (after === 0) stop.abort();
    server.answer((response) => {
      begin(response);
      response.write(says('Twelve '));
      setTimeout(() => stop.abort(), after);
    });
    const began = performance.now();
    expect((await ask({}, stop.signal)).failure).toEqual({ kind: 'aborted' });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await server.closed()).toBeLessThan(1000);
  });

  it('closes its connection even where nobody reads on', async () => {
    const stop = new AbortController();
    server.answer((response) => {
      begin(response);
      response.write(says('Twelve '));
    });
    const signal = stop.signal;
    const stream = askModel(await modelAt(server.url), PROMPT, TOOLS, { signal, bounds: MODEL_BOUNDS });
    await stream.next();
    stop.abort();
    expect(await server.closed()).toBeLessThan(1000);
    expect(await stream.next()).toMatchObject({ done: true, value: { failure: { kind: 'aborted' }, text: 'Twelve ' } });
  });

  it('closes its connection where the reader leaves', async () => {
    server.answer((response) => {
      begin(response);
      response.write(says('Twelve '));
    });
    const signal = new AbortController().signal;
    for await (const piece of askModel(await modelAt(server.url), PROMPT, TOOLS, { signal, bounds: MODEL_BOUNDS })) {
      expect(piece).toBe('Twelve ');
      break;
    }
    expect(await server.closed()).toBeLessThan(1000);
  });
});
