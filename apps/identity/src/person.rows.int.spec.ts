import {
  CheckSession,
  ConfirmTotp,
  EnrollTotp,
  ForgotPassword,
  ListSessions,
  Logout,
  Refresh,
  ResetPassword,
  RevokeAllSessions,
  RevokeSession,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import { generateSync } from 'otplib';
import pg from 'pg';
import { openFactor } from './second-factor/factor.seal.js';
import { SecretBox } from './secrets/secret.box.js';
import {
  claimsOf,
  codeOf,
  HOME,
  IdentityWorld,
  PASSWORD,
  SEALING_KEY,
  type TestPerson,
} from './spec/identity.world.spec.js';

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

/**
 * Runs and commits arbitrary SQL on the service's own role under one person's genuine tag; gives the code of its
 * refusal.
 */
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

const DAY_MS = 24 * 3_600_000;
const codeNow = (secret: string): string => generateSync({ secret, epoch: Math.floor(world.now().getTime() / 1000) });

async function withFactor(name: string): Promise<{ person: TestPerson; secret: string; recovery: string[] }> {
  const person = await world.person(name);
  return { person, ...(await newFactor(person)) };
}

async function newFactor(person: TestPerson, totp_code?: string): Promise<{ secret: string; recovery: string[] }> {
  const { secret } = await world.as(person, EnrollTotp, { password: PASSWORD, totp_code });
  const { recovery_codes: recovery } = await world.as(person, ConfirmTotp, { code: codeNow(secret) });
  world.pass(30_000);
  return { secret, recovery };
}

/** The confirmed factor as its row holds it. */
async function factorOf({ id }: TestPerson): Promise<{ id: string; sealed_secret: string }> {
  const [row] = await world.test.admin(
    "select id, sealed_secret from identity.totp_factors where user_id = $1 and state = 'confirmed'",
    [id],
  );
  return row as { id: string; sealed_secret: string };
}

const DROP_FACTORS = 'select * from identity.delete_totp_factors(array(select id from identity.totp_factors))';
const addFactor = (person: TestPerson, id: string, sealed: string, state = 'confirmed'): string =>
  `insert into identity.totp_factors (user_id, id, state, sealed_secret, created_at) values ('${person.id}', '${id}', '${state}', '${sealed}', now())`;

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

  it('lets nobody in who holds the second factor of another person, or an earlier one', async () => {
    const [victim, mallory] = [await withFactor('victim'), await withFactor('mallory')];
    const [own, theirs] = [await factorOf(victim.person), await factorOf(mallory.person)];
    const login = (secret: string) => codeOf(world.login(victim.person, { totp_code: codeNow(secret) }));
    const box = new SecretBox(SEALING_KEY);
    const sealedBefore = box.seal(mallory.secret, `totp:${theirs.id}`);
    for (const [id, sealed] of [
      [theirs.id, theirs.sealed_secret],
      [own.id, theirs.sealed_secret],
      [theirs.id, sealedBefore],
      [own.id, sealedBefore],
    ] as const) {
      expect(await write(victim.person, DROP_FACTORS, addFactor(victim.person, id, sealed))).toBeUndefined();
      expect(await login(mallory.secret)).toBe('invalid_credentials');
      await write(victim.person, DROP_FACTORS, addFactor(victim.person, id, sealed, 'pending'));
      expect(await codeOf(world.as(victim.person, ConfirmTotp, { code: codeNow(mallory.secret) }))).toBe(
        'state_conflict',
      );
      world.pass(3_600_000);
    }
    // The control: their own, which another one follows then.
    await write(victim.person, DROP_FACTORS, addFactor(victim.person, own.id, own.sealed_secret));
    expect(await login(victim.secret)).toBe('ok');
    await newFactor(victim.person, victim.recovery[0]);
    await write(victim.person, DROP_FACTORS, addFactor(victim.person, own.id, own.sealed_secret));
    expect(await login(victim.secret)).toBe('invalid_credentials');
  });

  it('keeps a second factor of before, whose seal names no person, and seals it anew', async () => {
    const { person, secret } = await withFactor('early');
    const { id } = await factorOf(person);
    const box = new SecretBox(SEALING_KEY);
    await write(person, `update identity.totp_factors set sealed_secret = '${box.seal(secret, `totp:${id}`)}'`);
    expect(await codeOf(world.login(person, { totp_code: codeNow(secret) }))).toBe('ok');
    expect(openFactor(person.id, await factorOf(person), box)).toBe(secret);
  });

  it('has no reset link work that was used, was followed by another or has expired', async () => {
    const person = await world.person('forgetful');
    const link = async (count: number): Promise<string> => {
      await world.ask(ForgotPassword, { email: person.email, address: HOME });
      return world.token(person.email, count);
    };
    const reset = (token: string) => codeOf(world.ask(ResetPassword, { token, password: 'another violet harbour' }));
    const followed = await link(1);
    const used = await link(2);
    expect(await reset(used)).toBe('ok');
    expect(await reset(used)).toBe('link_used');
    const late = await link(3);
    // What the directory holds of links, no statement under the person's tag writes.
    for (const statement of [
      `select * from identity.set_reset('${person.id}', 'x', now() + interval '9 years')`,
      `update identity.accounts set reset_until = now() + interval '9 years'`,
    ])
      expect(await write(person, statement)).toBe('42501');
    expect([await reset(followed), await reset(used)]).toEqual(['link_used', 'link_used']);
    world.pass(400 * DAY_MS);
    expect([await reset(late), await reset(used)]).toEqual(['link_used', 'link_used']);
    expect(await reset(await link(4))).toBe('ok');
  });

  it('has no password work again that was changed since', async () => {
    const person = await world.person('changed');
    const hash = async (): Promise<string> => {
      const [row] = await world.test.admin('select password_hash from identity.credentials where user_id = $1', [
        person.id,
      ]);
      return String(row?.['password_hash']);
    };
    const put = (stored: string) => write(person, `update identity.credentials set password_hash = '${stored}'`);
    const before = await hash();
    // The control: while it is in force, it does no harm.
    expect(await put(before)).toBeUndefined();
    expect(await codeOf(world.login(person))).toBe('ok');
    await world.ask(ForgotPassword, { email: person.email, address: HOME });
    const password = 'another violet harbour';
    await world.ask(ResetPassword, { token: await world.token(person.email), password });
    const since = await hash();
    expect(await put(before)).toBeUndefined();
    for (const statement of [
      `select * from identity.set_password('${person.id}', '${before}')`,
      `update identity.accounts set password_digest = encode(sha256(convert_to('${before}', 'UTF8')), 'hex')`,
    ])
      expect(await write(person, statement)).toBe('42501');
    expect(await codeOf(world.login(person))).toBe('invalid_credentials');
    expect(await codeOf(world.as(person, EnrollTotp, { password: PASSWORD }))).toBe('invalid_credentials');
    await put(since);
    expect(await codeOf(world.login(person, { password }))).toBe('ok');
  });

  it('has no code of a second factor work again', async () => {
    const { person, secret } = await withFactor('copied');
    const { id, sealed_secret } = await factorOf(person);
    const login = (totp_code: string) => codeOf(world.login(person, { totp_code }));
    const used = codeNow(secret);
    expect(await login(used)).toBe('ok');
    expect(await write(person, DROP_FACTORS, addFactor(person, id, sealed_secret))).toBeUndefined();
    for (const statement of [
      `select * from identity.use_factor_step('${person.id}', '${id}', 0)`,
      `select * from identity.begin_factor('${person.id}', '${id}', now())`,
      `update identity.accounts set factor_step = null`,
    ])
      expect(await write(person, statement)).toBe('42501');
    expect(await login(used)).toBe('invalid_credentials');
    // The control: one that follows.
    world.pass(30_000);
    expect(await login(used)).toBe('invalid_credentials');
    expect(await login(codeNow(secret))).toBe('ok');
  });

  it('has no second factor confirmed that was replaced, or another was begun after', async () => {
    const { person, secret, recovery } = await withFactor('restless');
    const own = await factorOf(person);
    const begun = await world.as(person, EnrollTotp, { password: PASSWORD, totp_code: recovery[0] });
    const [pending] = await world.test.admin(
      "select id, sealed_secret from identity.totp_factors where user_id = $1 and state = 'pending'",
      [person.id],
    );
    const next = await newFactor(person, recovery[1]);
    const now = await factorOf(person);
    // Yet another one waits.
    await world.as(person, EnrollTotp, { password: PASSWORD, totp_code: next.recovery[0] });
    const confirm = (of: string) => codeOf(world.as(person, ConfirmTotp, { code: codeNow(of) }));
    const put = (id: string, sealed: string) => write(person, DROP_FACTORS, addFactor(person, id, sealed, 'pending'));
    expect(await put(own.id, own.sealed_secret)).toBeUndefined();
    expect(await confirm(secret)).toBe('state_conflict');
    await put(String(pending?.['id']), String(pending?.['sealed_secret']));
    expect(await confirm(begun.secret)).toBe('state_conflict');
    // The control: what is in force goes on.
    await write(person, DROP_FACTORS, addFactor(person, now.id, now.sealed_secret));
    expect(await codeOf(world.login(person, { totp_code: codeNow(next.secret) }))).toBe('ok');
  });

  it('has no recovery code work again', async () => {
    const { person, recovery } = await withFactor('careless');
    const login = (totp_code = '') => codeOf(world.login(person, { totp_code }));
    expect(await login(recovery[0])).toBe('ok');
    for (const statement of [
      `select * from identity.require_factor('${person.id}', '${newId()}', 1, '{x}')`,
      `update identity.accounts set recovery_codes = '{x}'`,
    ])
      expect(await write(person, statement)).toBe('42501');
    expect(await login(recovery[0])).toBe('invalid_credentials');
    expect(await login(recovery[1])).toBe('ok');
  });

  it.each<[string, (person: TestPerson, id: string, refresh_token: string) => Promise<unknown>]>([
    ['signed out', (_person, _id, refresh_token) => world.ask(Logout, { refresh_token })],
    ['revoked', (person, id) => world.as(person, RevokeSession, { id })],
    ['revoked with all', (person) => world.as(person, RevokeAllSessions, {})],
    ['left for thirty days', async () => world.pass(30 * DAY_MS + 1_000)],
  ])('opens no session again that was %s', async (_how, end) => {
    const person = await world.person('gone');
    const { access_token, refresh_token } = await world.login(person);
    const id = String(claimsOf(access_token)['sid']);
    const active = async () => (await world.as(person, CheckSession, { id })).active;
    const [token] = await world.test.admin('select * from identity.refresh_tokens where session_id = $1', [id]);
    const revived = [
      `update identity.sessions set ended_at = null, end_reason = null, expires_at = now() + interval '9 years'`,
      `insert into identity.refresh_tokens (user_id, id, session_id, token_hash, created_at, expires_at)
       values ('${person.id}', '${newId()}', '${id}', '${String(token?.['token_hash'])}', now(), now() + interval '9 years')
       on conflict (user_id, token_hash) do update set used_at = null, expires_at = excluded.expires_at`,
    ];
    // The control: while it stands, neither does any harm.
    expect(await write(person, ...revived)).toBeUndefined();
    expect(await active()).toBe(true);
    await end(person, id, refresh_token);
    expect(await write(person, ...revived)).toBeUndefined();
    expect(await active()).toBe(false);
    world.pass(60 * DAY_MS);
    expect(await codeOf(world.ask(Refresh, { refresh_token, address: HOME }))).toBe('invalid_refresh_token');
    expect(await active()).toBe(false);
  });

  it('ends what pretends to have ended already, when all sessions are revoked', async () => {
    const person = await world.person('pretender');
    const { access_token, refresh_token } = await world.login(person);
    const id = String(claimsOf(access_token)['sid']);
    await write(person, `update identity.sessions set ended_at = now()`);
    await world.as(person, RevokeAllSessions, {});
    await write(person, `update identity.sessions set ended_at = null`);
    expect((await world.as(person, CheckSession, { id })).active).toBe(false);
    expect(await codeOf(world.ask(Refresh, { refresh_token, address: HOME }))).toBe('invalid_refresh_token');
  });

  it('takes no refresh token for unused, or for just used, that was used before', async () => {
    for (const planted of [() => 'used_at = null, used_by = null', () => `used_at = '${world.now().toISOString()}'`]) {
      const person = await world.person('twice');
      const refresh = (refresh_token: string) => world.ask(Refresh, { refresh_token, address: HOME });
      const first = await world.login(person);
      const second = await refresh(first.refresh_token);
      // The control: the same client is given it again at once.
      expect((await refresh(first.refresh_token)).refresh_token).toBe(second.refresh_token);
      world.pass(60_000);
      expect(await write(person, `update identity.refresh_tokens set ${planted()} where used_at is not null`)).toBe(
        undefined,
      );
      expect(await codeOf(refresh(first.refresh_token))).toBe('invalid_refresh_token');
      expect(await codeOf(refresh(second.refresh_token))).toBe('invalid_refresh_token');
    }
  });

  it('takes no refresh token for used by somebody who used another', async () => {
    const person = await world.person('copied');
    const refresh = (refresh_token: string, address: string) => world.ask(Refresh, { refresh_token, address });
    const thief = '198.51.100.66';
    await refresh((await world.login(person)).refresh_token, thief);
    const first = await world.login(person);
    const second = await refresh(first.refresh_token, HOME);
    const sid = String(claimsOf(first.access_token)['sid']);
    const planted = `update identity.refresh_tokens set used_by = (select used_by from identity.refresh_tokens where used_by is not null and session_id <> '${sid}') where used_by is not null`;
    expect(await write(person, planted)).toBeUndefined();
    expect(await codeOf(refresh(first.refresh_token, thief))).toBe('invalid_refresh_token');
    expect(await codeOf(refresh(second.refresh_token, HOME))).toBe('invalid_refresh_token');
  });

  const GONE = 'select * from identity.delete_sessions(array(select id from identity.sessions))';

  /** What makes it so that rows do not show a session as one that goes on by its token. */
  const HIDING: [string, (other: string) => string][] = [
    ['as ended', () => `update identity.sessions set ended_at = now()`],
    ['as expired', () => `update identity.sessions set expires_at = now() - interval '1 day'`],
    ['with its token as expired', () => `update identity.refresh_tokens set expires_at = now() - interval '1 day'`],
    ['with its token at another', (other) => `update identity.refresh_tokens set session_id = '${other}'`],
    [
      'with no token',
      () => 'select * from identity.delete_refresh_tokens(array(select id from identity.refresh_tokens))',
    ],
    ['as never begun', () => GONE],
  ];

  /** Somebody signed in twice, whose rows can be as they were then again. */
  async function signedInTwice() {
    const person = await world.person('twofold');
    const [pair, other] = [await world.login(person), await world.login(person)];
    const rows = async (table: string): Promise<string> => {
      const found = await world.test.admin(`select * from identity.${table} where user_id = $1`, [person.id]);
      return `insert into identity.${table} select * from json_populate_recordset(null::identity.${table}, '${JSON.stringify(found)}')`;
    };
    const again = [GONE, await rows('sessions'), await rows('refresh_tokens')];
    const [id, otherId] = [pair, other].map(({ access_token }) => String(claimsOf(access_token)['sid']));
    const active = async (session = id) => (await world.as(person, CheckSession, { id: session })).active;
    return { person, pair, other, otherId, again: () => write(person, ...again), active };
  }
  const refreshed = (refresh_token: string) => codeOf(world.ask(Refresh, { refresh_token, address: HOME }));

  it.each(HIDING)('keeps no session going that is signed out of while it stands there %s', async (_how, hiding) => {
    const { person, pair, other, otherId = '', again, active } = await signedInTwice();
    expect(await write(person, hiding(otherId))).toBeUndefined();
    await world.ask(Logout, { refresh_token: pair.refresh_token });
    expect(await again()).toBeUndefined();
    expect(await active()).toBe(false);
    expect(await refreshed(pair.refresh_token)).toBe('invalid_refresh_token');
    // The control: the other one, which nobody signed out of.
    expect(await active(otherId)).toBe(true);
    expect(await refreshed(other.refresh_token)).toBe('ok');
  });

  it.each(HIDING)(
    'keeps no session going whose token is in two hands while it stands there %s',
    async (_how, hiding) => {
      const { person, pair, otherId = '', again, active } = await signedInTwice();
      const next = await world.ask(Refresh, { refresh_token: pair.refresh_token, address: HOME });
      world.pass(60_000);
      expect(await write(person, hiding(otherId))).toBeUndefined();
      expect(await refreshed(pair.refresh_token)).toBe('invalid_refresh_token');
      expect(await again()).toBeUndefined();
      expect([await active(), await active(otherId)]).toEqual([false, true]);
      expect(await refreshed(next.refresh_token)).toBe('invalid_refresh_token');
    },
  );

  it('keeps no more sessions going than a person may have', async () => {
    const { person, pair, again, active } = await signedInTwice();
    await write(person, GONE);
    await world.test.admin(
      `insert into identity.open_sessions (user_id, session_id, token_hash, rotated_at, expires_at)
       select $1, gen_random_uuid(), 'x', $2::timestamptz + interval '1 second', $2::timestamptz + interval '1 day' from generate_series(1, 98)`,
      [person.id, world.now()],
    );
    world.pass(2_000);
    await world.login(person);
    expect(await again()).toBeUndefined();
    expect([await active(), await refreshed(pair.refresh_token)]).toEqual([false, 'invalid_refresh_token']);
    expect(await world.test.admin('select 1 from identity.open_sessions where user_id = $1', [person.id])).toHaveLength(
      100,
    );
  });
});
