import { CheckSession, ConfirmTotp, EnrollTotp, ForgotPassword, Refresh, ResetPassword } from '@apollo/contracts';
import { until } from '@apollo/testing';
import { generateSync } from 'otplib';
import {
  anAddress,
  claimsOf,
  codeOf,
  HOME,
  IdentityWorld,
  PASSWORD,
  type TestPerson,
  toldBy,
} from '../spec/identity.world.spec.js';

const MINUTE_MS = 60_000;
const NEXT = 'quite another password';

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
});
afterAll(() => world.stop());

let origins = 0;
const forgot = (email: string, address = `198.51.100.${(origins += 1)}`) =>
  world.ask(ForgotPassword, { email, address });
const reset = (token: string, password = NEXT) => world.ask(ResetPassword, { token, password });
const resetMails = (person: TestPerson) =>
  world.inbox.messages(person.email.toLowerCase()).filter(({ subject }) => subject.startsWith('Reset'));
/** Mails that have not gone out. */
const waiting = async () => (await world.test.admin('select id from identity.mails')).length;

describe('a forgotten password', () => {
  it('is replaced by a mailed link, which ends every session', async () => {
    const person = await world.person();
    const pair = await world.login(person);
    expect(await forgot(person.email.toUpperCase())).toEqual({ done: true });
    const token = await world.token(person.email);
    const mail = await world.mail(person.email, ([first]) => first);
    expect(mail.links[0]).toBe(`http://apollo.test/reset-password#token=${token}`);
    expect(mail.text.split('\n')).toContain(token);

    expect(await reset(token)).toEqual({ done: true });
    expect(await codeOf(world.login(person))).toBe('invalid_credentials');
    expect(await codeOf(world.login(person, { password: NEXT }))).toBe('ok');
    expect(await codeOf(world.ask(Refresh, { refresh_token: pair.refresh_token, address: HOME }))).toBe(
      'invalid_refresh_token',
    );
    expect((await world.as(person, CheckSession, { id: String(claimsOf(pair.access_token)['sid']) })).active).toBe(
      false,
    );
    await world.mail(person.email, (mails) => mails.find(({ subject }) => subject.includes('was changed')));
    expect(await world.events(person)).toEqual(
      expect.arrayContaining(['password_reset_requested', 'password_changed']),
    );
  });

  it('H11 is replaced once by one link, also when the link is used many times at once', async () => {
    const person = await world.person();
    await forgot(person.email);
    const token = await world.token(person.email);
    const codes = await Promise.all([1, 2, 3].map((n) => codeOf(reset(token, `${NEXT} ${n}`))));
    expect(codes.sort()).toEqual(['link_used', 'link_used', 'ok']);
    expect(await codeOf(reset(token))).toBe('link_used');
  });

  it('H11 is not replaced by a link that is an hour old or was followed by another', async () => {
    const person = await world.person();
    await forgot(person.email);
    const first = await world.token(person.email, 1);
    await forgot(person.email);
    const second = await world.token(person.email, 2);
    expect(await codeOf(reset(first))).toBe('link_used');
    world.pass(60 * MINUTE_MS);
    expect(await codeOf(reset(second))).toBe('link_used');
    expect(await codeOf(world.login(person))).toBe('ok');
  });

  it('H13 gives one answer to guessed, malformed and used tokens', async () => {
    const person = await world.person();
    await forgot(person.email);
    const token = await world.token(person.email);
    const guess = Buffer.concat([Buffer.from(token, 'base64url').subarray(0, 16), Buffer.alloc(32, 9)]).toString(
      'base64url',
    );
    const answers = await Promise.all(
      [guess, 'A'.repeat(64), 'nothing like a token at all'].map((text) => toldBy(reset(text))),
    );
    await reset(token);
    expect(new Set([...answers, await toldBy(reset(token))]).size).toBe(1);
    expect(JSON.stringify(await world.test.admin('select * from identity.accounts'))).not.toContain(token);
  });

  it('H14 gives one answer for known and unknown addresses, before anything is looked up', async () => {
    const person = await world.person();
    const nobody = anAddress('nobody');
    const answers = await Promise.all([toldBy(forgot(person.email)), toldBy(forgot(nobody))]);
    expect(answers[0]).toBe(answers[1]);
    await world.token(person.email);
    expect(world.inbox.messages(nobody.toLowerCase())).toEqual([]);
  });

  it('H14 leaves nothing of a mail to an address that nobody has', async () => {
    await until(async () => (await waiting()) === 0);
    // As many as go out at once, so that what comes behind them is seen.
    const [free, underWay] = [Promise.withResolvers<undefined>(), new Set<string>()];
    world.inbox.judge((to) => {
      underWay.add(to);
      return free.promise;
    });
    for (let n = 0; n < 4; n += 1) await forgot((await world.person()).email);
    await until(() => underWay.size === 4);
    const nobody = anAddress('nobody');
    await forgot(nobody);
    await until(async () => (await waiting()) === 5);
    free.resolve(undefined);
    await until(async () => (await waiting()) === 0);
    world.inbox.judge(() => undefined);
    expect(world.inbox.messages(nobody.toLowerCase())).toEqual([]);
  });

  it('is not used up by a password that is refused', async () => {
    const person = await world.person();
    await forgot(person.email);
    const token = await world.token(person.email);
    expect(await codeOf(reset(token, person.email.toLowerCase()))).toBe('validation_failed');
    expect(await codeOf(reset(token, 'Qwerty123456'))).toBe('validation_failed');
    expect(await codeOf(reset(token, ' '.repeat(12)))).toBe('validation_failed');
    expect(await codeOf(reset(token))).toBe('ok');
  });

  it('does not take the second factor away', async () => {
    const person = await world.person();
    const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
    await world.as(person, ConfirmTotp, {
      code: generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) }),
    });
    await forgot(person.email);
    await reset(await world.token(person.email));
    expect(await codeOf(world.login(person, { password: NEXT }))).toBe('mfa_required');
  });

  it('cannot be used to flood somebody with mail, and the answer does not tell', async () => {
    const person = await world.person();
    for (let n = 0; n < 12; n += 1) expect(await codeOf(forgot(person.email))).toBe('ok');
    await until(() => resetMails(person).length > 0);
    await until(async () => (await waiting()) === 0);
    expect(resetMails(person).length).toBeLessThanOrEqual(6);
  });

  it('cannot be asked for without end from one origin', async () => {
    const codes: string[] = [];
    for (let n = 0; n < 53; n += 1) codes.push(await codeOf(forgot(anAddress('flood'), '203.0.113.5')));
    expect(codes.at(-1)).toBe('rate_limited');
  });

  it('is replaced for its person and nobody else', async () => {
    const [mine, theirs] = [await world.person(), await world.person()];
    await forgot(mine.email);
    await reset(await world.token(mine.email));
    expect(await codeOf(world.login(theirs, { password: NEXT }))).toBe('invalid_credentials');
    expect(await codeOf(world.login(theirs, { password: PASSWORD }))).toBe('ok');
  });
});
