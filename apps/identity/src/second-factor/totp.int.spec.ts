import {
  CheckSession,
  CountSignOuts,
  ConfirmTotp,
  EnrollTotp,
  ForgotPassword,
  GetMe,
  Logout,
  type identityMessages as messages,
  Refresh,
  ResetPassword,
  RevokeAllSessions,
  SessionRevokedEvent,
  subjectOf,
} from '@apollo/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateSync } from 'otplib';
import pg from 'pg';
import { claimsOf, codeOf, HOME, IdentityWorld, PASSWORD, type TestPerson } from '../spec/identity.world.spec.js';

const STEP_MS = 30_000;
const NEXT = 'quite another password';

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
});
afterAll(() => world.stop());

/** The code an authenticator shows, `steps` of 30 seconds from now. */
const codeAt = (secret: string, steps = 0) =>
  generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) + steps * 30 });
const wrongCode = (secret: string) => (codeAt(secret) === '123456' ? '654321' : '123456');
const enroll = (person: { id: string; session?: string }, more: Partial<messages.EnrollTotpRequest> = {}) =>
  world.as(person, EnrollTotp, { password: PASSWORD, ...more });

async function protectedPerson(): Promise<{ person: TestPerson; secret: string; recovery: string[] }> {
  const person = await world.person();
  const { secret } = await enroll(person);
  const { recovery_codes: recovery } = await world.as(person, ConfirmTotp, { code: codeAt(secret) });
  world.pass(STEP_MS);
  return { person, secret, recovery };
}

