import { setTimeout as sleep } from 'node:timers/promises';
import {
  CheckSession,
  ConfirmTotp,
  ContinueImport,
  CreateLead,
  DomainError,
  GetImport,
  GetLead,
  GetMe,
  GetOrg,
  GetSigningKeys,
  ListAccessChanges,
  ListLeads,
  ListMembers,
  Login,
  PreviewImport,
  RecordDenial,
  ResolveAccess,
  StartImport,
  SuspendOrg,
} from '@apollo/contracts';
import type { Grant } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { until } from '@apollo/testing';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { type Person, World } from './world.spec.js';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.answers.clear();
  world.received.length = 0;
});

const withoutId = (text: string): string => text.replace(/"request_id":"[^"]+"/, '');

describe('access tokens (H26, H36)', () => {
  const claims = async (more: Record<string, unknown> = {}) => {
    const person = await world.person();
    const sid = [...world.sessions].find(([, session]) => session === person.session)?.[0];
    return { sub: person.id, sid, ...more };
  };
  const now = (): number => Math.floor(Date.now() / 1000);
  const statusWith = async (token: string): Promise<number> => (await world.ask('GET', '/v1/me', { token })).status;

  it('lets in whom identity signed in', async () => {
    expect(await statusWith(await world.token(await claims()))).toBe(200);
    expect(world.asked(GetMe)).toHaveLength(1);
  });

  it('has the session itself be raised that confirms a second factor, and none that its request names', async () => {
    const person = await world.person();
    const { sid } = await claims();
    const own = [...world.sessions].find(([, session]) => session === person.session)?.[0];
    const path = '/v1/auth/mfa/totp/confirm';
    world.answer(ConfirmTotp, () => ({ enabled: true, recovery_codes: [] }));
    expect((await world.ask('POST', path, { as: person, body: { code: '123456', session_id: sid } })).status).toBe(400);
    expect((await world.ask('POST', path, { as: person, body: { code: '123456' } })).status).toBe(200);
    const payload = { code: '123456', session_id: own };
    expect(world.asked(ConfirmTotp)).toMatchObject([{ payload, context: { actor: person.id, session: own } }]);
  });

  it('asks for a token where none is given, and says how', async () => {
    const answer = await world.ask('GET', '/v1/me');
    expect([answer.status, answer.json['code'], answer.headers.get('www-authenticate')]).toEqual([
      401,
      'unauthenticated',
      'Bearer',
    ]);
  });

  it.each([
    ['of another audience', { aud: 'apollo-orgs' }],
    ['of another issuer', { iss: 'somebody' }],
    ['without a person', { sub: undefined }],
    ['without a session', { sid: undefined }],
    ['of a person that is no id', { sub: 'system:orgs' }],
    ['that never expires', { exp: undefined }],
    ['that does not say when it was issued', { iat: undefined }],
  ])('refuses a token %s', async (_, spoilt) => {
    expect(await statusWith(await world.token(await claims(spoilt)))).toBe(401);
  });

  it('refuses a token one second after it expired, whatever the clocks', async () => {
    expect(await statusWith(await world.token(await claims({ iat: now() - 300, exp: now() - 1 })))).toBe(401);
  });

  it('refuses a token the moment it expires although it was accepted before', async () => {
    const token = await world.token(await claims({ exp: now() + 2 }));
    expect(await statusWith(token)).toBe(200);
    await sleep(2_100);
    expect(await statusWith(token)).toBe(401);
  });

  it('takes a token from a clock up to a minute ahead, not more', async () => {
    expect(await statusWith(await world.token(await claims({ iat: now() + 50, nbf: now() + 50 })))).toBe(200);
    expect(await statusWith(await world.token(await claims({ nbf: now() + 90 })))).toBe(401);
    expect(await statusWith(await world.token(await claims({ iat: now() + 90 })))).toBe(401);
  });

  it('refuses a token that gives itself a longer life than identity does', async () => {
    expect(await statusWith(await world.token(await claims({ iat: now() - 3_600, exp: now() + 3_600 })))).toBe(401);
  });

  it('refuses algorithm none', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = part({
      ...(await claims()),
      iss: 'apollo-identity',
      aud: 'apollo-gateway',
      iat: now(),
      exp: now() + 600,
    });
    for (const alg of ['none', 'None', 'NONE']) {
      expect(await statusWith(`${part({ alg, kid: world.signer.kid })}.${body}.`)).toBe(401);
      expect(await statusWith(`${part({ alg, kid: world.signer.kid })}.${body}.AA`)).toBe(401);
    }
  });

  it('refuses a token signed with the public key as a shared secret', async () => {
    const secret = new TextEncoder().encode(String(world.jwks[0]?.x));
    expect(await statusWith(await world.token(await claims(), { alg: 'HS256', key: secret }))).toBe(401);
    const whole = new TextEncoder().encode(JSON.stringify(world.jwks[0]));
    expect(await statusWith(await world.token(await claims(), { alg: 'HS256', key: whole }))).toBe(401);
  });

  it('refuses a key of another environment, under its own or under our key id', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    expect(
      await statusWith(await world.token(await claims(), { key: privateKey as CryptoKey, kid: 'key-of-staging' })),
    ).toBe(401);
    expect(await statusWith(await world.token(await claims(), { key: privateKey as CryptoKey }))).toBe(401);
  });

  it('never takes a key from the token itself or from where it points', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const header = { jwk: await exportJWK(publicKey), jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/cert' };
    expect(await statusWith(await world.token(await claims(), { key: privateKey as CryptoKey, header }))).toBe(401);
    for (const kid of ['../../../../dev/null', '/etc/passwd', "' or 1=1", '__proto__', 'constructor', '']) {
      expect(await statusWith(await world.token(await claims(), { key: privateKey as CryptoKey, kid }))).toBe(401);
    }
  });

  it('refuses a token whose claims were changed', async () => {
    const [head, body, signature] = (await world.token(await claims())).split('.') as [string, string, string];
    const other = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), sub: newId() }),
    ).toString('base64url');
    expect(await statusWith(`${head}.${other}.${signature}`)).toBe(401);
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '...', 'a.b.c.d', `${'a'.repeat(5000)}.b.c`, 'ey.ey.ey', '%00.%00.%00'])(
    'refuses the nonsense %p',
    async (token) => {
      expect((await world.ask('GET', '/v1/me', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    },
  );

  it('refuses other schemes', async () => {
    const token = await world.token(await claims());
    for (const authorization of [`Basic ${token}`, token, `Bearer  ${token}`, `Bearer ${token} ${token}`]) {
      expect((await world.ask('GET', '/v1/me', { headers: { authorization } })).status).toBe(401);
    }
  });

  it('learns a new key when a token names it, and forgets a withdrawn one', async () => {
    await sleep(1_100);
    const old = world.signer;
    const before = await world.token(await claims());
    expect(await statusWith(before)).toBe(200);
    await world.newSigningKey('key-2');
    expect(await statusWith(await world.token(await claims()))).toBe(200);
    expect(await statusWith(before)).toBe(200);
    await sleep(1_100);
    world.jwks = world.jwks.filter(({ kid }) => kid !== old.kid);
    await statusWith(await world.token(await claims(), { kid: 'makes-the-gateway-ask-again' }));
    expect(await statusWith(before)).toBe(401);
    expect(await statusWith(await world.token(await claims(), old))).toBe(401);
  });

  it('asks identity for keys once a second at most, however many unknown ones are named', async () => {
    await sleep(1_100);
    world.received.length = 0;
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        statusWith(await world.token(await claims(), { kid: `unknown-${index}` })),
      ),
    );
    expect(world.asked(GetSigningKeys).length).toBeLessThanOrEqual(2);
  });
});

