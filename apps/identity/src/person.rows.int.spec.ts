import { EnrollTotp, ListSessions } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { codeOf, IdentityWorld, PASSWORD, type TestPerson } from './spec/identity.world.spec.js';

let world: IdentityWorld;
let client: pg.Client;
beforeAll(async () => {
  world = await IdentityWorld.start('held');
  client = new pg.Client({ connectionString: world.test.appUrl });
  client.on('error', () => undefined);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await world.stop();
});

/** Runs and commits arbitrary SQL on the service's own role under one person's genuine tag; gives the code of its refusal. */
async function write({ id }: TestPerson, ...statements: string[]): Promise<string | undefined> {
  const tag = new TagSigner(world.test.tagKey).sign(
    { scope: 'self', orgId: null, actor: id, role: 'none', requestId: newId() },
    Date.now(),
  );
  await client.query('begin');
  try {
    await client.query('select tenancy.carry($1)', [tag]);
    for (const each of statements) await client.query(each);
    await client.query('commit');
    return undefined;
  } catch (error) {
    await client.query('rollback');
    return (error as pg.DatabaseError).code;
  }
}

describe("what a statement writes into a person's rows (A77)", () => {
  it('costs whoever works with them no more than what the service writes', async () => {
    const person = await world.person('costly');
    await world.login(person);
    await world.as(person, EnrollTotp, { password: PASSWORD });
    const hash = (cost: string): string => `$argon2id$v=19$${cost}$c2FsdHNhbHRzYWx0c2FsdA$${'A'.repeat(43)}`;
    const long = "repeat('a', 1000000)";
    for (const statement of [
      `update identity.credentials set password_hash = '${hash('m=19456,t=3000,p=1')}'`,
      `update identity.credentials set password_hash = '${hash('m=1945600,t=2,p=1')}'`,
      `update identity.credentials set password_hash = '${hash('m=19456,t=2,p=1')}' || ${long}`,
      `update identity.people set name = ${long}`,
      `update identity.totp_factors set sealed_secret = 'v1.a.b.' || ${long}`,
      `update identity.totp_factors set last_step = -1`,
      `update identity.sessions set user_agent = ${long}`,
      `update identity.sessions set expires_at = 'infinity'`,
      `update identity.refresh_tokens set token_hash = ${long}`,
      `insert into identity.security_events (user_id, id, at, kind, request_id) values ('${person.id}', '${newId()}', now(), ${long}, 'x')`,
      `insert into identity.person_commands (user_id, id, actor, message_type, idempotency_key, request_hash, reply) values ('${person.id}', '${newId()}', 'x', 'x', 'x', 'x', ${long})`,
    ])
      expect([statement, await write(person, statement)]).toEqual([statement, '23514']);
    // The control: of that form, it is written, and opens nothing.
    expect(
      await write(person, `update identity.credentials set password_hash = '${hash('m=19456,t=2,p=1')}'`),
    ).toBeUndefined();
    expect(await write(person, `update identity.sessions set user_agent = 'mine'`)).toBeUndefined();
    expect((await world.as(person, ListSessions, {})).items[0]?.user_agent).toBe('mine');
    expect(await codeOf(world.login(person))).toBe('invalid_credentials');
  });
});
