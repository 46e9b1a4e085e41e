import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateLead, ExportLeads, ListMyOrgs } from '@apollo/contracts';
import fc from 'fast-check';
import { type Org, type Person, World } from './world.spec.js';

let world: World;
let owner: Person;
let org: Org;
beforeAll(async () => {
  world = await World.start();
  owner = await world.person({ operator: true });
  org = world.org({ [owner.id]: 'owner' });
  world.answer(ExportLeads, () => ({ items: [], custom_keys: [], next_cursor: null }));
  world.answer(ListMyOrgs, () => ({ items: [] }));
});
afterAll(() => world?.stop());

/** Sends bytes as they are and gives what comes back until the connection ends. */
async function raw(text: string | Buffer, waitMs = 3_000): Promise<string> {
  const { port } = new URL(world.url);
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
  socket.write(text);
  await Promise.race([new Promise((resolve) => socket.on('close', resolve).on('error', resolve)), sleep(waitMs)]);
  socket.destroy();
  return answer;
}

const authorization = (): string => `Authorization: Bearer ${owner.bearer}\r\n`;
const post = (path: string, body: string | Buffer, type = 'application/json') =>
  world.ask('POST', path, { as: owner, body: body as string, headers: { 'content-type': type } });

describe('bodies', () => {
  const leads = (): string => `/v1/orgs/${org.slug}/leads`;

  it.each([
    ['half an object', '{"contact_name":'],
    ['no JSON at all', 'contact_name=A'],
    ['a comment', '{} // x'],
    ['NaN', '{"value_minor":NaN}'],
    ['single quotes', "{'a':1}"],
    ['a byte order mark', '\ufeff{}'],
    ['a trailing comma', '{"a":1,}'],
    ['a prototype', '{"contact_name":"A","__proto__":{"role":"owner"}}'],
    ['a nested prototype', '{"contact_name":"A","custom_fields":{"__proto__":{"x":1}}}'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['deep nesting in a field', `{"contact_name":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    [
      'deep nesting in a free field',
      `{"contact_name":"A","custom_fields":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
    ],
  ])('refuses %s as malformed', async (_, body) => {
    const answer = await post(leads(), body);
    expect([answer.status, answer.json['code'], answer.headers.get('content-type')]).toEqual([
      400,
      'malformed_json',
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const answer = await fetch(world.url + leads(), {
      method: 'POST',
      body: Buffer.from('{"contact_name":"caf\xe9"}', 'latin1'),
      headers: { authorization: `Bearer ${owner.bearer}`, 'content-type': 'application/json' },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'malformed_json']);
  });

  it('says what is wrong with a mark before JSON, and with a charset that is not UTF-8', async () => {
    expect((await post(leads(), '\ufeff{}')).json['detail']).toMatch(/begins with a byte order mark/);
    for (const charset of ['iso-8859-1', 'UTF-16', '"windows-1252"']) {
      const answer = await post(leads(), '{}', `application/json; charset=${charset}`);
      expect([charset, answer.status, answer.json['code']]).toEqual([charset, 415, 'unsupported_media_type']);
      expect(answer.json['detail']).toMatch(/JSON is sent in UTF-8/);
    }
    for (const charset of ['utf-8', 'UTF8', '"UTF-8"'])
      expect((await post(leads(), '[]', `application/json; charset=${charset}`)).json['code']).toBe(
        'validation_failed',
      );
  });

  it.each(['[]', '"text"', '7', 'true', 'null'])('refuses %s, which is no object', async (body) => {
    expect((await post(leads(), body)).json['code']).toBe('validation_failed');
  });

  it.each([
    '{"contact_name":"\\ud800"}',
    '{"contact_name":"a\\u0000b"}',
    '{"contact_name":"a\\u001b[31m"}',
    '{"contact_name":""}',
    '{"contact_name":["a"]}',
    '{"contact_name":{"toString":1}}',
    '{"contact_name":"A","value_minor":1e999}',
    '{"contact_name":"A","value_minor":-1}',
    '{"contact_name":"A","value_minor":1.5}',
    '{"contact_name":"A","tags":"x"}',
    '{"contact_name":"A","tags":[{}]}',
    '{"contact_name":"A","custom_fields":[]}',
    '{"contact_name":"A","custom_fields":{"a":{"b":1}}}',
  ])('refuses the values of %s', async (body) => {
    const answer = await post(leads(), body);
    expect([answer.status, answer.json['code']]).toEqual([400, 'validation_failed']);
  });

  it('refuses a body of more than a megabyte, before reading it', async () => {
    const answer = await post(leads(), JSON.stringify({ contact_name: 'x'.repeat(1_100_000) }));
    expect([answer.status, answer.json['code']]).toEqual([413, 'payload_too_large']);
  });

  it('refuses other media types', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
      'nonsense',
    ]) {
      const answer = await post(leads(), '{}', type);
      expect([answer.status, answer.json['code'], answer.json['detail']]).toEqual([
        415,
        'unsupported_media_type',
        'This route takes application/json.',
      ]);
    }
  });

  it.each(['gzip', 'br', 'deflate, gzip'])(
    'refuses %s, which it would read as it stands, and says what to send',
    async (encoding) => {
      for (const [path, type, body] of [
        [leads(), 'application/json', '{"contact_name":"A"}'],
        [`/v1/orgs/${org.slug}/lead-imports`, 'multipart/form-data; boundary=x', '--x--'],
        [`/v1/orgs/${org.slug}/lead-imports/preview`, 'multipart/form-data; boundary=x', '--x--'],
        [`/v1/orgs/${org.slug}/documents`, 'multipart/form-data; boundary=x', '--x--'],
      ] as const) {
        const headers = { 'content-type': type, 'content-encoding': encoding };
        const answer = await world.ask('POST', path, { as: owner, body, headers });
        expect([answer.status, answer.json['code']]).toEqual([415, 'unsupported_media_type']);
        expect(answer.json['detail']).toContain(`Send ${type.split(';')[0]} as it is, not compressed`);
      }
      const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' };
      expect((await world.ask('POST', leads(), { as: owner, body: '[]', headers })).json['code']).toBe(
        'validation_failed',
      );
    },
  );

  it('takes an empty body for an empty object', async () => {
    expect((await world.ask('POST', `/v1/orgs/${org.slug}/leave`, { as: owner })).status).toBe(204);
    expect(
      (
        await world.ask('POST', `/v1/orgs/${org.slug}/leave`, {
          as: owner,
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(204);
  });

  it('does not read the body of somebody it does not let in', async () => {
    const answer = await raw(
      `POST ${leads()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`,
      1_000,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('addresses and methods', () => {
  it.each([
    '/nope',
    '/v1',
    '/v1/',
    '/v2/me',
    '/v1/me/',
    '//v1/me',
    '/V1/ME',
    '/metrics',
    '/v1/../admin',
    '/.env',
    '/v1/orgs/a/leads/b/c/d',
  ])('knows no route %s', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${authorization()}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"code":"route_not_found"');
    expect(answer).toContain('x-content-type-options: nosniff');
  });

  it('says which methods a route knows', async () => {
    const answer = await world.ask('DELETE', '/v1/me', { as: owner });
    expect([answer.status, answer.json['code'], answer.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      'GET, HEAD',
    ]);
    for (const method of ['PUT', 'OPTIONS']) expect((await fetch(`${world.url}/v1/me`, { method })).status).toBe(405);
  });

  it.each([
    '/v1/orgs/%',
    '/v1/orgs/%zz/leads',
    '/v1/orgs/%c3%28/leads',
    '/v1/orgs/%ff',
    '/%',
    '/v1/orgs/a%2fb/leads',
    '/v1/orgs/%00/leads',
    '/v1/orgs/%2e%2e/leads',
    '/v1/me?%',
    '/v1/me?a=%zz',
  ])('answers the address %s without an accident', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${authorization()}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('x-request-id');
  });

  it('refuses addresses that are too long', async () => {
    const answer = await world.ask('GET', `/v1/orgs/${org.slug}/leads?search=${'x'.repeat(9_000)}`, { as: owner });
    expect([answer.status, answer.json['code']]).toEqual([414, 'uri_too_long']);
    expect((await world.ask('GET', `/v1/invitations/${'x'.repeat(400)}`)).status).toBe(404);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400],
    ['headers without an end of size', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'a request smuggled by two lengths',
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
      400,
    ],
    [
      'a request smuggled by length and chunks',
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'a bad chunk',
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
      400,
    ],
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['an expectation', 'GET /livez HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n\r\n', 400],
    ['a tunnel', 'CONNECT leads:80 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ])('answers %s with a problem of its own', async (_, text, status) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('application/problem+json');
  });

  it('does not confuse an absolute target with a path of its own', async () => {
    expect(await raw('GET *v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(await raw('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 40[045] /);
  });

  it('gives no preflight and no header to other origins', async () => {
    const answer = await fetch(`${world.url}/v1/me`, {
      method: 'GET',
      headers: { origin: 'https://evil.example', authorization: `Bearer ${owner.bearer}` },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('server')).toBeNull();
  });
});

describe('anything at all', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uuid(),
  );
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'contact_name',
      'email',
      'id',
      'org_id',
      '__proto__',
      'constructor',
      'mapping',
      'limit',
      'cursor',
      'slug',
      'name',
      'password',
      'totp_code',
      'if_match',
    ),
  );
  const body = fc.oneof(
    fc.jsonValue({ maxDepth: 8 }),
    fc.dictionary(names, fc.oneof(scalar, fc.array(scalar), fc.dictionary(names, scalar))),
  );

  /** A stream that is let in has no end to read to. */
  const endless = { 'last-event-id': 'none of ours' };

  it('is answered on every route with no 5xx and no stack, and the process goes on', async () => {
    const document = (await world.ask('GET', '/openapi.json')).json as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => [verb.toUpperCase(), path] as const),
    );
    for (const [verb, path] of routes) {
      await fc.assert(
        fc.asyncProperty(
          body,
          fc.dictionary(names, scalar),
          fc.array(fc.oneof(fc.uuid(), fc.string({ minLength: 1 })), { minLength: 3, maxLength: 3 }),
          fc.boolean(),
          async (content, query, ids, signedIn) => {
            const filled = path
              .replace('{org}', org.slug)
              .replaceAll(/\{\w+\}/g, () => encodeURIComponent((ids.shift() ?? 'x').toWellFormed()));
            const search = new URLSearchParams(
              Object.entries(query).map(([name, value]): [string, string] => [
                name.toWellFormed(),
                String(value).toWellFormed(),
              ]),
            ).toString();
            const answer = await world.ask(verb, `${filled}${verb === 'GET' && search ? `?${search}` : ''}`, {
              ...(signedIn && { as: owner }),
              ...(path.endsWith('/events') && { headers: endless }),
              ...(verb !== 'GET' && { body: JSON.stringify(content) }),
            });
            expect(`${verb} ${path} ${answer.status} ${answer.text.slice(0, 300)}`).not.toMatch(/^\S+ \S+ 5/);
            expect(answer.text).not.toMatch(/\n\s+at |node_modules|\bselect\b.*\bfrom\b/i);
          },
        ),
        { numRuns: 25 },
      );
    }
    expect(world.failures).toEqual([]);
    expect((await world.ask('GET', '/livez')).status).toBe(200);
    expect(world.asked(CreateLead).every(({ context }) => context.orgId === org.id)).toBe(true);
  });
});