describe('sessions', () => {
  it('ends with the session at the next request after the event', async () => {
    const person = await world.person();
    expect((await world.ask('GET', '/v1/me', { as: person })).status).toBe(200);
    person.session.active = false;
    await world.announceSessionRevoked(person.id);
    expect((await world.ask('GET', '/v1/me', { as: person })).status).toBe(401);
  });

  it('ends with the session for what is asked for by a body that arrives after that', async () => {
    const person = await world.person();
    const pieces = ['{"code":', '"123456"}'] as const;
    const end = async () => {
      person.session.active = false;
      await world.announceSessionRevoked(person.id);
    };
    const path = '/v1/auth/mfa/totp/confirm';
    const status = await world.sendLate(person, '/v1/me', path, 'application/json', pieces, end);
    expect([status, world.asked(ConfirmTotp)]).toEqual([401, []]);
  });

  it('lets nobody in whose session nobody can vouch for', async () => {
    const person = await world.person();
    world.answer(CheckSession, () => {
      throw new Error('a database is down, with customer data in this text');
    });
    const answer = await world.ask('GET', '/v1/me', { as: person });
    expect([answer.status, answer.json['code']]).toEqual([503, 'service_unavailable']);
    expect(answer.text).not.toContain('customer');
    world.answer(CheckSession, () => ({ active: 'yes', mfa: 1 }));
    expect((await world.ask('GET', '/v1/me', { as: await world.person() })).status).toBe(503);
  });

  it('lets only operators onto operators’ routes, by their session', async () => {
    const [person, operator] = [await world.person(), await world.person({ operator: true })];
    const path = '/v1/platform/orgs/acme/suspend';
    const refused = await world.ask('POST', path, { as: person, body: {} });
    expect([refused.status, refused.json['code']]).toEqual([403, 'forbidden']);
    expect(world.asked(SuspendOrg)).toHaveLength(0);
    expect((await world.ask('POST', path, { as: operator, body: {} })).status).toBe(204);
    expect(world.asked(SuspendOrg)[0]).toMatchObject({
      payload: { slug: 'acme' },
      context: { scope: 'platform', orgId: null, actor: operator.id, role: 'operator' },
    });
  });

  it('acts as nobody at sign-in, whatever token comes along', async () => {
    const person = await world.person();
    await world.ask('POST', '/v1/auth/login', { as: person, body: { email: 'a@example.com', password: 'x' } });
    expect(world.asked(Login)[0]?.context).toMatchObject({
      scope: 'platform',
      actor: 'anonymous',
      role: 'none',
      orgId: null,
    });
  });
});

