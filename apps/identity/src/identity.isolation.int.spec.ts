import {
  CheckSession,
  ConfirmTotp,
  EnrollTotp,
  ForgotPassword,
  IssueAccessGrant,
  Refresh,
  ResetPassword,
} from '@apollo/contracts';
import type { TenantContext } from '@apollo/tenancy';
import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import { hash as argon2 } from '@node-rs/argon2';
import { generateSync } from 'otplib';
import pg from 'pg';
import { newPersonToken } from './secrets/link.token.js';
import { SecretBox } from './secrets/secret.box.js';
import {
  anAddress,
  claimsOf,
  codeOf,
  HOME,
  IdentityWorld,
  PASSWORD,
  type TestPerson,
} from './spec/identity.world.spec.js';

/** Tables with rows of a person, and those that belong to the platform or to nobody. */
const OF_PERSONS = ['people', 'credentials', 'totp_factors', 'sessions', 'refresh_tokens', 'security_events'];
const OF_NO_PERSON = [
  'accounts',
  'open_sessions',
  'access_grants',
  'signing_keys',
  'throttles',
  'platform_commands',
  'audit_heads',
];

let world: IdentityWorld;
let mallory: TestPerson;
let victim: TestPerson;
let client: pg.Client;
/** Every text of the victim's rows that must not come back, and the keys of the platform. */
let secrets: string[];

beforeAll(async () => {
  world = await IdentityWorld.start();
  [mallory, victim] = [await everything('mallory'), await everything('victim')];
  await world.ask(IssueAccessGrant, { email: anAddress('granted') }, { operator: world.operator });
  client = new pg.Client({ connectionString: world.test.appUrl });
  client.on('error', () => undefined);
  await client.connect();
  const rows = await Promise.all([
    ...OF_PERSONS.map((table) => world.test.admin(`select * from identity.${table} where user_id = $1`, [victim.id])),
    world.test.admin('select reset_hash, unnest(recovery_codes) as code from identity.accounts where user_id = $1', [
      victim.id,
    ]),
    world.test.admin('select sealed_private, public_x from identity.signing_keys'),
    world.test.admin("select token_hash from identity.access_grants where state = 'pending'"),
  ]);
  for (const found of rows) expect(found.length).toBeGreaterThan(0);
  secrets = rows
    .flat()
    .flatMap((row) => Object.values(row))
    .filter(
      (value): value is string =>
        typeof value === 'string' && value.length >= 20 && value !== victim.id && !/^[a-z_]+$/.test(value),
    );
  secrets.push(victim.email, victim.email.toLowerCase());
});
afterAll(async () => {
  await (client as pg.Client | undefined)?.end();
  await world.stop();
});

/** A person with rows in every table. */
async function everything(name: string): Promise<TestPerson> {
  const person = await world.person(name);
  await world.login(person);
  const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
  await world.as(person, ConfirmTotp, {
    code: generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) }),
  });
  await world.ask(ForgotPassword, { email: person.email, address: HOME });
  await world.token(person.email);
  return person;
}

function tag(context: Partial<TenantContext>): string {
  return new TagSigner(world.test.tagKey).sign(
    { scope: 'self', orgId: null, actor: mallory.id, role: 'none', requestId: newId(), ...context },
    Date.now(),
  );
}

/** Runs arbitrary SQL on the service's own role under a genuine tag, and gives all that came back. */
async function attack(
  sql: string,
  context: Partial<TenantContext> = {},
): Promise<{ code?: string | undefined; rows: Record<string, unknown>[]; said: string }> {
  await client.query('begin');
  try {
    await client.query('select tenancy.carry($1)', [tag(context)]);
    const { rows } = (await client.query(sql)) as pg.QueryResult<Record<string, unknown>>;
    return { rows, said: JSON.stringify(rows) };
  } catch (error) {
    const failure = error as pg.DatabaseError;
    return {
      code: failure.code,
      rows: [],
      said: [failure.message, failure.detail, failure.hint, failure.where].join(' '),
    };
  } finally {
    await client.query('rollback');
  }
}

function expectNoSecret(said: string): void {
  for (const secret of secrets) expect(said).not.toContain(secret);
}

