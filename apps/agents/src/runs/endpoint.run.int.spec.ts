import { LLMock } from '@copilotkit/aimock';
import { testOrg } from '@apollo/testing';
import { PlatformModels } from '../model/model.source.js';
import { RunWorld } from './run.world.spec.js';

const KEY = 'sk-never-seen-again';
const QUESTION = 'How many leads are won?';

/** The maintained mock of the protocol, as an operator's list names it. */
describe('a run with a model behind an endpoint', () => {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const org = testOrg();
  let world: RunWorld;
  beforeAll(async () => {
    await mock.start();
    const [url, nowhere] = [`${mock.url}/v1`, 'http://127.0.0.1:1/v1'];
    world = await RunWorld.start(
      new PlatformModels([
        { name: 'house/large', url, model: 'large-2026', key: KEY, fallback: [] },
        { name: 'house/away', url: nowhere, model: 'away', key: KEY, fallback: ['house/large'] },
      ]),
    );
    world.leads = () => ({ total: 12, groups: [] });
  });
  afterAll(async () => {
    await world.stop();
    await mock.stop();
  });

  const run = async (model: string, text: string) => {
    const persona = await world.agents.persona(org, { name: model, tools: ['count_leads'], model });
    return world.ended(org, (await world.post(org, persona.id, undefined, text)).id);
  };

  it('uses tools and answers, under the name that the endpoint has for it', async () => {
    mock.on({ userMessage: QUESTION, hasToolResult: false }, { toolCalls: [{ name: 'count_leads', arguments: '{}' }] });
    mock.on({ userMessage: QUESTION, hasToolResult: true }, { content: 'Twelve.' });
    const trace = await run('house/large', QUESTION);
    expect(trace).toMatchObject({ state: 'done', answer: 'Twelve.', failure: null, stars: 2 });
    expect(world.heard.map(({ method }) => method)).toEqual(['count-leads']);
    const [request] = mock.getRequests();
    expect(request).toMatchObject({ body: { model: 'large-2026' } });
  });

  it('is answered by the next one where nobody is there, and shows the key of none', async () => {
    mock.clearFixtures();
    mock.onMessage('Are you there?', { content: 'I am.' });
    const trace = await run('house/away', 'Are you there?');
    expect(trace).toMatchObject({ state: 'done', answer: 'I am.' });
    expect(trace.items.flatMap(({ kind, model }) => (kind === 'asked' ? [model] : []))).toEqual([
      'house/away',
      'house/large',
    ]);
    const rows = await world.agents.test.admin('select * from agents.run_entries');
    expect(JSON.stringify([trace, rows])).not.toContain(KEY);
  });
});