describe('organizations', () => {
  it('acts for the organization of the address and nobody else’s (H02, H03)', async () => {
    const person = await world.person();
    const [a, b] = [world.org({ [person.id]: 'owner' }), world.org({ [person.id]: 'viewer' })];
    world.answer(ListLeads, (_, context) => ({
      items: [],
      next_cursor: null,
      canary: [a, b].find(({ id }) => id === context.orgId)?.canary,
    }));
    const both = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const [mine, other] = index % 2 ? [a, b] : [b, a];
        const { text } = await world.ask('GET', `/v1/orgs/${mine.slug}/leads`, { as: person });
        return text.includes(mine.canary) && !text.includes(other.canary);
      }),
    );
    expect(both.every(Boolean)).toBe(true);
    expect(new Set(world.asked(ListLeads).map(({ context }) => `${context.orgId} ${context.role}`))).toEqual(
      new Set([`${a.id} owner`, `${b.id} viewer`]),
    );
  });

  it('gives a stranger the same bytes as for an organization that does not exist (H14, H15)', async () => {
    const stranger = await world.person();
    const org = world.org({ [(await world.person()).id]: 'owner' });
    const paths = ['', '/leads', '/members', `/leads/${newId()}`, '/audit-log', '/lead-export'];
    for (const path of paths) {
      const [foreign, missing, malformed] = await Promise.all(
        [org.slug, 'no-such-org', 'NOT_A_SLUG'].map((slug) =>
          world.ask('GET', `/v1/orgs/${slug}${path}`, { as: stranger }),
        ),
      );
      expect([foreign?.status, foreign?.json['code']]).toEqual([404, 'org_not_found']);
      expect(withoutId(missing?.text ?? '')).toBe(withoutId(foreign?.text ?? ''));
      expect(withoutId(malformed?.text ?? '')).toBe(withoutId(foreign?.text ?? ''));
      const names = [...(foreign?.headers.keys() ?? [])].filter((name) => !['date', 'x-request-id'].includes(name));
      expect(names.map((name) => missing?.headers.get(name))).toEqual(names.map((name) => foreign?.headers.get(name)));
    }
    expect(world.received.filter(({ context }) => context.scope === 'org')).toHaveLength(0);
  });

  it('passes on the same answer for another organization’s object as for none (H01)', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    world.answer(GetLead, () => {
      throw new DomainError('not_found');
    });
    const [one, other] = await Promise.all(
      [newId(), newId()].map((id) => world.ask('GET', `/v1/orgs/${org.slug}/leads/${id}`, { as: person })),
    );
    expect(one?.status).toBe(404);
    expect(withoutId(one?.text ?? '')).toBe(withoutId(other?.text ?? ''));
  });

  it('refuses what the role may not and has the refusal recorded before it is heard (H06)', async () => {
    const viewer = await world.person();
    const org = world.org({ [viewer.id]: 'viewer' });
    const answer = await world.ask('POST', `/v1/orgs/${org.slug}/leads`, { as: viewer, body: { contact_name: 'A' } });
    expect([answer.status, answer.json['code']]).toEqual([403, 'forbidden']);
    expect(answer.json['detail']).toBe('A Viewer may not create or change leads.');
    expect(world.asked(CreateLead)).toHaveLength(0);
    expect(world.asked(RecordDenial)[0]).toMatchObject({
      payload: { action: 'leads.write', request_type: 'leads.create-lead.v1' },
      context: { orgId: org.id, actor: viewer.id, role: 'viewer', requestId: answer.json['request_id'] },
    });
  });

  it('refuses just the same when the refusal cannot be recorded', async () => {
    const viewer = await world.person();
    const org = world.org({ [viewer.id]: 'viewer' });
    world.answer(RecordDenial, () => {
      throw new Error('down');
    });
    expect(
      (await world.ask('DELETE', `/v1/orgs/${org.slug}`, { as: viewer, body: { confirm: org.slug } })).status,
    ).toBe(403);
  });

  it('lets nobody into a suspended organization', async () => {
    const owner = await world.person();
    const org = world.org({ [owner.id]: 'owner' });
    expect((await world.ask('GET', `/v1/orgs/${org.slug}`, { as: owner })).status).toBe(200);
    org.status = 'suspended';
    await world.announceAccessChanged(org, null);
    const answer = await world.ask('GET', `/v1/orgs/${org.slug}`, { as: owner });
    expect([answer.status, answer.json['code']]).toEqual([403, 'org_suspended']);
  });

  it('lets nobody without a second factor in where one is required', async () => {
    const [without, with2] = [await world.person(), await world.person({ mfa: true })];
    const org = world.org({ [without.id]: 'owner', [with2.id]: 'member' });
    org.mfaRequired = true;
    const answer = await world.ask('GET', `/v1/orgs/${org.slug}`, { as: without });
    expect([answer.status, answer.json['code']]).toEqual([403, 'mfa_enrollment_required']);
    expect((await world.ask('GET', `/v1/orgs/${org.slug}`, { as: with2 })).status).toBe(200);
  });
});

