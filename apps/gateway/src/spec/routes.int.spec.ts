import { connect, type Socket } from 'node:net';
import {
  AcceptInvitation,
  AcceptInvitationAsNew,
  CreateLead,
  CreateOrg,
  DeleteOrg,
  DomainError,
  ExportLeads,
  ForgotPassword,
  GetConversation,
  GetImport,
  GetLead,
  GetRun,
  GetMe,
  ListAuditLog,
  ListBillingAuditLog,
  GetOrg,
  ListLeads,
  ListLeadsAuditLog,
  ListMyOrgs,
  Login,
  type RequestContract,
  SetCap,
  TakeProviderMessage,
  UpdateLead,
  UpdateOrg,
  WatchImport,
} from '@apollo/contracts';
import { entityTag } from '@apollo/messaging';
import { FEEDS } from '../events/event.position.js';
import { newId, runInTenantContext } from '@apollo/tenancy';
import { until } from '@apollo/testing';
import { type Org, type Person, requestContracts, World } from './world.spec.js';

type Reply = Awaited<ReturnType<World['ask']>>;

let world: World;
let owner: Person;
let org: Org;
beforeAll(async () => {
  world = await World.start();
  owner = await world.person();
  org = world.org({ [owner.id]: 'owner' });
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.answers.clear();
  world.received.length = 0;
});

const inOrg = (path: string): string => `/v1/orgs/${org.slug}${path}`;
const uuid = '01900000-0000-7000-8000-000000000001';

/** A stream as far as it has come. */
async function open(
  path: string,
  as: Person,
): Promise<{ status: number; headers: Headers; text: string; isOver: boolean }> {
  const { status, headers, body } = await fetch(world.url + path, {
    headers: { authorization: `Bearer ${as.bearer}` },
  });
  const seen = { status, headers, text: '', isOver: false };
  void (async () => {
    for await (const piece of (body as ReadableStream).pipeThrough(new TextDecoderStream() as never))
      seen.text += piece as unknown as string;
    seen.isOver = true;
  })();
  return seen;
}