describe("arbitrary SQL on the service's own connection under one person's tag", () => {
  it.each(OF_PERSONS)("reads that person's rows of %s and nobody else's", async (table) => {
    const own = await attack(`select * from identity.${table}`);
    expect(own.rows.length).toBeGreaterThan(0);
    expect(own.rows.every((row) => row['user_id'] === mallory.id)).toBe(true);
    expectNoSecret(own.said);
    const theirs = await attack(
      `select * from identity.${table} where user_id = '${victim.id}' or true order by (user_id <> '${victim.id}')`,
    );
    expect(theirs.rows.some((row) => row['user_id'] === victim.id)).toBe(false);
  });

  it.each(OF_NO_PERSON)('reads nothing of %s', async (table) => {
    const outcome = await attack(`select * from identity.${table}`);
    expect(outcome.code).toBe('42501');
    expectNoSecret(outcome.said);
  });

  it.each(['org', 'platform'] as const)("A11 reads no person's rows under a tag of scope %s", async (scope) => {
    for (const table of OF_PERSONS) {
      const outcome = await attack(
        `select * from identity.${table}`,
        scope === 'org' ? { scope, orgId: newId() } : { scope },
      );
      expect(outcome.code).toBe('42501');
    }
  });

  it('A17 does not become somebody else in the middle of a statement', async () => {
    const forged = tag({}).replace(mallory.id, victim.id);
    const outcome = await attack(
      `with s as materialized (select tenancy.carry('${forged}')) select password_hash from identity.credentials, s`,
    );
    expect(
      outcome.code === '42501' || outcome.rows.every((row) => !secrets.includes(String(row['password_hash']))),
    ).toBe(true);
    const union = await attack(
      `select tenancy.carry('${forged}') union all select password_hash from identity.credentials where user_id = '${victim.id}'`,
    );
    expectNoSecret(union.said);
  });

  it('A36 A37 writes nothing for somebody else', async () => {
    const stolen = `insert into identity.credentials (user_id, id, password_hash, changed_at) values ('${victim.id}', '${newId()}', 'x', now())`;
    expect((await attack(stolen)).code).toBe('42501');
    expect((await attack(`update identity.sessions set user_id = '${victim.id}'`)).code).toBe('42501');
    expect(
      (await attack(`update identity.credentials set password_hash = 'x' where user_id = '${victim.id}' returning id`))
        .rows,
    ).toEqual([]);
    expect((await attack('delete from identity.refresh_tokens')).code).toBe('42501');
    const sessions = 'select array_agg(id order by id) as ids from identity.sessions where user_id = $1';
    const [theirs] = await world.test.admin(sessions, [victim.id]);
    const [own] = await world.test.admin(sessions, [mallory.id]);
    const remove = (ids: unknown): string =>
      `select * from identity.delete_sessions('{${(ids as string[]).join()}}') as gone (id)`;
    expect((await attack(remove(theirs?.['ids']))).rows).toEqual([]);
    // The control: their own go.
    expect((await attack(`${remove(own?.['ids'])} order by id`)).rows.map(({ id }) => id)).toEqual(own?.['ids']);
    expect((await attack(remove(own?.['ids']), { scope: 'org', orgId: newId() })).code).toBe('42501');
  });

  it('gives none of its own sessions a second factor that it never had, nor another one its (A77)', async () => {
    const person = await world.person('climber');
    const without = await world.login(person);
    const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
    const code = () => generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) });
    await world.as(person, ConfirmTotp, { code: code() });
    world.pass(30_000);
    const given = await world.login(person, { totp_code: code() });
    const [lower, higher] = [without, given].map(({ access_token }) => String(claimsOf(access_token)['sid']));
    const factorOf = async (id = '') => (await world.as(person, CheckSession, { id })).mfa;
    expect([await factorOf(lower), await factorOf(higher)]).toEqual([false, true]);
    for (const mark of [`(select factor_mark from identity.sessions where id = '${higher}')`, `'${newId()}'`]) {
      await client.query('begin');
      await client.query('select tenancy.carry($1)', [tag({ actor: person.id })]);
      await client.query(`update identity.sessions set factor_mark = ${mark} where id = '${lower}'`);
      await client.query('commit');
      expect([await factorOf(lower), await factorOf(higher)]).toEqual([false, true]);
    }
    const { token, hash } = newPersonToken(person.id, higher ?? '', new SecretBox('ab'.repeat(32)));
    await client.query('begin');
    await client.query('select tenancy.carry($1)', [tag({ actor: person.id })]);
    await client.query(
      `insert into identity.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at)
       values ('${person.id}', '${newId()}', '${higher}', '${hash}', now(), now() + interval '1 day')`,
    );
    await client.query('commit');
    expect(await codeOf(world.ask(Refresh, { refresh_token: token, address: HOME }))).toBe('invalid_refresh_token');
    const refreshed = await world.ask(Refresh, { refresh_token: without.refresh_token, address: HOME });
    expect(claimsOf(refreshed.access_token)['mfa']).toBe(false);
  });

  it('opens no account by what it writes there: neither its password nor its codes (A77)', async () => {
    const person = await world.person('closed');
    const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD });
    const code = (): string => generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) });
    await world.as(person, ConfirmTotp, { code: code() });
    const write = async (...statements: string[]): Promise<void> => {
      await client.query('begin');
      await client.query('select tenancy.carry($1)', [tag({ actor: person.id })]);
      for (const each of statements) await client.query(each);
      await client.query('commit');
    };
    const credentials = (): Promise<Record<string, unknown>[]> =>
      world.test.admin('select password_hash from identity.credentials where user_id = $1', [person.id]);
    const [own] = await credentials();
    const [another] = await world.test.admin('select password_hash from identity.credentials where user_id = $1', [
      mallory.id,
    ]);
    const theirs = 'another violet harbour';
    for (const [planted, password] of [
      [await argon2(theirs), theirs],
      [String(another?.['password_hash']), PASSWORD],
    ] as const) {
      await write(`update identity.credentials set password_hash = '${planted}'`);
      expect(await codeOf(world.login(person, { password }))).toBe('invalid_credentials');
    }
    await write(`update identity.credentials set password_hash = '${String(own?.['password_hash'])}'`);
    await write(`select * from identity.delete_totp_factors(array(select id from identity.totp_factors))`);
    expect(await codeOf(world.login(person))).toBe('mfa_required');
    world.pass(30_000);
    expect(await codeOf(world.login(person, { totp_code: code() }))).toBe('invalid_credentials');
    // The control: a link that was mailed.
    await world.ask(ForgotPassword, { email: person.email, address: HOME });
    const token = await world.token(person.email);
    expect(await codeOf(world.ask(ResetPassword, { token, password: 'once more a violet harbour' }))).toBe('ok');
  });

  it('A28 A32 A35 learns nothing from conflicts and errors', async () => {
    const [hash] = await world.test.admin(
      'select token_hash, session_id from identity.refresh_tokens where user_id = $1',
      [victim.id],
    );
    const known = String(hash?.['token_hash']);
    const session = `(select id from identity.sessions limit 1)`;
    const insert = `insert into identity.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at) select '${mallory.id}', '${newId()}', ${session}, '${known}', now(), now()`;
    expect((await attack(insert)).code).toBeUndefined();
    const leaky = await attack(
      `select 1 / (length(password_hash) - length(password_hash)) from identity.credentials where user_id = '${victim.id}'`,
    );
    expect(leaky.code).toBeUndefined();
    expect(leaky.rows).toEqual([]);
  });

  it('cannot ask the directory for an address or a person, nor raise anybody', async () => {
    for (const question of [
      `find_account('${victim.email.toLowerCase()}')`,
      `describe_account('${victim.id}')`,
      `add_account('${newId()}', 'x@y.test', 'x@y.test', true, now())`,
      `allow_orgs('${mallory.id}')`,
      `make_operator('${mallory.id}')`,
      `begin_factor('${mallory.id}', '${newId()}', now())`,
      `await_factor('${mallory.id}', '${newId()}', now(), null)`,
      `try_factor('${mallory.id}', '${newId()}', now(), 1000)`,
      `require_factor('${mallory.id}', '${newId()}', 1, '{}')`,
      `use_factor_step('${mallory.id}', '${newId()}', 1)`,
      `set_password('${victim.id}', 'x')`,
      `use_recovery_code('${mallory.id}', 'x')`,
      `set_reset('${mallory.id}', 'x', now())`,
      `use_reset('${mallory.id}', 'x', now())`,
      `open_session('${newId()}', '${mallory.id}', 'x', now(), now())`,
      `renew_session('${newId()}', '${mallory.id}', 'x', now(), now())`,
      `close_sessions(null, '${victim.id}')`,
    ]) {
      const outcome = await attack(`select * from identity.${question}`);
      expect(outcome.code).toBe('42501');
      expectNoSecret(outcome.said);
    }
    expect((await attack('select * from identity.my_account()')).rows).toEqual([
      {
        email: mallory.email,
        operator: false,
        second_factor: true,
        factor_step: expect.any(String) as string,
        password_digest: expect.any(String) as string,
      },
    ]);
    const { rows, said } = await attack('select * from identity.my_sessions()');
    expect(rows.length).toBeGreaterThan(0);
    expectNoSecret(said);
  });

  it('A05 A43 A44 has no way around rows', async () => {
    for (const sql of [
      'truncate identity.sessions cascade',
      "copy identity.credentials to program 'cat'",
      'create table identity.mine (x int)',
      'set role identity_owner',
      'alter table identity.credentials disable row level security',
    ]) {
      expect((await attack(sql)).code).toBe('42501');
    }
  });

  it('cannot rewrite what happened', async () => {
    expect((await attack("update identity.security_events set kind = 'signed_in'")).code).toBe('42501');
    expect((await attack('delete from identity.security_events')).code).toBe('42501');
  });
});