describe('what is granted to a service that works later for whoever asks', () => {
  it('is of that person in that session, for what they ask for, within their role, and nothing of it with any other request', async () => {
    const [person, viewer] = [await world.person({ sign_outs: 3 }), await world.person({ sign_outs: 0 })];
    const org = world.org({ [person.id]: 'member', [viewer.id]: 'viewer' });
    const id = newId();
    const go = (as: Person) => world.ask('POST', `/v1/orgs/${org.slug}/lead-imports/${id}/continue`, { as, body: {} });
    const before = Date.now() / 1_000;
    await go(person);
    expect((await go(viewer)).json['code']).toBe('forbidden');
    await world.ask('GET', `/v1/orgs/${org.slug}/lead-imports/${id}`, { as: person });
    const [asked, ...more] = world.asked(ContinueImport);
    expect([more, world.asked(GetImport)[0]?.grant]).toEqual([[], undefined]);
    const { expires, ...grant } = asked?.grant as Grant;
    const { id: orgId } = org;
    const permissions = ['leads.import'];
    expect(grant).toEqual({
      service: 'leads',
      orgId,
      person: person.id,
      run: id,
      permissions,
      signOuts: 3,
      mfa: false,
    });
    expect(Math.abs(expires - before - 7 * 86_400)).toBeLessThan(60);
  });

  it('is nothing while nobody knows how often that person was signed out', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    await world.ask('POST', `/v1/orgs/${org.slug}/lead-imports/${newId()}/continue`, { as: person, body: {} });
    expect(world.asked(ContinueImport).map(({ grant }) => grant)).toEqual([undefined]);
  });
});