describe('payloads', () => {
  it('is made of path, body and what only the gateway knows', async () => {
    world.answer(UpdateLead, () => ({ id: uuid, version: 8 }));
    const answer = await world.ask('PATCH', inOrg(`/leads/${uuid}`), {
      as: owner,
      body: { city: 'Ulm', value_minor: 5 },
      headers: { 'if-match': entityTag(org.id, { id: uuid, version: 7 }) },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(entityTag(org.id, { id: uuid, version: 8 }));
    expect({ ...world.asked(UpdateLead)[0]?.payload }).toMatchObject({
      id: uuid,
      city: 'Ulm',
      value_minor: 5,
      if_match: 7,
    });
  });

  it('coerces a query by the contract’s types and nothing else', async () => {
    await world.ask('GET', inOrg('/leads?limit=20&sort=-created_at&search=007&tag=true'), { as: owner });
    expect(world.asked(ListLeads)[0]?.payload).toMatchObject({
      limit: 20,
      sort: '-created_at',
      search: '007',
      tag: 'true',
    });
  });

  it('begins a list by name in the organization’s language, unless the caller names one', async () => {
    world.answer(GetOrg, () => ({ language: 'sv' }));
    for (const query of ['contact_name', '-custom_fields.note', 'contact_name&language=cs'])
      await world.ask('GET', inOrg(`/leads?sort=${query}`), { as: owner });
    expect(world.asked(ListLeads).map(({ payload }) => payload['language'])).toEqual(['sv', 'sv', 'cs']);
    expect(world.asked(GetOrg)).toHaveLength(2);
    world.answer(GetOrg, () => ({ language: 'not a language' }));
    await world.ask('GET', inOrg('/leads?sort=contact_name'), { as: owner });
    expect(world.asked(ListLeads).at(-1)?.payload['language']).toBeUndefined();
  });

  it('asks for no language where nothing is sorted by it, or the page before knows it', async () => {
    for (const query of [
      '',
      'sort=-value_minor',
      'sort=custom_fields.contact_name&cursor=x',
      'sort=contact_name&cursor=x',
    ])
      await world.ask('GET', inOrg(`/leads?${query}`), { as: owner });
    expect(world.asked(ListLeads)).toHaveLength(4);
    expect(world.asked(GetOrg)).toHaveLength(0);
  });

  it.each([
    'limit=1e2',
    'limit=0x10',
    'limit=',
    'limit=1.0',
    'limit=9999999999999999999',
    'limit=1&limit=2',
    'limit=-1',
    'limit=201',
    'limit=true',
  ])('refuses the query %s', async (query) => {
    expect((await world.ask('GET', inOrg(`/leads?${query}`), { as: owner })).json['code']).toBe('validation_failed');
    expect(world.asked(ListLeads)).toHaveLength(0);
  });

  it.each([
    'sort=name;drop table leads',
    'sort=org_id',
    'filter[org.name]=x',
    'fields=*',
    'org_id=1',
    'include=org',
    'expand=pipeline.org',
    '__proto__=1',
    '__proto__[x]=1',
    'constructor=1',
  ])('refuses to sort, filter or expand by %s (H18, H33)', async (query) => {
    const answer = await world.ask('GET', inOrg(`/leads?${query}`), { as: owner });
    expect([answer.status, answer.json['code']]).toEqual([400, 'validation_failed']);
    expect(world.asked(ListLeads)).toHaveLength(0);
  });

  it.each([
    'org_id',
    'id',
    'created_by',
    'role',
    'version',
    'created_at',
    'balance',
    'price',
    'constructor',
    'toString',
    'if_match',
  ])('refuses a body that sets %s (H05)', async (field) => {
    const answer = await world.ask('POST', inOrg('/leads'), { as: owner, body: { contact_name: 'A', [field]: 1 } });
    expect([answer.status, answer.json['code']]).toEqual([400, 'validation_failed']);
    expect(answer.json['errors']).toEqual([{ field, problem: `${field} is not a field of this request` }]);
    expect(world.asked(CreateLead)).toHaveLength(0);
  });

  it('refuses fields that the path or the gateway gives', async () => {
    for (const body of [{ id: newId() }, { if_match: 3 }]) {
      expect((await world.ask('PATCH', inOrg(`/leads/${uuid}`), { as: owner, body })).status).toBe(400);
    }
    const login = { email: 'a@example.com', password: 'x' };
    for (const more of [{ address: '10.0.0.1' }, { user_agent: 'x' }]) {
      expect((await world.ask('POST', '/v1/auth/login', { body: { ...login, ...more } })).status).toBe(400);
    }
    expect(world.received.filter(({ type }) => !/check-session|resolve-access|signing-keys/.test(type))).toEqual([]);
  });

  it('takes nothing from the query where a body is due, so that no secret gets into an address', async () => {
    expect((await world.ask('POST', '/v1/auth/login?password=x', { body: { email: 'a@example.com' } })).status).toBe(
      400,
    );
    expect((await world.ask('POST', inOrg('/leads?contact_name=A'), { as: owner, body: {} })).status).toBe(400);
  });

  it('lets somebody sign in with a program whose name nobody can read', async () => {
    const login = { email: 'a@example.com', password: 'x' };
    const answer = await world.ask('POST', '/v1/auth/login', { body: login, headers: { 'user-agent': 'é é' } });
    expect([answer.status, world.asked(Login)[0]?.payload['user_agent']]).toEqual([200, undefined]);
  });

  it('tells identity the address and the program of who signs in', async () => {
    await world.ask('POST', '/v1/auth/login', {
      body: { email: 'a@example.com', password: 'x' },
      headers: { 'user-agent': 'Probe/1.0', 'x-forwarded-for': '6.6.6.6' },
    });
    expect(world.asked(Login)[0]?.payload).toMatchObject({ address: '127.0.0.1', user_agent: 'Probe/1.0' });
    await world.ask('POST', '/v1/auth/password/forgot', { body: { email: 'a@example.com' } });
    expect(world.asked(ForgotPassword)[0]?.payload).toMatchObject({ address: '127.0.0.1' });
  });

  it('takes the confirmation of a deletion from the body', async () => {
    world.answer(DeleteOrg, () => ({ deleted: true, purge_after: '2027-01-01T00:00:00.000Z' }));
    expect((await world.ask('DELETE', inOrg(''), { as: owner, body: { confirm: org.slug } })).json['deleted']).toBe(
      true,
    );
    expect((await world.ask('DELETE', inOrg(''), { as: owner })).status).toBe(400);
  });
});

describe('conditions', () => {
  it.each([
    ['"abc"', 412],
    ['W/"3"', 412],
    ['"0"', 412],
    ['3', 400],
    ['3-aaaaaaaaaaa', 400],
    ["'3'", 400],
    ['"3", "4"', 412],
    ['""', 412],
    ['"3"', 412],
    ['"3-"', 412],
    ['"3-aaaaaaaaaaa"', 412],
    ['"99999999999-aaaaaaaaaaa"', 412],
    ['*', 200],
  ])('answers If-Match %s with %i', async (header, status) => {
    world.answer(UpdateLead, () => ({ id: uuid, version: 4 }));
    expect(
      (
        await world.ask('PATCH', inOrg(`/leads/${uuid}`), {
          as: owner,
          body: { city: 'Ulm' },
          headers: { 'if-match': header },
        })
      ).status,
    ).toBe(status);
  });

  it('takes a list of tags in If-Match: one of the current version is enough, a weak one is none (RFC 9110)', async () => {
    world.answer(UpdateLead, ({ id, if_match = 4 }) => {
      if (if_match !== 4) throw new DomainError('etag_mismatch');
      return { id, version: 4 };
    });
    const [now, before] = [4, 3].map((version) => entityTag(org.id, { id: uuid, version })) as [string, string];
    const foreign = entityTag(org.id, { id: newId(), version: 4 });
    const ask = async (tag: string): Promise<number> =>
      (
        await world.ask('PATCH', inOrg(`/leads/${uuid}`), {
          as: owner,
          body: { city: 'Ulm' },
          headers: { 'if-match': tag },
        })
      ).status;
    for (const tags of [
      `${before}, ${now}`,
      `${now},${before}`,
      `"a,b" ,\t${now}`,
      `${foreign}, ${now}, W/"x"`,
      `, ${now},`,
      ' * ',
    ])
      expect([tags, await ask(tags)]).toEqual([tags, 200]);
    for (const tags of [`W/${now}`, `${before}, ${foreign}`, `"a", "b"`, `"a", W/${now}`, ','])
      expect([tags, await ask(tags)]).toEqual([tags, 412]);
    for (const tags of [`*, ${now}`, `${now} ${now}`, `x ${now}`, `"${now}`, now.replaceAll('"', '')])
      expect([tags, await ask(tags)]).toEqual([tags, 400]);
  });

  it('answers 304 without a body to who has the current version', async () => {
    world.answer(GetLead, () => ({ id: uuid, version: 4 }));
    const [now, before] = [4, 3].map((version) => entityTag(org.id, { id: uuid, version })) as [string, string];
    for (const tag of [now, `W/${now}`, `${before}, ${now}`, '*']) {
      const answer = await world.ask('GET', inOrg(`/leads/${uuid}`), { as: owner, headers: { 'if-none-match': tag } });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', now]);
    }
    expect(
      (await world.ask('GET', inOrg(`/leads/${uuid}`), { as: owner, headers: { 'if-none-match': before } })).status,
    ).toBe(200);
  });

  it('believes no validator of another object or organization, of the same version and id as it may be (H37)', async () => {
    const other = world.org({ [owner.id]: 'owner' });
    const version = 4;
    world.answer(GetLead, ({ id }) => ({ id, version }));
    world.answer(UpdateLead, ({ id }) => ({ id, version }));
    const tagOf = async (at: typeof org, id: string): Promise<string> => {
      const read = await world.ask('GET', `/v1/orgs/${at.slug}/leads/${id}`, { as: owner });
      return read.headers.get('etag') ?? '';
    };
    const own = await tagOf(org, uuid);
    const ask = (verb: 'GET' | 'PATCH', header: string, tag: string): Promise<number> =>
      world
        .ask(verb, inOrg(`/leads/${uuid}`), {
          as: owner,
          headers: { [header]: tag },
          ...(verb === 'PATCH' && { body: { city: 'Ulm' } }),
        })
        .then(({ status }) => status);
    expect([await ask('GET', 'if-none-match', own), await ask('PATCH', 'if-match', own)]).toEqual([304, 200]);
    for (const tag of [await tagOf(other, uuid), await tagOf(org, newId()), '"4"'])
      expect([tag, await ask('GET', 'if-none-match', tag), await ask('PATCH', 'if-match', tag)]).toEqual([
        tag,
        200,
        412,
      ]);
  });

  it('knows what a version is of without an id in the path: the organization, and what a cap is for', async () => {
    const cap = { layer: 'agent_day', agent_id: uuid, person_id: null };
    world.answer(SetCap, () => ({ ...cap, id: newId(), version: 2 }));
    world.answer(UpdateOrg, () => ({ id: org.id, version: 2 }));
    const set = (body: object, tag?: string): Promise<Reply> =>
      world.ask('PATCH', inOrg('/billing/caps'), { as: owner, body, headers: { ...(tag && { 'if-match': tag }) } });
    const update = (tag?: string): Promise<Reply> =>
      world.ask('PATCH', inOrg(''), { as: owner, body: { name: 'N' }, headers: { ...(tag && { 'if-match': tag }) } });
    const [ofCap, ofOrg] = [await set({ layer: 'agent_day', agent_id: uuid }), await update()].map(
      ({ headers }) => headers.get('etag') ?? '',
    ) as [string, string];
    expect((await set({ layer: 'agent_day', agent_id: uuid, stars: 1 }, ofCap)).status).toBe(200);
    expect((await set({ layer: 'agent_day', stars: 1 }, ofCap)).status).toBe(412);
    expect((await set({ layer: 'agent_day', agent_id: newId(), stars: 1 }, ofCap)).status).toBe(412);
    expect((await update(ofOrg)).status).toBe(200);
    expect((await update(ofCap)).status).toBe(412);
  });

  it('hands the idempotency key to the service', async () => {
    world.answer(CreateLead, () => ({ id: uuid, version: 1 }));
    await world.ask('POST', inOrg('/leads'), {
      as: owner,
      body: { contact_name: 'A' },
      headers: { 'idempotency-key': 'key-1' },
    });
    expect(world.asked(CreateLead)[0]?.idempotencyKey).toBe('key-1');
  });

  it.each(['', ' ', 'with space', 'x'.repeat(201), 'ümlaut'])('refuses the idempotency key %p', async (key) => {
    const answer = await world.ask('POST', inOrg('/leads'), {
      as: owner,
      body: { contact_name: 'A' },
      headers: { 'idempotency-key': Buffer.from(key).toString('latin1') },
    });
    expect([answer.status, answer.json['code']]).toEqual([400, 'validation_failed']);
    expect(world.asked(CreateLead)).toHaveLength(0);
  });
});

describe('answers', () => {
  it('passes the service’s bytes on as they are', async () => {
    world.answer(GetLead, () => ({ id: uuid, contact_name: 'Zoë – 名前 \u2028 "quoted"', version: 2 }));
    const { text, headers } = await world.ask('GET', inOrg(`/leads/${uuid}`), { as: owner });
    expect(text).toBe(JSON.stringify({ id: uuid, contact_name: 'Zoë – 名前 \u2028 "quoted"', version: 2 }));
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'application/json; charset=utf-8',
      'private, no-store',
    ]);
  });

  it('answers HEAD as GET, without the body', async () => {
    world.answer(GetLead, () => ({ id: uuid, contact_name: 'A', version: 2 }));
    const [get, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) =>
        fetch(`${world.url}${inOrg(`/leads/${uuid}`)}`, {
          method,
          headers: { authorization: `Bearer ${owner.bearer}` },
        }),
      ),
    );
    expect(await head?.text()).toBe('');
    for (const name of ['etag', 'content-type', 'content-length', 'cache-control', 'vary'])
      expect([name, head?.headers.get(name)]).toEqual([name, get?.headers.get(name)]);
    expect([head?.status, head?.headers.get('vary')]).toEqual([200, 'authorization']);
  });

  it('answers HEAD of what it streams without the length of a body that it does not have', async () => {
    world.answer(ExportLeads, () => ({ items: [], custom_keys: [], next_cursor: null }));
    world.answer(GetRun, () => ({ id: uuid, state: 'running', items: [], next_cursor: null }));
    for (const feed of FEEDS.values()) world.answer(feed, () => ({ items: [], last: uuid, complete: true }));
    for (const [path, type] of [
      ['/lead-export', 'text/csv; charset=utf-8; header=present'],
      ['/events', 'text/event-stream; charset=utf-8'],
      [`/lead-imports/${uuid}/progress`, 'text/event-stream; charset=utf-8'],
      [`/runs/${uuid}/stream`, 'text/event-stream; charset=utf-8'],
    ] as const) {
      const head = await fetch(world.url + inOrg(path), {
        method: 'HEAD',
        headers: { authorization: `Bearer ${owner.bearer}` },
      });
      expect([path, head.status, head.headers.get('content-type'), head.headers.get('content-length')]).toEqual([
        path,
        200,
        type,
        null,
      ]);
    }
  });

  describe('of a stream', () => {
    const STREAMS = [
      '/events',
      '/lead-export',
      `/lead-imports/${uuid}/progress`,
      `/runs/${uuid}/stream`,
      `/chat/${uuid}/stream`,
    ];
    const line = (path: string): string =>
      `GET ${inOrg(path)} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${owner.bearer}\r\n\r\n`;
    /** What comes back on one connection for requests that are sent at once. */
    const say = (...paths: string[]): { text: string; isOver: boolean; socket: Socket } => {
      const socket = connect(world.gateway.httpPort, '127.0.0.1');
      const said = { text: '', isOver: false, socket };
      socket.on('error', () => undefined).on('close', () => (said.isOver = true));
      socket.setEncoding('utf8').on('data', (text: string) => (said.text += text));
      socket.write(paths.map(line).join(''));
      return said;
    };
    beforeEach(() => {
      const state = { status: 'running', rows_total: 9, created: 0, updated: 0, unchanged: 0, refused: 0 };
      world.answer(GetImport, () => ({ ...state, rows_read: 1, error_code: null, error_detail: null }));
      world.answer(GetRun, () => ({ id: uuid, state: 'running', items: [], next_cursor: null }));
      world.answer(GetConversation, () => ({ items: [{ id: uuid, state: 'running' }], next_cursor: null }));
      world.answer(ExportLeads, () => ({ items: [], custom_keys: [], next_cursor: null }));
      world.answer(GetLead, () => ({ id: uuid, version: 4 }));
      for (const feed of FEEDS.values()) world.answer(feed, () => ({ items: [], last: uuid, complete: true }));
    });

    it('are whatever is not read at once, and the last on their connection', async () => {
      const streams = world.gateway.routes
        .filter(({ streams, verb }) => streams && verb === 'get')
        .map(({ path }) => path);
      const read = ['application/json', 'text/html'];
      const others = world.gateway.routes.filter(
        ({ answers, verb }) => answers && verb === 'get' && !read.includes(answers.type),
      );
      expect(streams.sort()).toEqual([...new Set(others.map(({ path }) => path))].sort());
      expect(streams).toEqual(STREAMS.map((path) => `/v1/orgs/{org}${path.replace(uuid, '{id}')}`).sort());
      for (const path of STREAMS) {
        const said = say(path);
        await until(() => said.text.includes('\r\n\r\n'));
        expect(said.text).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
        said.socket.destroy();
      }
    });

    it.each(STREAMS)('have nothing begun that is asked behind them on their connection: %s', async (path) => {
      const said = say(path, `/leads/${uuid}`);
      await until(() => said.isOver || world.asked(GetLead).length > 0);
      said.socket.destroy();
      expect(world.asked(GetLead)).toEqual([]);
    });

    it.each(STREAMS)('are not begun behind an answer under way: %s', async (path) => {
      const { promise: held, resolve: release } = Promise.withResolvers<void>();
      world.answer(GetLead, () => held.then(() => ({ id: uuid, version: 4 })));
      const said = say(`/leads/${uuid}`, path);
      await until(() => world.asked(GetLead).length > 0);
      release();
      await until(() => said.text.split('HTTP/1.1 ').length === 3);
      said.socket.destroy();
      expect(said.text).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 400 [^]*malformed_request/);
    });
  });

  describe('of a watched import', () => {
    const progress = {
      rows_total: 9,
      created: 0,
      updated: 0,
      unchanged: 0,
      refused: 0,
      error_code: null,
      error_detail: null,
    };
    const state = (rows_read: number, status = 'running') => ({ status, rows_read, ...progress });
    const path = (of: Org, id: string): string => `/v1/orgs/${of.slug}/lead-imports/${id}/progress`;
    const show = (of: Org, id: string, rows: number, status?: string): void => {
      const context = { scope: 'org', orgId: of.id, actor: 'system:leads', role: 'system', requestId: 'r' } as const;
      runInTenantContext(context, () => world.frames.get('leads')?.publish(WatchImport, id, state(rows, status)));
    };
    const told = ({ text }: { text: string }): [string, unknown][] =>
      [...text.matchAll(/event: (\S+)\ndata: (.*)\n/g)].map(([, event = '', data = '']) => {
        const { status, rows_read, reason } = JSON.parse(data) as Record<string, unknown>;
        return [event, reason ?? (status && `${String(status)} ${String(rows_read)}`)];
      });
    beforeEach(() => world.answer(GetImport, () => state(1)));

    it('are its state and each step of it in this organization, up to its end', async () => {
      const other = world.org({ [owner.id]: 'owner' });
      const id = newId();
      const [mine, theirs] = [await open(path(org, id), owner), await open(path(other, id), owner)];
      expect(['content-type', 'cache-control', 'vary'].map((name) => mine.headers.get(name))).toEqual([
        'text/event-stream; charset=utf-8',
        'private, no-store',
        'authorization',
      ]);
      show(other, id, 5);
      show(org, id, 2);
      show(org, id, 3);
      show(org, id, 3, 'finished');
      await until(() => mine.isOver && told(theirs).length === 3);
      expect(told(mine)).toEqual([
        ['stream.opened', undefined],
        ['import.progress', 'running 1'],
        ['import.progress', 'running 2'],
        ['import.progress', 'running 3'],
        ['import.progress', 'finished 3'],
        ['stream.ended', 'done'],
      ]);
      show(other, id, 5, 'failed');
      await until(() => theirs.isOver);
      expect(told(theirs).map(([, what]) => what)).toEqual([undefined, 'running 1', 'running 5', 'failed 5', 'done']);
    });

    it('are refused as the import is, before anything is shown, and to nobody who may not read it', async () => {
      const viewer = await world.person();
      org.members.set(viewer.id, { role: 'viewer', version: 1 });
      expect((await world.ask('GET', path(org, newId()), { as: viewer })).json['code']).toBe('forbidden');
      expect((await world.ask('GET', path(org, newId()), { as: await world.person() })).status).toBe(404);
      world.answer(GetImport, () => {
        throw new DomainError('not_found');
      });
      expect((await world.ask('GET', path(org, newId()), { as: owner })).status).toBe(404);
      expect((await world.ask('HEAD', path(org, newId()), { as: owner })).status).toBe(404);
    });

    it('end for whoever loses access, with the reason, who is shown nothing from the moment on', async () => {
      const member = await world.person();
      org.members.set(member.id, { role: 'member', version: 1 });
      const id = newId();
      const removed = await open(path(org, id), member);
      org.members.delete(member.id);
      await world.announceAccessChanged(org, member.id);
      show(org, id, 7);
      await until(() => removed.isOver);
      expect(told(removed).map(([, what]) => what)).toEqual([undefined, 'running 1', 'removed']);
    });

    it('take the same places as the other streams of a person', async () => {
      const one = await world.person();
      org.members.set(one.id, { role: 'member', version: 1 });
      const ids = Array.from({ length: 10 }, () => newId());
      const streams = await Promise.all(ids.map((id) => open(path(org, id), one)));
      expect((await world.ask('GET', inOrg('/events'), { as: one })).json['code']).toBe('rate_limited');
      ids.forEach((id) => show(org, id, 1, 'finished'));
      await until(() => streams.every(({ isOver }) => isOver));
      world.answer(GetImport, () => state(1, 'stopped'));
      expect((await world.ask('GET', path(org, newId()), { as: one })).text).toContain('"reason":"done"');
    });
  });

  it('says where the created object is', async () => {
    world.answer(CreateLead, () => ({ id: uuid, version: 1 }));
    world.answer(CreateOrg, () => ({ id: newId(), slug: 'acme', version: 1 }));
    const lead = await world.ask('POST', inOrg('/leads'), { as: owner, body: { contact_name: 'A' } });
    expect([lead.status, lead.headers.get('location')]).toEqual([201, inOrg(`/leads/${uuid}`)]);
    const made = await world.ask('POST', '/v1/orgs', { as: owner, body: { slug: 'acme', name: 'Acme' } });
    expect([made.status, made.headers.get('location')]).toEqual([201, '/v1/orgs/acme']);
  });

  it('has no body when there is nothing to tell', async () => {
    const answer = await world.ask('DELETE', inOrg(`/leads/${uuid}`), { as: owner });
    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  it('keeps the caller’s request id if it is fit for a log, and gives one otherwise', async () => {
    expect(
      (await world.ask('GET', '/livez', { headers: { 'x-request-id': 'abc-123.DEF_9' } })).headers.get('x-request-id'),
    ).toBe('abc-123.DEF_9');
    for (const bad of ['short', 'has spaces in it', 'x'.repeat(65), '{"json":"injection"}']) {
      expect(
        (await world.ask('GET', '/livez', { headers: { 'x-request-id': bad } })).headers.get('x-request-id'),
      ).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('hands a well-formed trace on and drops any other, and no header of the bus (M34)', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await world.ask('GET', inOrg('/leads'), {
      as: owner,
      headers: { traceparent, 'nats-trace-dest': 'evil', 'apollo-context': 'x', 'ce-orgid': newId() },
    });
    await world.ask('GET', inOrg('/leads'), { as: owner, headers: { traceparent: 'nonsense' } });
    expect(world.asked(ListLeads).map(({ context }) => [context.trace, context.orgId])).toEqual([
      [traceparent, org.id],
      [undefined, org.id],
    ]);
  });

  it('maps every kind of error to its status', async () => {
    const statuses = {
      validation_failed: 400,
      unauthenticated: 401,
      owner_required: 403,
      not_found: 404,
      slug_taken: 409,
      link_used: 410,
      etag_mismatch: 412,
      payload_too_large: 413,
      invalid_csv: 422,
      rate_limited: 429,
      service_unavailable: 503,
      deadline_exceeded: 503,
    } as const;
    for (const [code, status] of Object.entries(statuses)) {
      world.answer(GetLead, () => {
        throw new DomainError(code as keyof typeof statuses);
      });
      const answer = await world.ask('GET', inOrg(`/leads/${uuid}`), { as: owner });
      expect([answer.status, answer.json['code'], answer.json['status'], answer.headers.get('content-type')]).toEqual([
        status,
        code,
        status,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.json['request_id']).toBe(answer.headers.get('x-request-id'));
    }
  });

  it('says nothing about what went wrong inside (H34)', async () => {
    world.answer(GetLead, () => {
      throw new Error('duplicate key value violates unique constraint "leads_pkey" at /srv/leads.js:10');
    });
    const answer = await world.ask('GET', inOrg(`/leads/${uuid}`), { as: owner });
    expect([answer.status, answer.json['code']]).toEqual([500, 'internal_error']);
    expect(answer.text).not.toMatch(/duplicate|constraint|\.js|at \//);
  });
});

describe('routes that need more than one line of a table', () => {
  it('composes who I am and where I belong', async () => {
    world.answer(GetMe, () => ({
      id: owner.id,
      email: 'a@example.com',
      name: 'A',
      mfa_enabled: false,
      operator: false,
    }));
    world.answer(ListMyOrgs, () => ({
      items: [{ id: org.id, slug: org.slug, name: 'Acme', role: 'owner', status: 'active' }],
    }));
    const { json } = await world.ask('GET', '/v1/me', { as: owner });
    expect(json).toMatchObject({ id: owner.id, orgs: [{ slug: org.slug }] });
  });

  it('reads the audit log of the service that is asked for', async () => {
    await world.ask('GET', inOrg('/audit-log?limit=5'), { as: owner });
    await world.ask('GET', inOrg('/audit-log?service=leads&outcome=denied'), { as: owner });
    await world.ask('GET', inOrg('/audit-log?service=billing-stars&action=cap.set'), { as: owner });
    expect(world.asked(ListAuditLog)).toHaveLength(1);
    expect(world.asked(ListBillingAuditLog)[0]?.payload).toMatchObject({ action: 'cap.set' });
    expect(world.asked(ListLeadsAuditLog)[0]?.payload).toMatchObject({ service: 'leads', outcome: 'denied' });
    expect((await world.ask('GET', inOrg('/audit-log?service=identity'), { as: owner })).status).toBe(400);
  });

  it("hands a payment provider's message on byte for byte, as nobody's, and none that is not signed", async () => {
    world.answer(TakeProviderMessage, () => ({ outcome: 'done' }));
    const body = '{ "id":"evt_1",\n "name":"Z\u00fcrich",  "__proto__": {} , "n": 1.0 }';
    const signed = await world.ask('POST', '/v1/webhooks/stripe', {
      body,
      headers: { 'stripe-signature': 't=1,v1=00' },
    });
    expect([signed.status, signed.json]).toEqual([200, { outcome: 'done' }]);
    const [asked] = world.asked(TakeProviderMessage);
    expect(asked).toMatchObject({
      payload: { signature: 't=1,v1=00' },
      context: { scope: 'platform', orgId: null, actor: 'anonymous' },
    });
    expect(Buffer.from(String(asked?.payload['body']), 'base64').toString()).toBe(body);
    expect((await world.ask('POST', '/v1/webhooks/stripe', { body })).status).toBe(400);
    expect(
      (await world.ask('POST', '/v1/webhooks/stripe', { headers: { 'stripe-signature': 't=1,v1=00' } })).status,
    ).toBe(400);
    expect(
      (
        await world.ask('POST', '/v1/webhooks/stripe', {
          body: `"${'x'.repeat(600_000)}"`,
          headers: { 'stripe-signature': 't=1,v1=00' },
        })
      ).status,
    ).toBe(413);
    expect(world.asked(TakeProviderMessage)).toHaveLength(1);
  });

  it('accepts an invitation with an account or without one', async () => {
    const token = 't'.repeat(43);
    expect((await world.ask('POST', `/v1/invitations/${token}/accept`, { as: owner, body: {} })).status).toBe(200);
    expect(world.asked(AcceptInvitation)[0]).toMatchObject({
      payload: { token },
      context: { scope: 'self', actor: owner.id },
    });
    const fresh = { name: 'New Person', password: 'correct horse battery' };
    expect((await world.ask('POST', `/v1/invitations/${token}/accept`, { body: fresh })).status).toBe(200);
    expect(world.asked(AcceptInvitationAsNew)[0]).toMatchObject({
      payload: { token, ...fresh },
      context: { scope: 'platform', actor: 'anonymous' },
    });
    expect((await world.ask('POST', `/v1/invitations/${token}/accept`, { as: owner, body: fresh })).status).toBe(400);
    expect((await world.ask('POST', `/v1/invitations/${token}/accept`, { token: 'a.b.c', body: fresh })).status).toBe(
      401,
    );
  });

  it('answers health without asking who is there', async () => {
    expect((await world.ask('GET', '/livez')).json).toEqual({ status: 'ok' });
    expect((await world.ask('GET', '/readyz')).json).toEqual({ status: 'ok' });
  });

  it('has a route for every request that only the gateway may send, but what the guard itself asks', () => {
    const source = new Set(routedContracts());
    const guardOnly = [
      'identity.get-signing-keys',
      'identity.check-session',
      'orgs.resolve-access',
      'orgs.list-access-changes',
      'orgs.record-denial',
      'leads.abandon-import',
      'agents.abandon-document',
    ];
    const missing = requestContracts()
      .filter((contract) => contract.callers.includes('gateway'))
      .map((contract) => `${contract.service}.${contract.method}`)
      .filter((name) => !source.has(name) && !guardOnly.includes(name));
    expect(missing).toEqual([]);
  });
});

function routedContracts(): string[] {
  const controllers = world.gateway.routes
    .flatMap(({ contract, withoutBearer }) => [contract, withoutBearer])
    .filter((contract): contract is RequestContract => contract !== undefined);
  // Asked by controllers that make more than one question out of a request.
  return [
    ...controllers.map((contract) => `${contract.service}.${contract.method}`),
    'orgs.list-my-orgs',
    'leads.list-audit-log',
    'agents.list-audit-log',
    'billing-stars.list-audit-log',
    'orgs.list-events',
    'leads.list-events',
    'agents.list-events',
    'billing-stars.list-events',
    'leads.append-import-chunk',
    'leads.finish-import',
    'agents.append-document-piece',
    'agents.finish-document',
  ];
}
