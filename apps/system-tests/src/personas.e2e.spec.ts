import { until } from '@apollo/testing';
import { type LiveOrg, Stage } from './live.platform.js';

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly is_chief_of_staff: boolean;
}

describe('personas', () => {
  const stage = new Stage();
  let org: LiveOrg;
  let other: LiveOrg;
  beforeAll(async () => {
    org = await stage.org();
    other = await stage.org(org.owner);
  });

  const at = ({ slug }: LiveOrg, path = ''): string => `/v1/orgs/${slug}/personas${path}`;
  const listed = async (of: LiveOrg): Promise<Listed[]> => (await of.owner.http.get(at(of)))['items'] as Listed[];
  const chiefs = async (of: LiveOrg): Promise<Listed[]> =>
    (await listed(of)).filter(({ is_chief_of_staff: isChief }) => isChief);

  it('begin with a Chief of Staff in each organization, its own, also where one person has both', async () => {
    for (const each of [org, other]) await until(async () => (await chiefs(each)).length > 0);
    const [[mine], [theirs]] = [await chiefs(org), await chiefs(other)];
    expect([mine?.name, theirs?.name]).toEqual(['Chief of Staff', 'Chief of Staff']);
    const foreign = await org.owner.http.ask('GET', at(org, `/${String(theirs?.id)}`));
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'not_found']);
  });

  it('are configured by Admins, taught by Members and read by Viewers, each change by who saw the version before', async () => {
    const [admin, member, viewer] = [
      await stage.member(org, 'admin'),
      await stage.member(org, 'member'),
      await stage.member(org, 'viewer'),
    ];
    const body = { name: 'Scout', instructions: 'Find leads.\nBe brief.', tools: ['search_leads'] };
    for (const { http } of [member, viewer]) expect((await http.ask('POST', at(org), { body })).status).toBe(403);
    const made = await admin.http.ask('POST', at(org), { body });
    const scout = at(org, `/${String(made.body['id'])}`);
    expect([made.status, made.headers.get('location')]).toEqual([201, scout]);
    const tag = made.headers.get('etag') ?? '';
    const change = (match: string) =>
      admin.http.ask('PATCH', scout, { body: { description: 'Kind' }, headers: { 'if-match': match } });
    expect(await change(tag)).toMatchObject({ status: 200, body: { description: 'Kind', version: 2 } });
    expect((await change(tag)).body['code']).toBe('etag_mismatch');
    expect(await admin.http.ask('POST', `${scout}/archive`)).toMatchObject({ status: 200, body: { archived: true } });
    expect(await admin.http.ask('POST', `${scout}/restore`)).toMatchObject({ status: 200, body: { version: 4 } });
    expect((await viewer.http.get(`${scout}/versions`))['items']).toMatchObject(
      [4, 3, 2, 1].map((version) => ({ version, instructions: body.instructions })),
    );
    const noted = await member.http.ask('POST', `${scout}/memory`, { body: { text: 'They close in August.' } });
    const fact = `${scout}/memory/${String(noted.body['id'])}`;
    expect([noted.status, noted.headers.get('location')]).toEqual([201, fact]);
    expect(await viewer.http.get(fact)).toMatchObject({ text: 'They close in August.', source: 'person' });
    expect((await viewer.http.ask('DELETE', fact)).status).toBe(403);
    const corrected = await member.http.ask('PATCH', fact, { body: { text: 'They close in July.' } });
    expect(corrected).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await member.http.ask('DELETE', fact)).status).toBe(204);
    expect((await viewer.http.get(`${scout}/memory`))['items']).toEqual([]);
    const log = await admin.http.get(`/v1/orgs/${org.slug}/audit-log`, { service: 'agents', limit: '7' });
    expect((log['items'] as { action: string }[]).map(({ action }) => action)).toEqual([
      'agents.delete-fact.v1',
      'agents.correct-fact.v1',
      'agents.note-fact.v1',
      'agents.restore-persona.v1',
      'agents.archive-persona.v1',
      'agents.update-persona.v1',
      'agents.create-persona.v1',
    ]);
  });

  it('have the cap that is said with them where Stars are kept, in their organization alone', async () => {
    const made = await org.owner.http.post(at(org), { name: 'Thrifty', instructions: 'x', daily_cap: 25 });
    const caps = async (of: LiveOrg) =>
      (await of.owner.http.get(`/v1/orgs/${of.slug}/billing/caps`))['items'] as { agent_id: string }[];
    await until(async () => (await caps(org)).some(({ agent_id: agent }) => agent === made['id']));
    expect(await caps(org)).toMatchObject([{ layer: 'agent_day', agent_id: made['id'], stars: 25 }]);
    expect(await caps(other)).toEqual([]);
  });
});
