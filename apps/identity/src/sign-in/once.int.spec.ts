import {
  ConfirmTotp,
  EnrollTotp,
  ListSessions,
  Login,
  Refresh,
  type RequestContract,
  type identityMessages as messages,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { generateSync } from 'otplib';
import { codeOf, HOME, IdentityWorld, PASSWORD, type TestPerson } from '../spec/identity.world.spec.js';

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
});
afterAll(() => world.stop());

const codeNow = (secret: string) => generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) });
const login = (person: TestPerson, key: string, more: Partial<messages.LoginRequest> = {}) =>
  world.ask(Login, { email: person.email, password: PASSWORD, address: HOME, ...more }, { key });
const sessions = async (person: TestPerson) => (await world.as(person, ListSessions, {})).items.length;
const stored = (contract: RequestContract) =>
  world.test.admin(
    `select reply from (select message_type, reply from identity.platform_commands union all select message_type, reply from identity.person_commands) c where message_type like $1`,
    [`%${contract.method}%`],
  );

async function withFactor(): Promise<{ person: TestPerson; secret: string }> {
  const person = await world.person();
  const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
  await world.as(person, ConfirmTotp, { code: codeNow(secret) });
  world.pass(30_000);
  return { person, secret };
}

describe('with one key', () => {
  it('somebody signs in once, and is given the same tokens again', async () => {
    const person = await world.person();
    const key = newId();
    const first = await login(person, key);
    expect(await login(person, key)).toEqual(first);
    expect(await sessions(person)).toBe(1);
    expect(await login(person, newId())).not.toEqual(first);
    expect(await codeOf(login(person, key, { password: 'not the right password' }))).toBe('invalid_credentials');
  });

  it('somebody signs in once by many requests at the same moment', async () => {
    const person = await world.person();
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 4 }, () => login(person, key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await sessions(person)).toBe(1);
  });

  it('a code is used up once, and the answer it gave is given again', async () => {
    const { person, secret } = await withFactor();
    const [key, totp_code] = [newId(), codeNow(secret)];
    const answers = await Promise.all(Array.from({ length: 3 }, () => login(person, key, { totp_code })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await codeOf(login(person, newId(), { totp_code }))).toBe('invalid_credentials');
    expect(await sessions(person)).toBe(1);
  });

  it('a refresh is answered the same, long after its grace', async () => {
    const person = await world.person();
    const { refresh_token } = await login(person, newId());
    const key = newId();
    const refresh = () => world.ask(Refresh, { refresh_token, address: HOME }, { key });
    const first = await refresh();
    world.pass(60_000);
    expect(await refresh()).toEqual(first);
  });

  it('a second factor and its recovery codes are given again', async () => {
    const person = await world.person();
    const key = newId();
    const enroll = () => world.as(person, EnrollTotp, { password: PASSWORD }, key);
    const enrollment = await enroll();
    expect(await enroll()).toEqual(enrollment);
    const code = codeNow(enrollment.secret);
    const confirmed = await world.as(person, ConfirmTotp, { code }, key);
    expect(await world.as(person, ConfirmTotp, { code }, key)).toEqual(confirmed);
    expect(await codeOf(world.as(person, ConfirmTotp, { code: '000000' }, key))).toBe('idempotency_mismatch');
  });

  it.each([Login, Refresh, EnrollTotp, ConfirmTotp] as RequestContract[])(
    'nothing of an answer to $method can be read where it is kept',
    async (contract) => {
      const { person, secret } = await withFactor();
      const { refresh_token } = await login(person, newId(), { totp_code: codeNow(secret) });
      await world.ask(Refresh, { refresh_token, address: HOME });
      const rows = await stored(contract);
      expect(rows.length).toBeGreaterThan(0);
      for (const { reply } of rows) {
        expect(reply).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
        expect(reply).not.toMatch(/token|secret|recovery/);
      }
    },
  );

  it('an answer is kept for ten minutes, and gone with the next one of its kind', async () => {
    const person = await world.person();
    const key = newId();
    const first = await login(person, key);
    await world.test.admin("update identity.platform_commands set created_at = created_at - interval '10 minutes'");
    expect(await login(person, key)).not.toEqual(first);
    expect(await stored(Login)).toHaveLength(1);
    expect(await sessions(person)).toBe(2);
  });

  it('an answer is given to nobody else, whoever has it in a row of theirs (A77)', async () => {
    const [mine, theirs] = [await world.person(), await world.person()];
    const [key, planted] = [newId(), newId()];
    const enroll = (person: TestPerson, by: string) => world.as(person, EnrollTotp, { password: PASSWORD }, by);
    const first = await enroll(theirs, key);
    await world.test.admin(
      `insert into identity.person_commands (user_id, id, actor, message_type, idempotency_key, request_hash, reply)
       select $1::uuid, gen_random_uuid(), $1::text, message_type, k, request_hash, reply
       from identity.person_commands, unnest($2::text[]) k where user_id = $3 and idempotency_key = $4`,
      [mine.id, [key, planted], theirs.id, key],
    );
    expect(await codeOf(enroll(mine, key))).toBe('state_conflict');
    expect(await codeOf(enroll(mine, planted))).toBe('state_conflict');
    expect(await enroll(theirs, key)).toEqual(first);
  });

  it('an answer is kept no longer by whoever writes another time into its row (A77)', async () => {
    const person = await world.person();
    const key = newId();
    const first = await login(person, key);
    await world.test.admin("update identity.platform_commands set created_at = now() + interval '1 day'");
    expect(await login(person, key)).toEqual(first);
    const clock = Date.now;
    const later = clock() + 600_000;
    try {
      Date.now = () => later;
      expect(await codeOf(login(person, key))).toBe('state_conflict');
    } finally {
      Date.now = clock;
    }
  });
});
