import { LLMock } from '@copilotkit/aimock';
import { asked, modelAt } from '../spec/openai.server.spec.js';

/** The maintained mock of the protocol: what it does in the ordinary case is not of our making. */
describe('a model behind an endpoint', () => {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  beforeAll(() => mock.start());
  beforeEach(() => void mock.clearFixtures());
  afterAll(() => mock.stop());

  const QUESTION = 'How many leads are there?';
  const ask = async () => await asked(await modelAt(`${mock.url}/v1`));

  it('answers with a text in pieces, and usage', async () => {
    mock.onMessage(QUESTION, {
      content: 'There are twelve leads in all of your pipelines.',
      usage: { prompt_tokens: 40, completion_tokens: 9, total_tokens: 49 },
    });
    const answer = await ask();
    expect(answer).toMatchObject({ text: 'There are twelve leads in all of your pipelines.', finish: 'stop' });
    expect(answer.pieces.length).toBeGreaterThan(1);
    expect(answer.pieces.join('')).toBe(answer.text);
    expect(answer.usage).toEqual({ inputTokens: 40, outputTokens: 9, source: 'provider' });
  });

  it('calls several tools at once', async () => {
    mock.onMessage(QUESTION, {
      toolCalls: [
        { name: 'count_leads', arguments: '{"stage":"Won"}' },
        { name: 'list_pipelines', arguments: '{}' },
      ],
    });
    expect(await ask()).toMatchObject({
      finish: 'tool_calls',
      calls: [
        { index: 0, name: 'count_leads', valid: true, input: { stage: 'Won' } },
        { index: 1, name: 'list_pipelines', valid: true, input: {} },
      ],
    });
  });

  it('says something and calls a tool in the same answer', async () => {
    const toolCalls = [{ name: 'count_leads', arguments: '{}' }];
    mock.onMessage(QUESTION, { content: 'I look.', toolCalls });
    expect(await ask()).toMatchObject({ text: 'I look.', finish: 'tool_calls', calls: [{ valid: true }] });
  });

  it('keeps arguments that are no JSON for the log', async () => {
    mock.onMessage(QUESTION, { toolCalls: [{ name: 'count_leads', arguments: '{"stage": Won}' }] });
    expect(await ask()).toMatchObject({ failure: null, calls: [{ valid: false, reason: 'not_json' }] });
  });

  it.each([
    [429, 'rate_limit_error', { kind: 'rate_limited', retryAfterSeconds: 9 }],
    [500, 'server_error', { kind: 'unavailable', status: 500, retryAfterSeconds: null }],
    [503, 'server_error', { kind: 'unavailable', status: 503 }],
    [401, 'invalid_api_key', { kind: 'unauthorized', status: 401 }],
  ])('that answers with %i is asked once, and its failure told apart', async (status, type, failure) => {
    mock.onMessage(QUESTION, { error: { message: 'no', type }, status, retryAfter: 9 });
    mock.clearRequests();
    expect(await ask()).toMatchObject({ failure, finish: 'failed' });
    expect(mock.getRequests()).toHaveLength(1);
  });

  it('cut at its length calls nothing', async () => {
    const toolCalls = [{ name: 'count_leads', arguments: '{}' }];
    mock.onMessage(QUESTION, { toolCalls, finishReason: 'length' });
    expect(await ask()).toMatchObject({ finish: 'length', calls: [{ valid: false, reason: 'incomplete' }] });
  });

  it('that hangs up in mid-answer was cut off', async () => {
    mock.onMessage(QUESTION, { content: 'There are twelve leads. '.repeat(50) }, { latency: 5, disconnectAfterMs: 60 });
    expect((await ask()).failure).toEqual({ kind: 'cut_off' });
  });
});
