import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '@apollo/dev';
import { EventStream, type SeenEvent } from '../event.stream.js';
import { type LiveOrg, type Person, Stage } from '../live.platform.js';
import { MixedPlatform } from './mixed.platform.js';

const CHANGED = 'orgs.member.changed.v1';
const NOTED = 'orgs.member.noted.v1';
const SOON_MS = 25_000;

/** Expects until it holds; of what never does, the last failure. */
async function eventually(expectation: () => Promise<void>): Promise<void> {
  for (const end = Date.now() + SOON_MS; ; await sleep(100)) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** The order of `docs/operating.md`, and the ways round that it has to bear; each test goes on where the one before ended. */
describe('two releases beside each other', () => {
  let mixed: MixedPlatform;
  let stage: Stage;
  let org: LiveOrg;
  let ada: string;
  let ben: string;
  let cleo: string;
  const past: SeenEvent[] = [];
  let watching: EventStream | undefined;

  beforeAll(async () => {
    mixed = await MixedPlatform.start();
    stage = new Stage(mixed.live);
    org = await stage.org();
    [ada, ben] = await Promise.all([joined(), joined()]);
  }, 170_000);
  afterEach(async () => expect(await mixed.givenUp()).toEqual([]));
  afterAll(async () => {
    watching?.close();
    await mixed?.stop();
  });

  async function idOf({ http }: Person): Promise<string> {
    return String((await http.get('/v1/me'))['id']);
  }

  /** Somebody new in the organization. */
  async function joined(): Promise<string> {
    return idOf(await stage.member(org, 'member'));
  }

  function changeRole(member: string, role: string, note?: string): Promise<Answer> {
    return org.owner.http.ask('PATCH', `/v1/orgs/${org.slug}/members/${member}`, { body: { role, note } });
  }

  /** Opens the organization's event stream, as a client does that comes back where it was when a service was replaced. */
  async function watch(): Promise<void> {
    const { email, password } = org.owner;
    const { body } = await stage.nobody.send('POST', '/v1/auth/login', { body: { email, password } });
    const url = `${mixed.live.gateway}/v1/orgs/${org.slug}/events`;
    const stream = await EventStream.open(url, String(body['access_token']), watching?.lastEventId);
    if (!(stream instanceof EventStream)) throw new Error(JSON.stringify(stream));
    watching?.close();
    past.push(...(watching?.seen ?? []));
    watching = stream;
  }

  /** What the organization was shown last, on whichever stream. */
  const shows = (events: readonly object[]): Promise<void> =>
    eventually(async () => {
      const seen = [...past, ...(watching?.seen ?? [])].slice(-events.length);
      expect(seen.map(({ subject, type, data }) => ({ subject, type, note: data['note'] }))).toEqual(events);
    });
  const follows = (member: string, version: number): Promise<void> =>
    eventually(async () => expect({ member, version: await mixed.followed(member) }).toEqual({ member, version }));

  it('start again, all of the one before, on the bus, the database and the streams of the later one, and serve', async () => {
    await mixed.upgrade();
    await mixed.becomeAll('before');
    await watch();
    expect(await changeRole(ada, 'admin')).toMatchObject({ status: 200, body: { role: 'admin' } });
    await follows(ada, 2);
  });

  it('understand each other where the later one tells and answers: its event waits, and keeps nobody else waiting', async () => {
    await mixed.become('later', 'orgs');
    await watch();
    const refused = await changeRole(ada, 'viewer', 'said to a gateway that does not know it');
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ field: 'note' }] },
    });
    const answer = await changeRole(ada, 'viewer');
    expect(answer).toMatchObject({ status: 200, body: { role: 'viewer', note: 'nothing was said' } });
    await eventually(async () => expect(await mixed.unknown(NOTED)).toBeGreaterThan(0));
    expect((await changeRole(ada, 'member')).status).toBe(200);
    expect((await changeRole(ben, 'viewer')).status).toBe(200);
    const other = await stage.org();
    await follows(ben, 2);
    await follows(await idOf(other.owner), 1);
    // Joined, changed, changed; what was noted waits, and what follows of her behind it.
    await follows(ada, 3);
    await shows([
      { subject: ada, type: CHANGED, note: 'nothing was said' },
      { subject: ada, type: CHANGED, note: 'nothing was said' },
      { subject: ben, type: CHANGED, note: 'nothing was said' },
    ]);
  });

  it('start again, of the one before, behind what the later one wrote and did not publish: that is left to it', async () => {
    await eventually(async () => expect(await mixed.left()).toEqual([]));
    const release = await mixed.holdRelay();
    expect((await changeRole(ada, 'admin')).status).toBe(200);
    await mixed.become('before', 'orgs', 'leads');
    await release();
    cleo = await joined();
    await follows(cleo, 1);
    await watch();
    await shows([
      { subject: ada, type: CHANGED, note: 'nothing was said' },
      { subject: cleo, type: 'orgs.member.joined.v1', note: undefined },
    ]);
    await eventually(async () => expect(await mixed.left()).toEqual([{ type: NOTED, entity_id: ada, refused: null }]));
    expect(await mixed.followed(ada)).toBe(3);
  });

  it('understand each other where the later one asks and is told: the one before leaves out what it does not know', async () => {
    await mixed.become('later', 'leads', 'gateway');
    const answer = await changeRole(ben, 'admin', 'said to a gateway that knows it');
    expect(answer).toMatchObject({ status: 200, body: { role: 'admin' } });
    expect(answer.body).not.toHaveProperty('note');
    // From the record of the one before, what is not published too.
    await follows(ada, 8);
    await follows(ben, 4);
  });

  it('are one again where what tells is of the later one too: what waited is published, and what is new is told throughout', async () => {
    await mixed.become('later', 'orgs');
    await eventually(async () => expect(await mixed.left()).toEqual([]));
    await watch();
    const note = 'said to all';
    expect(await changeRole(cleo, 'viewer', note)).toMatchObject({ status: 200, body: { role: 'viewer', note } });
    await follows(cleo, 3);
    await shows([
      { subject: cleo, type: CHANGED, note },
      { subject: cleo, type: NOTED, note },
    ]);
  });
});