describe('a second factor', () => {
  it('counts from its confirmation on, and the token says so', async () => {
    const person = await world.person();
    const enrollment = await enroll(person);
    expect(enrollment.otpauth_uri).toMatch(/^otpauth:\/\/totp\/Apollo%20Space:/);
    expect(claimsOf((await world.login(person)).access_token)['mfa']).toBe(false);
    expect((await world.as(person, GetMe, {})).mfa_enabled).toBe(false);

    const code = codeAt(enrollment.secret);
    const confirmation = await world.as(person, ConfirmTotp, { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(confirmation.enabled).toBe(true);
    expect(await codeOf(world.login(person, { totp_code: code }))).toBe('invalid_credentials');
    world.pass(STEP_MS);
    expect(new Set(confirmation.recovery_codes).size).toBe(10);
    expect((await world.as(person, GetMe, {})).mfa_enabled).toBe(true);
    expect(await codeOf(world.login(person))).toBe('mfa_required');
    const claims = claimsOf((await world.login(person, { totp_code: codeAt(enrollment.secret) })).access_token);
    expect(claims['mfa']).toBe(true);
    expect(await world.as(person, CheckSession, { id: String(claims['sid']) })).toEqual({
      active: true,
      mfa: true,
      operator: false,
      sign_outs: 0,
    });
  });

  it('counts in the session that confirmed it, which is told at once, and in no other that stood (A77)', async () => {
    const [person, stranger] = [await world.person(), await world.person()];
    const [here, elsewhere, theirs] = [
      await world.login(person),
      await world.login(person),
      await world.login(stranger),
    ];
    const sid = (pair: messages.TokenPair) => String(claimsOf(pair.access_token)['sid']);
    const told: string[] = [];
    world.gateway.connection.subscribe(subjectOf(SessionRevokedEvent, null), {
      callback: (_error, message) => void told.push((message.json() as messages.SessionRevoked).user_id),
    });
    const factorOf = async (of: TestPerson, pair: messages.TokenPair) =>
      (await world.as(of, CheckSession, { id: sid(pair) })).mfa;
    const { secret } = await enroll(person);
    const wrong = { code: wrongCode(secret), session_id: sid(here) };
    expect(await codeOf(world.as(person, ConfirmTotp, wrong))).toBe('invalid_credentials');
    expect(await factorOf(person, here)).toBe(false);
    await world.as(person, ConfirmTotp, { code: codeAt(secret), session_id: sid(here) });
    expect(told).toEqual([person.id]);
    expect([await factorOf(person, here), await factorOf(person, elsewhere)]).toEqual([true, false]);
    const refreshed = await world.ask(Refresh, { refresh_token: here.refresh_token, address: HOME });
    expect(claimsOf(refreshed.access_token)['mfa']).toBe(true);
    // Nor in somebody else's.
    const next = await enroll(stranger);
    const foreign = { code: codeAt(next.secret), session_id: sid(elsewhere) };
    expect(await codeOf(world.as(stranger, ConfirmTotp, foreign))).toBe('unauthenticated');
    expect([await factorOf(person, elsewhere), await factorOf(stranger, theirs)]).toEqual([false, false]);
  });

  it('is not asked for before the password was right', async () => {
    const { person, secret } = await protectedPerson();
    expect(await codeOf(world.login(person, { password: 'not the right password' }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { password: 'not the right password', totp_code: codeAt(secret) }))).toBe(
      'invalid_credentials',
    );
  });

  it('refuses a code that has signed in before, and every older one', async () => {
    const { person, secret } = await protectedPerson();
    const code = codeAt(secret);
    const older = codeAt(secret, -1);
    expect(await codeOf(world.login(person, { totp_code: `${code.slice(0, 3)}\u00a0${code.slice(3)}` }))).toBe('ok');
    expect(await codeOf(world.login(person, { totp_code: code }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { totp_code: older }))).toBe('invalid_credentials');
    world.pass(STEP_MS);
    expect(await codeOf(world.login(person, { totp_code: code }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { totp_code: codeAt(secret) }))).toBe('ok');
  });

  it('lets one of several requests with the same code in', async () => {
    const { person, secret } = await protectedPerson();
    const gate = new pg.Client({ connectionString: world.test.adminUrl });
    await gate.connect();
    await gate.query('begin');
    await gate.query('select id from identity.totp_factors where user_id = $1 for update', [person.id]);
    let answered = 0;
    const attempt = (): Promise<string> =>
      codeOf(world.login(person, { totp_code: codeAt(secret) })).finally(() => (answered += 1));
    const trying = Promise.all([attempt(), attempt(), attempt()]);
    const waiting = async (): Promise<number> =>
      (
        await gate.query<{ waiting: number }>(
          "select count(*)::int as waiting from pg_locks l join pg_stat_activity s using (pid) where not l.granted and l.locktype in ('tuple', 'transactionid') and s.datname = current_database()",
        )
      ).rows[0]?.waiting ?? 0;
    // Until several of them wait for the factor's row: none of them waits for ever.
    while ((await waiting()) < 2 && answered < 2) await sleep(20);
    await gate.query('rollback');
    await gate.end();
    const codes = await trying;
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
  });

  it('takes the code before and after, and none beyond', async () => {
    const { person, secret } = await protectedPerson();
    world.pass(STEP_MS);
    for (const [steps, code] of [
      [-2, 'invalid_credentials'],
      [2, 'invalid_credentials'],
      [-1, 'ok'],
      [1, 'ok'],
    ] as const) {
      expect(await codeOf(world.login(person, { totp_code: codeAt(secret, steps) }))).toBe(code);
    }
  });

  it('can be replaced by a recovery code, once each, however it is typed', async () => {
    const { person, recovery } = await protectedPerson();
    const [first = '', second = ''] = recovery;
    expect(claimsOf((await world.login(person, { totp_code: first })).access_token)['mfa']).toBe(true);
    expect(await codeOf(world.login(person, { totp_code: first }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { totp_code: second.toLowerCase().replaceAll('-', '') }))).toBe('ok');
    const other = await protectedPerson();
    expect(await codeOf(world.login(other.person, { totp_code: recovery[2] ?? '' }))).toBe('invalid_credentials');
    expect(await world.events(person)).toContain('recovery_code_used');
  });

  it('cannot be guessed: wrong codes count like wrong passwords', async () => {
    const { person } = await protectedPerson();
    const codes: string[] = [];
    for (let n = 0; n < 8; n += 1)
      codes.push(await codeOf(world.login(person, { totp_code: '000000', address: `192.0.2.${100 + n}` })));
    expect(codes.slice(-2)).toEqual(['rate_limited', 'rate_limited']);
  });

  it('stores the secret sealed and the recovery codes hashed', async () => {
    const { person, secret, recovery } = await protectedPerson();
    const stored = JSON.stringify([
      await world.test.admin('select * from identity.totp_factors where user_id = $1', [person.id]),
      await world.test.admin('select recovery_codes from identity.accounts where user_id = $1', [person.id]),
      await world.test.admin('select * from identity.person_commands'),
      await world.test.admin('select * from identity.security_events where user_id = $1', [person.id]),
    ]);
    for (const secretText of [secret, ...recovery, ...recovery.map((code) => code.replaceAll('-', ''))])
      expect(stored).not.toContain(secretText);
  });

  it('cannot be opened from another row', async () => {
    const [mine, theirs] = [await protectedPerson(), await protectedPerson()];
    await world.test.admin(
      'update identity.totp_factors set sealed_secret = (select sealed_secret from identity.totp_factors where user_id = $1) where user_id = $2',
      [theirs.person.id, mine.person.id],
    );
    expect(await codeOf(world.login(mine.person, { totp_code: codeAt(theirs.secret) }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(mine.person, { totp_code: codeAt(mine.secret) }))).toBe('invalid_credentials');
  });
});

describe('setting a second factor up', () => {
  it('needs the password', async () => {
    const person = await world.person();
    expect(await codeOf(enroll(person, { password: 'not the right password' }))).toBe('invalid_credentials');
  });

  it('cannot be used to guess the password from a stolen session', async () => {
    const person = await world.person();
    const codes: string[] = [];
    for (let n = 0; n < 7; n += 1) codes.push(await codeOf(enroll(person, { password: 'not the right password' })));
    expect(codes.at(-1)).toBe('rate_limited');
    expect(await codeOf(world.login(person))).toBe('ok');
  });

  it('needs a code of the old one to put a new one in its place', async () => {
    const { person, secret, recovery } = await protectedPerson();
    expect(await codeOf(enroll(person))).toBe('mfa_required');
    expect(await codeOf(enroll(person, { totp_code: '000000' }))).toBe('invalid_credentials');
    const next = await enroll(person, { totp_code: recovery[0] ?? '' });
    expect(await codeOf(world.login(person, { totp_code: codeAt(secret) }))).toBe('ok');
    const confirmed = await world.as(person, ConfirmTotp, { code: codeAt(next.secret) });
    world.pass(STEP_MS);
    world.pass(STEP_MS);
    expect(await codeOf(world.login(person, { totp_code: codeAt(secret) }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { totp_code: recovery[1] ?? '' }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { totp_code: codeAt(next.secret) }))).toBe('ok');
    expect(await codeOf(world.login(person, { totp_code: confirmed.recovery_codes[0] ?? '' }))).toBe('ok');
  });

  it('ends what was begun with the old one, but for the session that replaces it, and what was granted then', async () => {
    const { person, recovery } = await protectedPerson();
    const [here, thief] = [
      await world.login(person, { totp_code: recovery[0] ?? '' }),
      await world.login(person, { totp_code: recovery[1] ?? '' }),
    ];
    const sid = (pair: messages.TokenPair) => String(claimsOf(pair.access_token)['sid']);
    const check = (pair: messages.TokenPair) => world.as(person, CheckSession, { id: sid(pair) });
    expect([await check(here), await check(thief)]).toMatchObject([
      { active: true, mfa: true, sign_outs: 0 },
      { active: true, mfa: true, sign_outs: 0 },
    ]);
    const next = await enroll(person, { totp_code: recovery[2] ?? '' });
    await world.as(person, ConfirmTotp, { code: codeAt(next.secret), session_id: sid(here) });
    expect([await check(here), await check(thief)]).toMatchObject([
      { active: true, mfa: true, sign_outs: 1 },
      { active: false, mfa: false },
    ]);
    const refresh = (pair: messages.TokenPair) =>
      codeOf(world.ask(Refresh, { refresh_token: pair.refresh_token, address: HOME }));
    expect([await refresh(here), await refresh(thief)]).toEqual(['ok', 'invalid_refresh_token']);
    expect((await world.asOrgs(CountSignOuts, { id: person.id })).sign_outs).toBe(1);
  });

  it('is not confirmed by a wrong code, nor without having begun', async () => {
    const person = await world.person();
    expect(await codeOf(world.as(person, ConfirmTotp, { code: '123456' }))).toBe('state_conflict');
    const { secret } = await enroll(person);
    expect(await codeOf(world.as(person, ConfirmTotp, { code: wrongCode(secret) }))).toBe('invalid_credentials');
    expect(await codeOf(world.as(person, ConfirmTotp, { code: 'abcdef' }))).toBe('invalid_credentials');
    expect((await world.as(person, GetMe, {})).mfa_enabled).toBe(false);
  });

  const confirm = (person: TestPerson, code: string) => world.as(person, ConfirmTotp, { code });

  it('takes a few codes and no more: then the right one is too late', async () => {
    const person = await world.person();
    const { secret } = await enroll(person);
    const told: string[] = [];
    for (let n = 0; n < 5; n += 1) told.push(await confirm(person, wrongCode(secret)).then(() => 'taken', String));
    expect(told.map((each) => each.includes('set one up again'))).toEqual([false, false, false, false, true]);
    expect(await codeOf(confirm(person, codeAt(secret)))).toBe('state_conflict');
    expect((await world.as(person, GetMe, {})).mfa_enabled).toBe(false);
    expect((await world.events(person, 8)).filter((kind) => kind === 'totp_confirmation_failed')).toHaveLength(5);
    // The way out: begun anew.
    const next = await enroll(person);
    expect(await codeOf(confirm(person, codeAt(next.secret)))).toBe('ok');
  });

  it('takes no more codes of many at once', async () => {
    const person = await world.person();
    const { secret } = await enroll(person);
    const codes = await Promise.all(Array.from({ length: 12 }, () => codeOf(confirm(person, wrongCode(secret)))));
    expect(codes.filter((code) => code === 'invalid_credentials').length).toBeLessThanOrEqual(5);
    expect(['state_conflict', 'rate_limited']).toContain(await codeOf(confirm(person, codeAt(secret))));
  });

  it('cannot be guessed in one factor after the other: wrong codes count like wrong passwords', async () => {
    const person = await world.person();
    const { secret } = await enroll(person);
    for (let n = 0; n < 3; n += 1) await codeOf(confirm(person, wrongCode(secret)));
    const codes: string[] = [];
    for (let n = 0; n < 4; n += 1) codes.push(await codeOf(enroll(person, { password: 'not the right password' })));
    expect(codes).toEqual(['invalid_credentials', 'invalid_credentials', 'invalid_credentials', 'rate_limited']);
    expect(await codeOf(confirm(person, codeAt(secret)))).toBe('rate_limited');
    world.pass(STEP_MS);
    expect(await codeOf(confirm(person, codeAt(secret)))).toBe('ok');
  });

  it('waits for a quarter of an hour', async () => {
    const [soon, late] = [await world.person(), await world.person()];
    const [first, second] = [await enroll(soon), await enroll(late)];
    world.pass(14 * 60_000);
    expect(await codeOf(confirm(soon, codeAt(first.secret)))).toBe('ok');
    world.pass(2 * 60_000);
    expect(await codeOf(confirm(late, codeAt(second.secret)))).toBe('state_conflict');
    expect((await world.as(late, GetMe, {})).mfa_enabled).toBe(false);
  });

  /** Ends of the sessions of a person who has a mailed link and this one pair. */
  const endings: Record<string, (person: TestPerson, pair: messages.TokenPair, token: string) => Promise<unknown>> = {
    'a new password': (_person, _pair, token) => world.ask(ResetPassword, { token, password: NEXT }),
    'a sign-out everywhere': (person) => world.as(person, RevokeAllSessions, {}),
    'the end of the session that began it': (_person, pair) => world.ask(Logout, { refresh_token: pair.refresh_token }),
  };

  it.each([
    ['a new password', 'a session'],
    ['a sign-out everywhere', 'a session'],
    ['the end of the session that began it', 'a session'],
    ['a new password', 'nobody knows which'],
    ['a sign-out everywhere', 'nobody knows which'],
  ])('waits no longer than until %s, begun by %s', async (ending, by) => {
    const person = await world.person();
    await world.ask(ForgotPassword, { email: person.email, address: HOME });
    const token = await world.token(person.email);
    const thief = await world.login(person);
    const session = String(claimsOf(thief.access_token)['sid']);
    const { secret } = await enroll(by === 'a session' ? { ...person, session } : person);
    await endings[ending]?.(person, thief, token);
    expect(await codeOf(world.as({ ...person, session }, ConfirmTotp, { code: codeAt(secret) }))).toBe(
      'unauthenticated',
    );
    expect(await codeOf(confirm(person, codeAt(secret)))).toBe('state_conflict');
    const password = ending === 'a new password' ? NEXT : PASSWORD;
    expect(await codeOf(world.login(person, { password }))).toBe('ok');
  });

  it('tells the person by mail', async () => {
    const { person } = await protectedPerson();
    expect(
      (await world.mail(person.email, (mails) => mails.find(({ subject }) => subject.includes('second factor')))).text,
    ).toContain('recovery codes');
  });
});
