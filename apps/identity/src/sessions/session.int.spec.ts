import {
  CheckSession,
  ConfirmTotp,
  CountSignOuts,
  EnrollTotp,
  ForgotPassword,
  GetMe,
  ListSessions,
  Logout,
  Refresh,
  ResetPassword,
  type RequestContract,
  RevokeAllSessions,
  RevokeSession,
  SessionRevokedEvent,
  subjectOf,
  type identityMessages as messages,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { until } from '@apollo/testing';
import pg from 'pg';
import {
  claimsOf,
  codeOf,
  HOME,
  IdentityWorld,
  PASSWORD,
  type TestPerson,
  toldBy,
} from '../spec/identity.world.spec.js';

const DAY_MS = 24 * 3_600_000;
const GRACE_MS = 30_000;

let world: IdentityWorld;
let revoked: string[];
beforeAll(async () => {
  world = await IdentityWorld.start();
  revoked = [];
  world.gateway.connection.subscribe(subjectOf(SessionRevokedEvent, null), {
    callback: (_error, message) => {
      revoked.push((message.json() as messages.SessionRevoked).user_id);
    },
  });
});
afterAll(() => world.stop());

const refresh = (pair: Pick<messages.TokenPair, 'refresh_token'>, address = HOME) =>
  world.ask(Refresh, { refresh_token: pair.refresh_token, address });
const sessionOf = (pair: messages.TokenPair) => String(claimsOf(pair.access_token)['sid']);
const check = (person: TestPerson, id: string) => world.as(person, CheckSession, { id });

async function signedIn(): Promise<{ person: TestPerson; pair: messages.TokenPair; id: string }> {
  const person = await world.person();
  const pair = await world.login(person);
  return { person, pair, id: sessionOf(pair) };
}

/** What replaces a person's password, by a link that was mailed already. */
async function newPassword(person: TestPerson): Promise<() => Promise<unknown>> {
  await world.ask(ForgotPassword, { email: person.email, address: HOME });
  const token = await world.token(person.email);
  return () => world.ask(ResetPassword, { token, password: 'quite another password' });
}

/** Has one thing after the other wait for what somebody else locks, and then go on in that order. */
async function behind<A, B>(
  lock: string,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[Promise<A>, Promise<B>]> {
  const holder = new pg.Client({ connectionString: world.test.adminUrl });
  await holder.connect();
  const waiting = (count: number) =>
    until(async () => {
      const [row] = await world.test.admin(
        'select count(*)::int from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database() and not l.granted',
      );
      return Number(row?.['count']) >= count;
    });
  try {
    await holder.query(`begin; ${lock}`);
    const one = first();
    one.catch(() => undefined);
    await waiting(1);
    const other = second();
    other.catch(() => undefined);
    await waiting(2);
    return [one, other];
  } finally {
    await holder.end();
  }
}

/** Nobody writes a table meanwhile. */
const table = (name: string) => `lock table identity.${name} in exclusive mode`;
const account = ({ id }: TestPerson) => `select from identity.accounts where user_id = '${id}' for update`;

/** As many sessions as a person may have: the next one ends one of them. */
async function crowd(person: TestPerson): Promise<void> {
  await world.test.admin(
    `insert into identity.sessions (user_id, id, created_at, last_used_at, expires_at, address)
     select $1, gen_random_uuid(), now(), $2::timestamptz + interval '1 minute', $2::timestamptz + interval '20 days', '192.0.2.1' from generate_series(1, 99)`,
    [person.id, world.now()],
  );
  world.pass(120_000);
}

async function announced(person: TestPerson): Promise<boolean> {
  for (let tries = 0; tries < 100 && !revoked.includes(person.id); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return revoked.includes(person.id);
}

describe('a refresh token', () => {
  it('is traded for a new pair of the same session', async () => {
    const { person, pair, id } = await signedIn();
    const next = await refresh(pair);
    expect(next.refresh_token).not.toBe(pair.refresh_token);
    expect(claimsOf(next.access_token)).toMatchObject({ sub: person.id, sid: id, mfa: false });
    expect(await codeOf(refresh(next))).toBe('ok');
  });

  it('is answered with the same next one for half a minute, to the client that used it', async () => {
    const { person, pair, id } = await signedIn();
    const next = await refresh(pair);
    const third = await refresh(next);
    world.pass(GRACE_MS - 5_000);
    const again = await refresh(pair);
    expect(again.refresh_token).toBe(next.refresh_token);
    expect(claimsOf(again.access_token)).toMatchObject({ sub: person.id, sid: id });
    expect((await refresh(again)).refresh_token).toBe(third.refresh_token);
    expect(await world.events(person)).not.toContain('refresh_token_reused');
  });

  it.each<[string, Partial<messages.RefreshRequest>]>([
    ['address', { address: '192.0.2.77' }],
    ['program', { user_agent: 'another one' }],
  ])('ends its whole family when it is used again from another %s at once', async (_what, other) => {
    const { person, pair, id } = await signedIn();
    const next = await refresh(pair);
    expect(await codeOf(world.ask(Refresh, { refresh_token: pair.refresh_token, address: HOME, ...other }))).toBe(
      'invalid_refresh_token',
    );
    expect(await codeOf(refresh(next))).toBe('invalid_refresh_token');
    expect((await check(person, id)).active).toBe(false);
  });

  it('H26 ends its whole family when it is used a second time', async () => {
    const { person, pair, id } = await signedIn();
    const second = await refresh(pair);
    const third = await refresh(second);
    world.pass(GRACE_MS + 1);
    expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
    expect(await codeOf(refresh(third))).toBe('invalid_refresh_token');
    expect(await check(person, id)).toEqual({ active: false, mfa: false, operator: false });
    expect(await world.events(person)).toContain('refresh_token_reused');
    expect(await announced(person)).toBe(true);
  });

  it('leaves other sessions of the person alone when its family ends', async () => {
    const { person, pair } = await signedIn();
    const other = await world.login(person);
    await refresh(pair);
    world.pass(GRACE_MS + 1);
    expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
    expect((await check(person, sessionOf(other))).active).toBe(true);
    expect(await codeOf(refresh(other))).toBe('ok');
  });

  it('rotates once when several requests with it are under way at the same moment, and all get the same next one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { person, pair, id } = await signedIn();
      const answers = await Promise.all([refresh(pair), refresh(pair), refresh(pair)]);
      const next = new Set(answers.map(({ refresh_token }) => refresh_token));
      expect(next.size).toBe(1);
      expect((await check(person, id)).active).toBe(true);
      expect(await codeOf(refresh(answers[0] as messages.TokenPair))).toBe('ok');
    }
  });

  it('works thirty days, counted from its last use', async () => {
    const { person, pair, id } = await signedIn();
    world.pass(29 * DAY_MS);
    const next = await refresh(pair);
    world.pass(29 * DAY_MS);
    const last = await refresh(next);
    world.pass(30 * DAY_MS + 1_000);
    expect(await codeOf(refresh(last))).toBe('invalid_refresh_token');
    expect((await world.as(person, ListSessions, {})).items).toEqual([]);
    expect((await check(person, id)).active).toBe(false);
  });

  it('H13 is random, kept as a hash, and guessed ones all get the same answer', async () => {
    const { person, pair } = await signedIn();
    const used = pair.refresh_token;
    const next = await refresh(pair);
    expect(
      JSON.stringify(await world.test.admin('select * from identity.refresh_tokens where user_id = $1', [person.id])),
    ).not.toContain(next.refresh_token.slice(-20));
    expect(Buffer.from(next.refresh_token, 'base64url').length).toBe(16 + 32);
    const ofNobody = Buffer.concat([Buffer.from(newId().replaceAll('-', ''), 'hex'), Buffer.alloc(32, 7)]).toString(
      'base64url',
    );
    const ofPerson = Buffer.concat([Buffer.from(used, 'base64url').subarray(0, 16), Buffer.alloc(32, 7)]).toString(
      'base64url',
    );
    const answers = await Promise.all(
      [ofNobody, ofPerson, 'x'.repeat(64), `${used}=`].map((refresh_token) => toldBy(refresh({ refresh_token }))),
    );
    expect(new Set(answers).size).toBe(1);
    expect(await codeOf(refresh(next))).toBe('ok');
  });

  it('is no reset link', async () => {
    const { pair } = await signedIn();
    expect(
      await codeOf(world.ask(ResetPassword, { token: pair.refresh_token, password: 'another fine password' })),
    ).toBe('link_used');
  });
});

describe('signing out', () => {
  it('ends the session at once, and says so', async () => {
    const { person, pair, id } = await signedIn();
    expect(await world.ask(Logout, { refresh_token: pair.refresh_token })).toEqual({ done: true });
    expect((await check(person, id)).active).toBe(false);
    expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
    expect(await announced(person)).toBe(true);
  });

  it('answers the same for a token nobody knows', async () => {
    expect(await world.ask(Logout, { refresh_token: 'A'.repeat(64) })).toEqual({ done: true });
  });
});

describe('own sessions', () => {
  it('are listed, the latest used first, with where they come from', async () => {
    const person = await world.person();
    const old = await world.login(person, { user_agent: 'Firefox' });
    world.pass(60_000);
    const recent = await world.login(person, { address: '192.0.2.99' });
    const { items } = await world.as(person, ListSessions, {});
    expect(items.map(({ id }) => id)).toEqual([sessionOf(recent), sessionOf(old)]);
    expect(items[1]).toMatchObject({ address: HOME, user_agent: 'Firefox' });
    expect(items[0]).toMatchObject({ address: '192.0.2.99', user_agent: null });
  });

  it('end one by one', async () => {
    const { person, pair, id } = await signedIn();
    const other = await world.login(person);
    await world.as(person, RevokeSession, { id });
    expect((await check(person, id)).active).toBe(false);
    expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
    expect((await check(person, sessionOf(other))).active).toBe(true);
    expect(await announced(person)).toBe(true);
    expect((await world.as(person, ListSessions, {})).items.map((session) => session.id)).toEqual([sessionOf(other)]);
  });

  it('end all together', async () => {
    const { person, pair } = await signedIn();
    const other = await world.login(person);
    await world.as(person, RevokeAllSessions, {});
    expect((await world.as(person, ListSessions, {})).items).toEqual([]);
    expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
    expect(await codeOf(refresh(other))).toBe('invalid_refresh_token');
  });

  describe.each([
    ['a new password', newPassword],
    ['a sign-out everywhere', async (person: TestPerson) => () => world.as(person, RevokeAllSessions, {})],
  ])('under way at %s', (_, ending) => {
    it('do not begin by what was proved before it', async () => {
      const { person } = await signedIn();
      const end = await ending(person);
      const [ended, login] = await behind(account(person), end, () => world.login(person));
      expect([await codeOf(login), await codeOf(ended)]).toEqual(['invalid_credentials', 'ok']);
      expect((await world.as(person, ListSessions, {})).items).toEqual([]);
    });

    it('do nothing for their person that comes after it', async () => {
      const { person, id } = await signedIn();
      const end = await ending(person);
      const late = () => world.as({ ...person, session: id }, RevokeAllSessions, {});
      const [ended, done] = await behind(account(person), end, late);
      expect([await codeOf(ended), await codeOf(done)]).toEqual(['ok', 'unauthenticated']);
    });

    it('end with the others where they are just beginning', async () => {
      const { person } = await signedIn();
      const end = await ending(person);
      const [login, ended] = await behind(table('open_sessions'), () => world.login(person), end);
      const pair = await login;
      expect(await codeOf(ended)).toBe('ok');
      expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
      expect((await world.as(person, ListSessions, {})).items).toEqual([]);
    });
  });

  describe.each<[string, (person: TestPerson, pair: messages.TokenPair) => Promise<() => Promise<unknown>>]>([
    ['a new password', newPassword],
    ['a sign-out everywhere', async (person) => () => world.as(person, RevokeAllSessions, {})],
    ['their own end', async (person, pair) => () => world.as(person, RevokeSession, { id: sessionOf(pair) })],
    ['a sign-out', async (_person, pair) => () => world.ask(Logout, { refresh_token: pair.refresh_token })],
  ])('that go on at %s', (_, ending) => {
    it('refuse it by nothing they lock, and end with it', async () => {
      const { person, pair } = await signedIn();
      const end = await ending(person, pair);
      const [refreshed, ended] = await behind(table('refresh_tokens'), () => refresh(pair), end);
      const next = await refreshed;
      expect([await codeOf(ended), await codeOf(refresh(next))]).toEqual(['ok', 'invalid_refresh_token']);
    });

    it('refuse it by nothing they lock where a new one ends another', async () => {
      const { person, pair } = await signedIn();
      await crowd(person);
      const end = await ending(person, pair);
      const [login, ended] = await behind(table('refresh_tokens'), () => world.login(person), end);
      expect(await codeOf(login)).toBe('ok');
      expect(['ok', 'not_found']).toContain(await codeOf(ended));
      expect(await codeOf(refresh(pair))).toBe('invalid_refresh_token');
    });
  });

  it.each<[string, RequestContract, (other: string) => object]>([
    ['saying who they are', GetMe, () => ({})],
    ['a list', ListSessions, () => ({})],
    ['the end of another', RevokeSession, (id) => ({ id })],
    ['the end of all', RevokeAllSessions, () => ({})],
    ['the beginning of a second factor', EnrollTotp, () => ({ password: PASSWORD })],
    ['a guess at the password', EnrollTotp, () => ({ password: 'not the right password' })],
    ['a first code', ConfirmTotp, () => ({ code: '123456' })],
  ])('do nothing for their person once they have ended: %s', async (_, contract, payload) => {
    const [{ person, pair, id }, stranger] = [await signedIn(), await signedIn()];
    const other = sessionOf(await world.login(person));
    const ask = (session: string) => codeOf(world.as({ ...person, session }, contract, payload(other)));
    await world.ask(Logout, { refresh_token: pair.refresh_token });
    expect([await ask(id), await ask(stranger.id)]).toEqual(['unauthenticated', 'unauthenticated']);
    expect((await check(person, other)).active).toBe(true);
    expect(await ask(other)).not.toBe('unauthenticated');
    const left = sessionOf(await world.login(person));
    world.pass(30 * DAY_MS + 1_000);
    expect(await ask(left)).toBe('unauthenticated');
  });

  it('are counted when all end together, and by no other end; each knows how often that was before', async () => {
    const { person, pair, id } = await signedIn();
    const signOuts = async () => (await world.asOrgs(CountSignOuts, { id: person.id })).sign_outs;
    expect([await signOuts(), (await check(person, id)).sign_outs]).toEqual([0, 0]);
    await world.as(person, RevokeSession, { id: sessionOf(await world.login(person)) });
    await world.ask(Logout, { refresh_token: (await world.login(person)).refresh_token });
    const next = await refresh(pair);
    await codeOf(refresh(pair, '192.0.2.78'));
    expect([await signOuts(), await codeOf(refresh(next))]).toEqual([0, 'invalid_refresh_token']);
    await world.as(person, RevokeAllSessions, {});
    const later = await world.login(person);
    expect([await signOuts(), (await check(person, sessionOf(later))).sign_outs]).toEqual([1, 1]);
    await refresh(later);
    expect((await check(person, sessionOf(later))).sign_outs).toBe(1);
    expect((await world.asOrgs(CountSignOuts, { id: newId() })).sign_outs).toBe(0);
  });

  it('H01 of somebody else look like sessions that are not there', async () => {
    const mine = await signedIn();
    const theirs = await signedIn();
    const [foreign, missing] = await Promise.all(
      [theirs.id, newId()].map((id) => toldBy(world.as(mine.person, RevokeSession, { id }))),
    );
    expect(foreign).toBe(missing);
    expect(foreign).toContain('not_found');
    expect((await check(mine.person, theirs.id)).active).toBe(false);
    expect((await check(theirs.person, theirs.id)).active).toBe(true);
    expect((await world.as(mine.person, ListSessions, {})).items.map(({ id }) => id)).toEqual([mine.id]);
  });

  it('are a hundred at most: one more ends the one unused for longest', async () => {
    const person = await world.person();
    const first = await world.login(person);
    await crowd(person);
    await world.login(person);
    expect((await world.as(person, ListSessions, {})).items).toHaveLength(100);
    expect((await check(person, sessionOf(first))).active).toBe(false);
  });
});
