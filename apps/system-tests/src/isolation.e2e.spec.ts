import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '@apollo/dev';
import { type LiveOrg, type Person, Stage } from './live.platform.js';
import { type ApiDocument, apiDocument, filled, type Operation } from './openapi.client.js';

/** One object of each kind in an organization, found by the name of the path parameter that means it. */
interface Things {
  readonly ids: Readonly<Record<string, string>>;
  readonly everything: readonly string[];
}

describe('two organizations through every route', () => {
  const stage = new Stage();
  let api: ApiDocument;
  let a: LiveOrg;
  let b: LiveOrg;
  let ofA: Things;
  let ofB: Things;
  let stranger: Person;

  /** Writes the canary into everything an organization can hold. */
  async function furnish(org: LiveOrg): Promise<Things> {
    const http = org.owner.http;
    const base = `/v1/orgs/${org.slug}`;
    const pipeline = await http.post(`${base}/pipelines`, { name: org.canary.slice(0, 40) });
    await http.post(`${base}/lead-fields`, { key: 'note', label: org.canary, kind: 'text' });
    const lead = await http.post(`${base}/leads`, {
      contact_name: org.canary,
      company: org.canary,
      external_id: 'shared-id',
      custom_fields: { note: org.canary },
      tags: ['shared'],
    });
    const activity = await http.post(`${base}/leads/${String(lead['id'])}/activities`, { text: org.canary });
    const invitation = await http.post(`${base}/invitations`, {
      email: `invited-${org.slug}@example.com`,
      role: 'viewer',
    });
    const field = ((await http.get(`${base}/lead-fields`))['items'] as { id: string }[])[0];
    const form = new FormData();
    form.set('mapping', JSON.stringify({ name: 'contact_name' }));
    form.set('file', new Blob([`name\n${org.canary}\n`], { type: 'text/csv' }), 'leads.csv');
    const upload = (await http.send('POST', `${base}/lead-imports`, { form })).body;
    const mapping = await http.post(`${base}/lead-import-mappings`, { name: org.canary.slice(0, 40) });
    const persona = await http.post(`${base}/personas`, {
      name: org.canary.slice(0, 40),
      description: org.canary,
      instructions: org.canary,
    });
    const fact = await http.post(`${base}/personas/${String(persona['id'])}/memory`, { text: org.canary });
    const conversation = await http.post(`${base}/conversations`, { title: org.canary });
    const run = await http.post(`${base}/conversations/${String(conversation['id'])}/messages`, {
      text: org.canary,
      persona_id: persona['id'],
    });
    const file = new FormData();
    file.set('title', org.canary);
    file.set('file', new Blob([`words of ${org.canary}`], { type: 'text/plain' }), 'terms.txt');
    const document = (await http.send('POST', `${base}/documents`, { form: file })).body;
    const payment = await order(org);
    const me = await http.get('/v1/me');
    const stages = pipeline['stages'] as { id: string }[];
    const ids = {
      pipelines: String(pipeline['id']),
      stages: String(stages[0]?.id),
      'lead-fields': String(field?.id),
      leads: String(lead['id']),
      activities: String(activity['id']),
      invitations: String(invitation['id']),
      'lead-imports': String(upload['id']),
      'lead-import-mappings': String(mapping['id']),
      members: String(me['id']),
      personas: String(persona['id']),
      memory: String(fact['id']),
      conversations: String(conversation['id']),
      chat: String(conversation['id']),
      runs: String(run['id']),
      documents: String(document['id']),
      payments: String(payment['id']),
    };
    return { ids, everything: [org.canary, ...Object.values(ids)] };
  }

  /** Orders a pack, as soon as the wallet is open: an event opens it. */
  async function order(org: LiveOrg): Promise<Record<string, unknown>> {
    for (const end = Date.now() + 30_000; ; await sleep(100)) {
      const answer = await org.owner.http.ask('POST', `/v1/orgs/${org.slug}/billing/packs`, {
        body: { pack: 'pack-1000' },
      });
      if (answer.status === 201) return answer.body;
      if (answer.status !== 404 || Date.now() > end) throw new Error(`no pack can be ordered: ${answer.text}`);
    }
  }

  beforeAll(async () => {
    api = await apiDocument(stage.nobody);
    [a, b] = [await stage.org(), await stage.org()];
    [ofA, ofB] = [await furnish(a), await furnish(b)];
    stranger = await stage.granted();
  });

  const orgOperations = (): Operation[] =>
    api.operations.filter((operation) => operation.path.startsWith('/v1/orgs/{org}'));

  /** The object that a path segment names: one that no organization was furnished with could not be told from none. */
  function idOf(kind: string, ids: Readonly<Record<string, string>>): string {
    const id = ids[kind];
    if (id === undefined) throw new Error(`furnish makes nothing of the kind ${kind}`);
    return id;
  }

  /** Path parameters of an operation: the org's slug, and per parameter the object its path segment names. */
  function valuesFor(
    operation: Operation,
    slug: string,
    ids: Readonly<Record<string, string>> | 'random',
  ): Record<string, string> {
    const segments = operation.path.split('/');
    const values: Record<string, string> = { org: slug };
    for (const [index, segment] of segments.entries()) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name === 'page') values[name] = '1';
      else if (name && name !== 'org')
        values[name] = ids === 'random' ? randomUUID() : idOf(segments[index - 1] ?? '', ids);
    }
    return values;
  }

  /** A body the route would take, with object ids of the given organization in it. */
  function bodyFor(operation: Operation, ids: Readonly<Record<string, string>> | 'random'): unknown {
    if (operation.method === 'GET') return undefined;
    if (operation.path.endsWith('/chat'))
      return {
        id: ids === 'random' ? randomUUID() : ids['chat'],
        messages: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }],
      };
    if (operation.path.endsWith('/move')) return { stage_id: ids === 'random' ? randomUUID() : ids['stages'] };
    if (/\/(?:activities|memory|messages)/.test(operation.path))
      return operation.method === 'DELETE' ? undefined : { text: 'x' };
    if (operation.path.includes('/members/') && operation.method === 'PATCH') return { role: 'viewer' };
    if (operation.path.endsWith('/stages')) return { name: 'x' };
    if (operation.path.includes('/conversations/') && operation.method === 'PATCH') return { title: 'x' };
    return operation.method === 'PATCH' ? { name: 'x' } : operation.method === 'POST' ? {} : undefined;
  }

  const withoutRequestId = (answer: Answer): string =>
    `${answer.status} ${answer.text.replace(/"request_id":"[^"]*"/, '"request_id":""').replace(/"instance":"[^"]*",?/, '')}`;

  async function call(
    person: Person,
    operation: Operation,
    slug: string,
    ids: Readonly<Record<string, string>> | 'random',
  ): Promise<Answer> {
    const body = bodyFor(operation, ids);
    return person.http.ask(
      operation.method,
      filled(operation.path, valuesFor(operation, slug, ids)),
      body === undefined ? {} : { body },
    );
  }

  it('has something to find: every owner reads their own (control)', async () => {
    for (const [org, things] of [
      [a, ofA],
      [b, ofB],
    ] as const) {
      for (const kind of ['leads', 'pipelines', 'lead-imports', 'invitations', 'members', 'personas', 'documents']) {
        const answer = await org.owner.http.ask('GET', `/v1/orgs/${org.slug}/${kind}/${things.ids[kind]}`);
        expect({ kind, status: answer.status }).toEqual({ kind, status: 200 });
      }
      const payment = `/v1/orgs/${org.slug}/billing/payments/${things.ids['payments']}`;
      expect((await org.owner.http.ask('POST', `${payment}/checkout`)).status).toBe(200);
      expect((await org.owner.http.send('GET', `/v1/orgs/${org.slug}/leads?search=${org.canary}`)).text).toContain(
        org.canary,
      );
    }
  });

  it('H02 H14 answers an org of somebody else as one that does not exist, on every route, byte for byte', async () => {
    for (const operation of orgOperations()) {
      const foreign = await call(a.owner, operation, b.slug, ofB.ids);
      const missing = await call(a.owner, operation, `org-${randomUUID().slice(0, 8)}`, ofB.ids);
      const name = `${operation.method} ${operation.path}`;
      expect({ name, answer: withoutRequestId(foreign) }).toEqual({ name, answer: withoutRequestId(missing) });
      expect({ name, status: foreign.status, code: foreign.body['code'] }).toEqual({
        name,
        status: 404,
        code: 'org_not_found',
      });
      expect(withoutRequestId(await call(stranger, operation, b.slug, ofB.ids))).toEqual(withoutRequestId(foreign));
    }
  });

  it('H01 answers an object of somebody else as one that does not exist, on every route, byte for byte', async () => {
    const withObjects = orgOperations().filter(
      (operation) => operation.path.split('{').length > 2 || /\/(?:move|chat)$/.test(operation.path),
    );
    expect(withObjects.length).toBeGreaterThan(15);
    for (const operation of withObjects) {
      const foreign = await call(a.owner, operation, a.slug, ofB.ids);
      const missing = await call(a.owner, operation, a.slug, 'random');
      const name = `${operation.method} ${operation.path}`;
      expect({ name, answer: withoutRequestId(foreign) }).toEqual({ name, answer: withoutRequestId(missing) });
      expect({ name, found: foreign.status < 400 && !/activities|errors/.test(name) }).toEqual({ name, found: false });
      for (const secret of ofB.everything)
        if (foreign.text.includes(secret)) throw new Error(`${name} shows ${secret}`);
    }
  });

  it('H19 counts, lists, searches, filters and exports its own only', async () => {
    const base = `/v1/orgs/${a.slug}`;
    const paths = [
      '/leads',
      `/leads?search=${b.canary}`,
      '/leads?search=canary',
      '/leads?tag=shared',
      '/leads?sort=contact_name',
      '/lead-export',
      '/pipelines',
      '/lead-fields',
      '/lead-imports',
      '/lead-import-mappings',
      '/members',
      '/invitations',
      '/audit-log',
      '/audit-log?service=leads',
      '/audit-log?service=agents',
      '/personas',
      '/conversations',
      `/conversations/${ofA.ids['conversations']}`,
      `/runs/${ofA.ids['runs']}`,
      `/personas/${ofA.ids['personas']}/versions`,
      `/personas/${ofA.ids['personas']}/memory`,
      '/documents',
      '/documents/search?q=words',
      `/documents/search?q=${b.canary}`,
      `/documents/${ofA.ids['documents']}/pages/1`,
      '/billing/payments',
      `/leads?pipeline_id=${ofB.ids['pipelines']}`,
      `/leads?stage_id=${ofB.ids['stages']}`,
      `/leads?owner_id=${ofB.ids['members']}`,
      `/leads/${ofA.ids['leads']}/activities`,
    ];
    for (const path of paths) {
      const answer = await a.owner.http.send('GET', base + path);
      for (const secret of ofB.everything) if (answer.text.includes(secret)) throw new Error(`${path} shows ${secret}`);
    }
    expect((await a.owner.http.send('GET', `${base}/lead-export`)).text).toContain(a.canary);
  });

  it('leaves nothing changed in B, and nobody of B sees that A tried', async () => {
    const lead = await b.owner.http.get(`/v1/orgs/${b.slug}/leads/${ofB.ids['leads']}`);
    expect(lead).toMatchObject({ contact_name: b.canary, version: 1 });
    const trail = await b.owner.http.send('GET', `/v1/orgs/${b.slug}/leads/${ofB.ids['leads']}/activities`);
    expect(trail.text).not.toContain(a.canary);
  });

  it('H03 keeps one person in two organizations apart, two hundred interleaved requests', async () => {
    const both = await stage.org(a.owner);
    await both.owner.http.post(`/v1/orgs/${both.slug}/leads`, { contact_name: both.canary });
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const [first, second] = await Promise.all([
          a.owner.http.send('GET', `/v1/orgs/${a.slug}/leads`),
          a.owner.http.send('GET', `/v1/orgs/${both.slug}/leads`),
        ]);
        expect(first.text.includes(a.canary) && !first.text.includes(both.canary)).toBe(true);
        expect(second.text.includes(both.canary) && !second.text.includes(a.canary)).toBe(true);
      }),
    );
  });

  it('refuses a cursor of another organization, another person and another query', async () => {
    for (let lead = 0; lead < 3; lead++)
      await a.owner.http.post(`/v1/orgs/${a.slug}/leads`, { contact_name: `lead ${lead}` });
    const both = await stage.org(a.owner);
    const colleague = await stage.member(a, 'member');
    const page = await a.owner.http.get(`/v1/orgs/${a.slug}/leads`, { limit: '1' });
    const cursor = String(page['next_cursor']);
    expect((await a.owner.http.ask('GET', `/v1/orgs/${a.slug}/leads`, { query: { limit: '1', cursor } })).status).toBe(
      200,
    );
    const wrong: [Person, string, Record<string, string>][] = [
      [a.owner, both.slug, { cursor }],
      [colleague, a.slug, { cursor }],
      [a.owner, a.slug, { cursor, sort: 'contact_name' }],
      [a.owner, a.slug, { cursor, tag: 'shared' }],
      [a.owner, a.slug, { cursor: `${cursor}x` }],
      [a.owner, a.slug, { cursor: 'garbage' }],
    ];
    for (const [person, slug, query] of wrong) {
      const answer = await person.http.ask('GET', `/v1/orgs/${slug}/leads`, { query });
      expect(answer.body['code']).toBe('invalid_cursor');
    }
  });

  it('B04 keeps idempotency keys of two organizations apart, and gives the stored answer within one', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const create = (org: LiveOrg, name: string): Promise<Answer> =>
      org.owner.http.ask('POST', `/v1/orgs/${org.slug}/leads`, { body: { contact_name: name }, headers });
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(a, 'once')));
    expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1);
    expect((await create(b, 'once')).body['id']).not.toBe(answers[0]?.body['id']);
    expect((await create(a, 'other')).body['code']).toBe('idempotency_mismatch');
  });

  it('H37 believes no validator of an object for another one, nor for the same kind in another organization', async () => {
    const paths = (things: Things): [string, object][] => [
      [`/leads/${things.ids['leads']}`, { city: 'Ulm' }],
      [`/pipelines/${things.ids['pipelines']}`, { name: 'Deals' }],
      [`/personas/${things.ids['personas']}`, { name: 'Clerk' }],
      [`/personas/${things.ids['personas']}/memory/${things.ids['memory']}`, { text: 'x' }],
      ['', { name: 'Renamed' }],
    ];
    const at = (org: LiveOrg, path: string, method: string, headers: Record<string, string>, body?: object) =>
      org.owner.http.ask(method, `/v1/orgs/${org.slug}${path}`, { headers, body });
    const tagAt = async (org: LiveOrg, path: string): Promise<string> =>
      (await at(org, path, 'GET', {})).headers.get('etag') ?? '';
    const foreign = await Promise.all(paths(ofB).map(([path]) => tagAt(b, path)));
    const own = await Promise.all(paths(ofA).map(([path]) => tagAt(a, path)));
    for (const [index, [path, change]] of paths(ofA).entries()) {
      const right = String(own[index]);
      for (const wrong of [...foreign, ...own.filter((tag) => tag !== right), '"1"']) {
        expect((await at(a, path, 'GET', { 'if-none-match': wrong })).status).toBe(200);
        expect((await at(a, path, 'PATCH', { 'if-match': wrong }, change)).body['code']).toBe('etag_mismatch');
      }
      expect((await at(a, path, 'GET', { 'if-none-match': right })).status).toBe(304);
      expect((await at(a, path, 'PATCH', { 'if-match': right }, change)).status).toBe(200);
      expect((await at(a, path, 'PATCH', { 'if-match': right }, change)).body['code']).toBe('etag_mismatch');
    }
  });
});