describe('what is known about memberships (H09, H10)', () => {
  it('asks once for many requests', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    await Promise.all(Array.from({ length: 20 }, () => world.ask('GET', `/v1/orgs/${org.slug}`, { as: person })));
    expect(world.asked(ResolveAccess)).toHaveLength(1);
    expect(world.asked(CheckSession)).toHaveLength(1);
  });

  it('sees a changed role and a removal at the next request after the event', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    const write = async (): Promise<number> =>
      (await world.ask('POST', `/v1/orgs/${org.slug}/leads`, { as: person, body: { contact_name: 'A' } })).status;
    expect(await write()).toBe(201);
    org.members.set(person.id, { role: 'viewer', version: 2 });
    await world.announceAccessChanged(org, person.id);
    expect(await write()).toBe(403);
    org.members.delete(person.id);
    await world.announceAccessChanged(org, person.id);
    expect(await write()).toBe(404);
  });

  const form = [
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\n',
    'Ada\n\r\n--x--\r\n',
  ] as const;
  it.each([
    ['a lead', '/leads', 'application/json', ['{"contact_name":', '"Ada"}'], CreateLead],
    ['a preview', '/lead-imports/preview', 'multipart/form-data; boundary=x', form, PreviewImport],
    ['an import', '/lead-imports', 'multipart/form-data; boundary=x', ['--x', form.join('').slice(3)], StartImport],
  ] as const)(
    'counts as it is once a body has arrived at leisure, and not as it was before: %s',
    async (_, path, type, pieces, contract) => {
      const person = await world.person();
      const org = world.org({ [person.id]: 'owner' });
      world.answer(GetOrg, () => ({ country: null, currency: 'EUR', time_zone: 'UTC' }));
      world.answer(ListMembers, () => ({ items: [], next_cursor: null }));
      const send = (meanwhile: () => Promise<void>) =>
        world.sendLate(person, `/v1/orgs/${org.slug}`, path, type, pieces, meanwhile);
      await send(async () => undefined);
      expect(world.asked(contract)).toHaveLength(1);
      await world.announceAccessChanged(org, person.id);
      const status = await send(async () => {
        org.members.delete(person.id);
        await world.announceAccessChanged(org, person.id);
      });
      expect([status, world.asked(contract)]).toEqual([404, []]);
    },
  );

  it('does not forget other people’s and other organizations’ memberships with it', async () => {
    const [a, b] = [await world.person(), await world.person()];
    const [one, two] = [world.org({ [a.id]: 'owner', [b.id]: 'owner' }), world.org({ [a.id]: 'owner' })];
    const all = (): Promise<unknown> =>
      Promise.all(
        [
          [one, a],
          [one, b],
          [two, a],
        ].map(([org, person]) => world.ask('GET', `/v1/orgs/${(org as typeof one).slug}`, { as: person as typeof a })),
      );
    await all();
    world.received.length = 0;
    await world.announceAccessChanged(one, a.id);
    await all();
    expect(world.asked(ResolveAccess).map(({ payload }) => payload)).toEqual([{ slug: one.slug, user_id: a.id }]);
  });

  it('never uses an answer that was on its way when the change was announced', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    world.answer(ResolveAccess, async () => {
      const asItWas = { org_id: org.id, role: 'owner', status: 'active', mfa_required: false, membership_version: 1 };
      await held;
      return asItWas;
    });
    const early = world.ask('GET', `/v1/orgs/${org.slug}`, { as: person });
    while (world.asked(ResolveAccess).length === 0) await sleep(5);
    org.members.delete(person.id);
    await world.announceAccessChanged(org, person.id);
    world.answers.clear();
    release();
    expect((await early).status).toBe(200);
    expect((await world.ask('GET', `/v1/orgs/${org.slug}`, { as: person })).status).toBe(404);
  });

  it('sees a removal within five seconds when no event arrives', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    expect((await world.ask('GET', `/v1/orgs/${org.slug}`, { as: person })).status).toBe(200);
    const removedAt = performance.now();
    org.members.delete(person.id);
    let [status, servedAt] = [200, removedAt];
    while (status === 200 && servedAt - removedAt < 7_000) {
      await sleep(50);
      const askedAt = performance.now();
      status = (await world.ask('GET', `/v1/orgs/${org.slug}`, { as: person })).status;
      if (status === 200) servedAt = askedAt;
    }
    expect(status).toBe(404);
    expect(servedAt - removedAt).toBeLessThan(5_000);
  });

  it('believes what it knows for longer while orgs says what changed, and learns from that what nobody announced', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    let changes: { org_id: string; user_id: string | null }[] = [];
    world.answer(ListAccessChanges, () => ({ mark: '1', items: changes.splice(0), complete: true }));
    const status = async (): Promise<number> => (await world.ask('GET', `/v1/orgs/${org.slug}`, { as: person })).status;
    try {
      await until(() => world.asked(ListAccessChanges).length > 1);
      expect(await status()).toBe(200);
      world.received.length = 0;
      await sleep(5_500);
      expect([await status(), world.asked(ResolveAccess)]).toEqual([200, []]);
      org.members.delete(person.id);
      changes = [{ org_id: org.id, user_id: person.id }];
      await until(async () => (await status()) === 404, { withinMs: 4_000 });
    } finally {
      world.answers.clear();
    }
  });

  it('serves nobody on what it knew once orgs is silent for five seconds, and again when it is back', async () => {
    const person = await world.person();
    const org = world.org({ [person.id]: 'owner' });
    world.answer(GetOrg, () => ({ done: true }));
    expect((await world.ask('GET', `/v1/orgs/${org.slug}/leads`, { as: person })).status).toBe(200);
    await world.silence('orgs');
    const since = performance.now();
    const ask = async () => {
      const askedAt = performance.now();
      return { askedAt, answer: await world.ask('GET', `/v1/orgs/${org.slug}/leads`, { as: person }) };
    };
    let served = since;
    let { askedAt, answer } = await ask();
    while (answer.status === 200 && performance.now() - since < 7_000) {
      served = askedAt;
      await sleep(50);
      ({ askedAt, answer } = await ask());
    }
    expect([answer.status, answer.json['code'], answer.headers.get('retry-after')]).toEqual([
      503,
      'service_unavailable',
      '1',
    ]);
    expect(answer.json['detail']).toBe('The orgs service does not answer at the moment.');
    expect(served - since).toBeLessThan(5_000);
    await world.listen('orgs');
    expect((await world.ask('GET', `/v1/orgs/${org.slug}/leads`, { as: person })).status).toBe(200);
  });
});
