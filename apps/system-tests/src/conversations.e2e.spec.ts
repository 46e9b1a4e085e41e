import { until } from '@apollo/testing';
import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import { type LiveOrg, type Person, Stage } from './live.platform.js';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly answer: string | null;
  readonly stars: number;
  readonly failure: string | null;
}

interface Entry {
  readonly kind: string;
  readonly tool: string | null;
  readonly succeeded: boolean | null;
}

describe('conversations', () => {
  const stage = new Stage();
  let org: LiveOrg;
  let other: LiveOrg;
  beforeAll(async () => {
    org = await stage.org();
    other = await stage.org(org.owner);
    for (const each of [org, other])
      await until(async () => {
        const { items } = (await each.owner.http.get(at(each, '/personas'))) as { items: unknown[] };
        return items.length > 0 && (await each.owner.http.ask('GET', at(each, '/billing/wallet'))).status === 200;
      });
  });

  const at = ({ slug }: LiveOrg, path: string): string => `/v1/orgs/${slug}${path}`;
  const begun = async (of: LiveOrg, by = of.owner): Promise<string> =>
    String((await by.http.post(at(of, '/conversations'), {}))['id']);
  const said = (of: LiveOrg, conversation: string, text: string, by: Person = of.owner) =>
    by.http.ask('POST', at(of, `/conversations/${conversation}/messages`), { body: { text } });
  const trace = async (of: LiveOrg, id: string, by = of.owner) =>
    (await by.http.get(at(of, `/runs/${id}`))) as unknown as Run & { items: Entry[] };

  async function answered(of: LiveOrg, conversation: string, text: string, by = of.owner) {
    const posted = await said(of, conversation, text, by);
    expect(posted.status).toBe(202);
    const id = String(posted.body['id']);
    await until(async () => !['queued', 'running'].includes((await trace(of, id, by)).state));
    return trace(of, id, by);
  }

  it('answer out of one organization, and change it alone, also where one person has two', async () => {
    await org.owner.http.post(at(org, '/leads'), { contact_name: `Ada ${org.canary}` });
    const theirs = await other.owner.http.post(at(other, '/leads'), { contact_name: `Ada ${other.canary}` });
    const [mine, foreign] = [await begun(org), await begun(other)];
    const counted = await answered(org, mine, 'how many leads are in New?');
    expect(counted).toMatchObject({ state: 'done', failure: null });
    expect(counted.answer).toMatch(/\b1\b/);
    const noted = await answered(org, mine, `add a note to Ada ${org.canary}: call back`);
    expect(noted.state).toBe('done');
    expect(noted.items.filter(({ kind }) => kind === 'called').map(({ tool }) => tool)).toEqual([
      'search_leads',
      'add_note',
    ]);
    const shown = JSON.stringify(await answered(other, foreign, 'show me all leads'));
    expect(shown).toContain(other.canary);
    expect(shown).not.toContain(org.canary);
    const history = await other.owner.http.get(at(other, `/leads/${String(theirs['id'])}/activities`));
    expect(JSON.stringify(history)).not.toContain('call back');
  });

  it('are read by Viewers and led by Members, over several messages, and found by their title', async () => {
    const [member, viewer] = [await stage.member(org, 'member'), await stage.member(org, 'viewer')];
    const conversation = await begun(org, member);
    await answered(org, conversation, 'remember that the fair begins in May', member);
    const told = await answered(org, conversation, 'how many leads do we have?', member);
    expect(told.state).toBe('done');
    expect((await said(org, conversation, 'and now?', viewer)).status).toBe(403);
    const read = await viewer.http.get(at(org, `/conversations/${conversation}`));
    expect(read).toMatchObject({ title: 'remember that the fair begins in May' });
    expect(read['items']).toHaveLength(2);
    const place = at(org, `/conversations/${conversation}`);
    expect(await member.http.ask('PATCH', place, { body: { title: 'The Fair', archived: true } })).toMatchObject({
      status: 200,
    });
    expect((await said(org, conversation, 'once more', member)).body['code']).toBe('state_conflict');
    const found = await viewer.http.get(at(org, '/conversations'), { search: 'the fair', archived: 'true' });
    expect((found['items'] as { id: string }[]).map(({ id }) => id)).toEqual([conversation]);
  });

  it('are streamed to a stock client while they are answered, and once more to whoever comes later', async () => {
    const conversation = await begun(org);
    const { email, password } = org.owner;
    const { access_token: token } = await stage.nobody.post('/v1/auth/login', { email, password });
    const headers = { authorization: `Bearer ${String(token)}` };
    const chatOf = (of: LiveOrg) =>
      new DefaultChatTransport({ api: new URL(at(of, '/chat'), stage.platform.gateway).href, headers });
    const read = async (stream: ReadableStream<UIMessageChunk> | null): Promise<UIMessage | undefined> => {
      let last: UIMessage | undefined;
      if (stream) for await (const message of readUIMessageStream({ stream, terminateOnError: true })) last = message;
      return last;
    };
    const question = (text: string) => ({
      trigger: 'submit-message' as const,
      chatId: conversation,
      messageId: undefined,
      abortSignal: undefined,
      messages: [{ id: 'm', role: 'user' as const, parts: [{ type: 'text' as const, text }] }],
    });
    const chat = chatOf(org);
    expect(await chat.reconnectToStream({ chatId: conversation })).toBeNull();
    const live = await read(await chat.sendMessages(question('how many leads do we have?')));
    const { answer } = await trace(org, String(live?.id));
    expect(live?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).at(-1)).toBe(answer);
    expect(live?.parts.map(({ type }) => type)).toEqual(expect.arrayContaining(['dynamic-tool', 'data-stars']));
    const later = new DefaultChatTransport({
      headers,
      prepareReconnectToStreamRequest: () => ({
        api: new URL(at(org, `/runs/${live?.id}/stream`), stage.platform.gateway).href,
      }),
    });
    expect(await read(await later.reconnectToStream({ chatId: conversation }))).toEqual(live);
    await expect(chatOf(other).reconnectToStream({ chatId: conversation })).rejects.toMatchObject({ statusCode: 404 });
    await expect(chatOf(other).sendMessages(question('whose?'))).rejects.toMatchObject({ statusCode: 404 });
  });

  it('are not found in another organization, whoever asks', async () => {
    const conversation = await begun(other);
    const foreign = await org.owner.http.ask('GET', at(org, `/conversations/${conversation}`));
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'not_found']);
    expect((await said(org, conversation, 'anything')).status).toBe(404);
  });
});
