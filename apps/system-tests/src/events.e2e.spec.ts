import { setTimeout as sleep } from 'node:timers/promises';
import { EventStream } from './event.stream.js';
import { type LiveOrg, type Person, Stage } from './live.platform.js';

describe('an organization’s event stream', () => {
  const stage = new Stage();
  const streams: EventStream[] = [];
  let org: LiveOrg;
  let other: LiveOrg;

  beforeAll(async () => {
    org = await stage.org();
    other = await stage.org(org.owner);
  });
  afterEach(() => streams.splice(0).forEach((stream) => stream.close()));

  const ask = async (of: LiveOrg, person: Person, lastEventId?: string, path = '/events') => {
    const { body } = await stage.nobody.send('POST', '/v1/auth/login', {
      body: { email: person.email, password: person.password },
    });
    return EventStream.open(
      `${stage.platform.gateway}/v1/orgs/${of.slug}${path}`,
      (body as { access_token: string }).access_token,
      lastEventId,
    );
  };
  const watch = async (...asked: Parameters<typeof ask>): Promise<EventStream> => {
    const stream = await ask(...asked);
    if (!(stream instanceof EventStream)) throw new Error(JSON.stringify(stream));
    streams.push(stream);
    return stream;
  };
  const lead = async (of: LiveOrg): Promise<string> =>
    String((await of.owner.http.post(`/v1/orgs/${of.slug}/leads`, { contact_name: of.canary }))['id']);
  const endSessions = async ({ http }: Person): Promise<void> => {
    const { items } = await http.get('/v1/me/sessions');
    for (const { id } of items as { id: string }[]) await http.ask('DELETE', `/v1/me/sessions/${id}`);
  };
  const startImport = async (of: LiveOrg, file: string): Promise<string> => {
    const form = new FormData();
    form.append('mapping', JSON.stringify({ Name: 'contact_name' }));
    form.append('file', new Blob([file]), 'list.csv');
    const { body } = await of.owner.http.send('POST', `/v1/orgs/${of.slug}/lead-imports`, { form });
    return String((body as { id: string }).id);
  };
  const types = (stream: EventStream): string[] => stream.seen.map(({ type }) => type);

  it('H03 H22 shows what happens in it, as CloudEvents, and nothing of another organization of the same person', async () => {
    const [here, there] = [await watch(org, org.owner), await watch(other, org.owner)];
    const [mine, theirs] = [await lead(org), await lead(other)];
    await org.owner.http.send('PATCH', `/v1/orgs/${org.slug}`, { body: { time_zone: 'Europe/Berlin' } });
    await here.until((seen) => seen.length >= 2);
    await there.until((seen) => seen.length >= 1);
    expect(here.seen.map(({ source, type, subject }) => ({ source, type, subject }))).toContainEqual({
      source: 'leads',
      type: 'leads.lead.created.v1',
      subject: mine,
    });
    expect(here.seen.find(({ type }) => type === 'orgs.org.changed.v1')?.data).toMatchObject({
      slug: org.slug,
      time_zone: 'Europe/Berlin',
    });
    expect(there.seen.map(({ type, subject }) => ({ type, subject }))).toEqual([
      { type: 'leads.lead.created.v1', subject: theirs },
    ]);
    expect(JSON.stringify([here.seen, there.seen])).not.toContain('canary');
  });

  it('goes on after the last event a client saw, and misses nothing in between', async () => {
    const first = await watch(org, org.owner);
    const before = await lead(org);
    await first.until((seen) => seen.some(({ subject }) => subject === before));
    first.close();
    const missed = [await lead(org), await lead(org), await lead(org)];
    const second = await watch(org, org.owner, first.lastEventId);
    await second.until((seen) => missed.every((id) => seen.some(({ subject }) => subject === id)));
    expect(second.seen.map(({ subject }) => subject)).toEqual(missed);
  });

  it('shows each role what it may see', async () => {
    const viewer = await stage.member(org, 'viewer');
    const [all, less] = [await watch(org, org.owner), await watch(org, viewer)];
    await startImport(org, 'Name\nAda\n');
    await all.until((seen) => seen.some(({ type }) => type === 'leads.import.finished.v1'));
    const last = await lead(org);
    await less.until((seen) => seen.some(({ subject }) => subject === last));
    expect(types(less)).not.toContain('leads.import.finished.v1');
  });

  it('H03 shows how far an import comes, up to its end, in its organization alone', async () => {
    const id = await startImport(org, `Name\n${'Ada\n'.repeat(5_000)}`);
    const path = `/lead-imports/${id}/progress`;
    expect(await ask(other, org.owner, undefined, path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const stream = await watch(org, org.owner, undefined, path);
    await stream.until(() => stream.endReason !== undefined);
    expect(stream.endReason).toBe('done');
    expect(stream.seen.at(-1)).toMatchObject({ status: 'finished', rows_read: 5_000, created: 5_000 });
  });

  it('H22 ends within five seconds of losing access: removed, signed out, suspended', async () => {
    const operator = await stage.nobody.signIn(stage.platform.operator.email, stage.platform.operator.password);
    const place = await stage.org();
    const [removed, gone] = [await stage.member(place, 'member'), await stage.member(place, 'member')];
    const { id } = await removed.http.get('/v1/me');
    const losses: [Person, string, () => Promise<unknown>][] = [
      [removed, 'removed', () => place.owner.http.send('DELETE', `/v1/orgs/${place.slug}/members/${String(id)}`)],
      [gone, 'expired', () => endSessions(gone)],
      [place.owner, 'suspended', () => operator.post(`/v1/platform/orgs/${place.slug}/suspend`, { reason: 'spec' })],
    ];
    for (const [person, reason, lose] of losses) {
      const stream = await watch(place, person);
      await lose();
      const at = Date.now();
      while (stream.endedAt === undefined && Date.now() - at < 10_000) await sleep(50);
      expect((stream.endedAt ?? Infinity) - at).toBeLessThan(5_000);
      expect(stream.endReason).toBe(reason);
      // In time to come with another one: a token lives for minutes.
      expect((stream.endsAt?.getTime() ?? 0) - at).toBeGreaterThan(60_000);
    }
    expect(await ask(place, removed)).toMatchObject({ status: 404, body: { code: 'org_not_found' } });
  });

  it('refuses an event id that is not this organization’s, or none at all', async () => {
    const stream = await watch(other, org.owner);
    await lead(other);
    await stream.until((seen) => seen.length > 0);
    for (const id of [
      stream.lastEventId,
      'orgs:1',
      'x'.repeat(500),
      `leads:${stream.seen[0]?.id},leads:${stream.seen[0]?.id}`,
    ]) {
      expect(await ask(org, org.owner, id)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
  });
});
