import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbandonImport,
  AppendImportChunk,
  DomainError,
  ExportLeads,
  FinishImport,
  GetOrg,
  ListMembers,
  PreviewImport,
  StartImport,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { until } from '@apollo/testing';
import { type Org, type Person, World } from './world.spec.js';

let world: World;
let owner: Person;
let org: Org;
beforeAll(async () => {
  world = await World.start({ limits: { uploadBytes: 3_000_000 } });
});
afterAll(() => world?.stop());

const importOf = (id: string, status: string) => ({
  id,
  file_name: 'x.csv',
  status,
  rows_total: null,
  rows_read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  error_code: null,
  error_detail: null,
  created_at: new Date(0).toISOString(),
  finished_at: null,
});

let files: Map<string, Map<number, Buffer>>;
beforeEach(async () => {
  world.answers.clear();
  world.received.length = 0;
  owner = await world.person();
  org = world.org({ [owner.id]: 'owner' });
  files = new Map();
  world.answer(GetOrg, () => ({ currency: 'EUR', country: 'DE', time_zone: 'Europe/Berlin' }));
  world.answer(ListMembers, () => ({ items: [], next_cursor: null }));
  world.answer(StartImport, () => {
    const id = newId();
    files.set(id, new Map());
    return importOf(id, 'receiving');
  });
  world.answer(AppendImportChunk, ({ id, seq, data }: { id: string; seq: number; data: string }) => {
    files.get(id)?.set(seq, Buffer.from(data, 'base64'));
    return { done: true };
  });
  world.answer(FinishImport, ({ id }: { id: string }) => importOf(id, 'running'));
});

const path = (): string => `/v1/orgs/${org.slug}/lead-imports`;
const mapping = JSON.stringify({ Name: 'contact_name' });

async function upload(
  parts: [string, string | Blob, string?][],
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; json: Record<string, unknown> }> {
  const form = new FormData();
  for (const [name, value, fileName] of parts) {
    if (value instanceof Blob) form.append(name, value, fileName ?? 'leads.csv');
    else form.append(name, value);
  }
  const response = await fetch(world.url + path(), {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${owner.bearer}`, ...headers },
  });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  };
}

describe('import', () => {
  it.each([
    ['Ka\u0308ufer \u200fקונים\u202e.csv', 'Käufer קונים.csv'],
    ['\u200b \u2066', 'upload.csv'],
    [`${'x'.repeat(199)}\u{1f600}.csv`, `${'x'.repeat(199)}\ufffd`],
  ])('of a file takes the name %j as people see it, and is refused for none', async (given, name) => {
    expect((await upload([['file', new Blob(['Name\nAda\n']), given]])).status).toBe(202);
    expect(world.asked(StartImport).at(-1)?.payload['file_name']).toBe(name);
  });

  it('hands a file of many chunks on, whole and in order', async () => {
    const content = randomBytes(2_500_000);
    const answer = await upload([
      ['mapping', mapping],
      ['delimiter', ';'],
      ['value_decimals', '2'],
      ['file', new Blob([content]), 'März/../leads.csv'],
    ]);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`${path()}/${String(answer.json['id'])}`);
    expect({ ...world.asked(StartImport)[0]?.payload }).toMatchObject({
      mapping: { Name: 'contact_name' },
      delimiter: ';',
      value_decimals: 2,
      file_name: 'leads.csv',
    });
    const chunks = [...(files.get(String(answer.json['id'])) ?? [])].sort(([a], [b]) => a - b);
    expect(chunks.map(([seq, { length }]) => [seq, length])).toEqual([
      [0, 524_288],
      [1, 524_288],
      [2, 524_288],
      [3, 524_288],
      [4, 402_848],
    ]);
    expect(Buffer.concat(chunks.map(([, data]) => data)).equals(content)).toBe(true);
    expect(world.asked(FinishImport)[0]?.payload).toMatchObject({
      chunks: 5,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  it.each([
    ['JPY', 0],
    ['EUR', 2],
    ['KWD', 3],
  ])('reads amounts in the organization’s currency: %s has %i decimals', async (currency, decimals) => {
    world.answer(GetOrg, () => ({ currency }));
    const amounts = JSON.stringify({ Name: 'contact_name', Worth: 'value' });
    const taken = async (...said: [string, string][]) =>
      (await upload([['mapping', amounts], ...said, ['file', new Blob(['a'])]])).status;
    expect(await taken()).toBe(202);
    expect(await taken(['currency', currency], ['value_decimals', String(decimals)])).toBe(202);
    expect(await taken(['value_decimals', '1'])).toBe(400);
    expect(await taken(['currency', 'USD'])).toBe(400);
    const read = world.asked(StartImport).map(({ payload }) => [payload['currency'], payload['value_decimals']]);
    expect(read).toEqual([
      [currency, decimals],
      [currency, decimals],
    ]);
  });

  it('tells by whom and where amounts, phones, moments and owners are read, where the form does not', async () => {
    const kim = { user_id: owner.id, name: 'Kim', email: 'kim@example.com' };
    world.answer(ListMembers, () => ({
      items: [{ ...kim, role: 'owner', joined_at: '', version: 1 }],
      next_cursor: null,
    }));
    await upload([['file', new Blob(['a'])]]);
    await upload([
      ['mapping', mapping],
      ['country', 'PT'],
      ['file', new Blob(['a'])],
    ]);
    const [proposed, told] = world.asked(StartImport).map(({ payload }) => payload);
    expect(proposed).toMatchObject({ country: 'DE', currency: 'EUR', time_zone: 'Europe/Berlin', owners: [kim] });
    expect(proposed?.['mapping']).toBeUndefined();
    expect([told?.['country'], told?.['owners']]).toEqual(['PT', undefined]);
  });

  it('is previewed by the beginning of the file, however large it is, and nothing is written', async () => {
    const asked: Record<string, unknown>[] = [];
    world.answer(PreviewImport, (payload: Record<string, unknown>) => {
      asked.push(payload);
      return { encoding: 'utf-8', columns: [] };
    });
    const large = randomBytes(2_000_000);
    for (const content of [Buffer.from('Name\nAda\n'), large]) {
      const form = new FormData();
      form.append('delimiter', ';');
      form.append('file', new Blob([content]), 'leads.csv');
      const headers = { authorization: `Bearer ${owner.bearer}` };
      const answer = await fetch(`${world.url}${path()}/preview`, { method: 'POST', body: form, headers });
      expect([answer.status, await answer.json()]).toEqual([200, { encoding: 'utf-8', columns: [] }]);
    }
    expect(asked.map(({ whole, delimiter }) => [whole, delimiter])).toEqual([
      [true, ';'],
      [false, ';'],
    ]);
    const sent = Buffer.from(String(asked[1]?.['data']), 'base64');
    expect(sent.equals(large.subarray(0, 524_288))).toBe(true);
    expect(world.asked(StartImport)).toEqual([]);
  });

  it('gives the import up when the upload fails, unless a key says that it will come again', async () => {
    world.answer(AppendImportChunk, () => {
      throw new DomainError('state_conflict');
    });
    world.answer(AbandonImport, () => ({ done: true }));
    expect(
      (
        await upload(
          [
            ['mapping', mapping],
            ['file', new Blob(['a'])],
          ],
          { 'idempotency-key': 'again' },
        )
      ).status,
    ).toBe(409);
    expect(world.asked(AbandonImport)).toEqual([]);
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob(['a'])],
        ])
      ).status,
    ).toBe(409);
    expect(world.asked(AbandonImport).map(({ payload }) => payload['id'])).toEqual([[...files.keys()].at(-1)]);
  });

  it('never has more than two chunks under way', async () => {
    let underWay = 0;
    let most = 0;
    world.answer(AppendImportChunk, async () => {
      most = Math.max(most, ++underWay);
      await sleep(20);
      underWay -= 1;
      return { done: true };
    });
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob([randomBytes(2_900_000)])],
        ])
      ).status,
    ).toBe(202);
    expect(most).toBe(2);
  });

  it('uses the same keys for the steps of a repeated request', async () => {
    const send = () =>
      upload(
        [
          ['mapping', mapping],
          ['file', new Blob(['Name\nAda\n'])],
        ],
        { 'idempotency-key': 'import-of-monday' },
      );
    await send();
    await send();
    const keys = (contract: Parameters<World['asked']>[0]): string[] =>
      world.asked(contract).map(({ idempotencyKey }) => idempotencyKey);
    for (const contract of [StartImport, AppendImportChunk, FinishImport]) expect(new Set(keys(contract)).size).toBe(1);
    expect(new Set([...keys(StartImport), ...keys(AppendImportChunk), ...keys(FinishImport)]).size).toBe(3);
  });

  it.each<[string, [string, string | Blob, string?][]]>([
    [
      'an unknown field',
      [
        ['mapping', mapping],
        ['org_id', 'x'],
        ['file', new Blob(['a'])],
      ],
    ],
    [
      'a field given twice',
      [
        ['mapping', mapping],
        ['mapping', mapping],
        ['file', new Blob(['a'])],
      ],
    ],
    ['no file', [['mapping', mapping]]],
    [
      'a file under another name',
      [
        ['mapping', mapping],
        ['upload', new Blob(['a'])],
      ],
    ],
    [
      'a mapping that is a list',
      [
        ['mapping', '[]'],
        ['file', new Blob(['a'])],
      ],
    ],
    [
      'decimals that are no number',
      [
        ['mapping', mapping],
        ['value_decimals', 'two'],
        ['file', new Blob(['a'])],
      ],
    ],
    [
      'a field that is too long',
      [
        ['mapping', `{"x":"${'y'.repeat(70_000)}"}`],
        ['file', new Blob(['a'])],
      ],
    ],
  ])('refuses %s', async (_, parts) => {
    const answer = await upload(parts);
    expect([answer.status, answer.json['code']]).toEqual([400, 'validation_failed']);
    expect(world.asked(FinishImport)).toHaveLength(0);
  });

  it.each([
    ['{', 'is not valid JSON'],
    ['{"__proto__":"email"}', 'holds a key that is not allowed'],
  ])('refuses the mapping %s, which is no JSON that is taken, by its name', async (given, problem) => {
    const { json } = await upload([
      ['mapping', given],
      ['file', new Blob(['a'])],
    ]);
    expect(json).toMatchObject({
      code: 'malformed_json',
      detail: `The field mapping ${problem}.`,
      errors: [{ field: 'mapping', problem }],
    });
  });

  it('refuses the preview of a file without a byte as what it is: the file is empty', async () => {
    const form = new FormData();
    form.append('file', new Blob([]), 'leads.csv');
    const headers = { authorization: `Bearer ${owner.bearer}` };
    const answer = await fetch(`${world.url}${path()}/preview`, { method: 'POST', body: form, headers });
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { code: 'invalid_csv', detail: 'The file is empty.', errors: [{ field: 'file', problem: 'is empty' }] },
    ]);
    expect(world.asked(PreviewImport)).toEqual([]);
  });

  it('leaves an import unfinished whose fields come after the file', async () => {
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob(['a'])],
          ['delimiter', ';'],
        ])
      ).status,
    ).toBe(400);
    expect(world.asked(FinishImport)).toHaveLength(0);
  });

  it('refuses a file that is too large, announced or not', async () => {
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob([randomBytes(3_100_000)])],
        ])
      ).json['code'],
    ).toBe('payload_too_large');
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob([randomBytes(6_000_000)])],
        ])
      ).json['code'],
    ).toBe('payload_too_large');
    expect(world.asked(FinishImport)).toHaveLength(0);
  });

  it('takes forms only', async () => {
    const answer = await world.ask('POST', path(), { as: owner, body: { mapping: {} } });
    expect([answer.status, answer.json['code']]).toEqual([415, 'unsupported_media_type']);
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=x',
      'text/csv',
    ]) {
      expect([400, 415]).toContain(
        (await world.ask('POST', path(), { as: owner, body: 'x', headers: { 'content-type': type } })).status,
      );
    }
  });

  it('takes a form nowhere else', async () => {
    const form = new FormData();
    form.append('contact_name', 'A');
    const response = await fetch(`${world.url}/v1/orgs/${org.slug}/leads`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${owner.bearer}` },
    });
    expect(response.status).toBe(415);
  });

  it('answers early when the service refuses, while the client still sends', async () => {
    world.answer(AppendImportChunk, () => {
      throw new DomainError('state_conflict');
    });
    const answer = await upload([
      ['mapping', mapping],
      ['file', new Blob([randomBytes(2_900_000)])],
    ]);
    expect([answer.status, answer.json['code']]).toEqual([409, 'state_conflict']);
    expect((await world.ask('GET', '/livez')).status).toBe(200);
  });

  it('finishes nothing when the client goes away midway, and goes on serving', async () => {
    const boundary = 'cut';
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="mapping"\r\n\r\n${mapping}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n`;
    const { port } = new URL(world.url);
    await new Promise<void>((resolve) => {
      const request = httpRequest({
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: path(),
        headers: {
          authorization: `Bearer ${owner.bearer}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': 2_000_000,
        },
      });
      request.on('error', () => resolve());
      request.write(head + 'x'.repeat(1_000_000));
      void until(() => world.asked(StartImport).length > 0).then(() => request.destroy(new Error('gone')));
    });
    await sleep(300);
    expect(world.asked(StartImport)).toHaveLength(1);
    expect(world.asked(FinishImport)).toHaveLength(0);
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob(['a'])],
        ])
      ).status,
    ).toBe(202);
  });

  it('stops taking chunks from somebody who was removed meanwhile (H09)', async () => {
    world.answer(AppendImportChunk, async ({ seq }: { seq: number }) => {
      if (seq === 0) {
        org.members.delete(owner.id);
        await world.announceAccessChanged(org, owner.id);
      }
      // What orgs announces takes another way than what leads answers.
      await sleep(100);
      return { done: true };
    });
    expect(
      (
        await upload([
          ['mapping', mapping],
          ['file', new Blob([randomBytes(2_900_000)])],
        ])
      ).status,
    ).toBe(404);
    expect(world.asked(AppendImportChunk).length).toBeLessThan(4);
    expect(world.asked(FinishImport)).toHaveLength(0);
  });
});

const lead = (name: string, more: object = {}) => ({
  id: newId(),
  pipeline_id: newId(),
  stage_id: newId(),
  contact_name: name,
  company: null,
  email: null,
  phone: null,
  site: null,
  city: null,
  state: null,
  country: null,
  owner_id: null,
  value_minor: null,
  tags: [],
  custom_fields: {},
  external_id: null,
  created_at: new Date(0).toISOString(),
  updated_at: new Date(0).toISOString(),
  version: 1,
  ...more,
});

describe('export', () => {
  const exportPath = (): string => `/v1/orgs/${org.slug}/lead-export`;

  it('streams every page with one heading, and escapes what a spreadsheet would run (H20)', async () => {
    world.answer(ExportLeads, ({ cursor }: { cursor?: string }) =>
      cursor
        ? { items: [lead('Second, "quoted"\nline')], custom_keys: ['score'], next_cursor: null }
        : {
            items: [
              lead('=HYPERLINK("http://evil")', {
                phone: '+4930123456',
                tags: ['a', 'b'],
                custom_fields: { score: '@SUM(1)' },
              }),
            ],
            custom_keys: ['score'],
            next_cursor: 'page-2',
          },
    );
    const { status, text, headers } = await world.ask('GET', `${exportPath()}?search=ev`, { as: owner });
    expect([status, headers.get('content-disposition')]).toEqual([200, `attachment; filename="${org.slug}-leads.csv"`]);
    expect(headers.get('content-type')).toContain('text/csv');
    const lines = text.split('\r\n');
    expect(lines[0]?.endsWith('created_at,updated_at,custom_fields.score')).toBe(true);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(lines[1]).toContain("'+4930123456");
    expect(lines[1]).toContain('a;b');
    expect(lines[0]).toContain(',value_minor,currency,');
    expect(lines[1]).toContain("'@SUM(1)");
    expect(text).toContain('"Second, ""quoted""\nline"');
    expect(world.asked(ExportLeads).map(({ payload }) => [payload['search'], payload['cursor']])).toEqual([
      ['ev', undefined],
      ['ev', 'page-2'],
    ]);
  });

  it('is one of two of a person at once, and of few of an organization', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    let asked = 0;
    world.answer(ExportLeads, async () => {
      asked++;
      await held;
      return { items: [lead('A')], custom_keys: [], next_cursor: null };
    });
    const open = [world.ask('GET', exportPath(), { as: owner }), world.ask('GET', exportPath(), { as: owner })];
    while (asked < open.length) await sleep(5);
    const third = await world.ask('GET', exportPath(), { as: owner });
    expect([third.status, third.json['code'], third.headers.get('retry-after')]).toEqual([429, 'rate_limited', '30']);
    release();
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await world.ask('GET', exportPath(), { as: owner })).status).toBe(200);
  });

  it('breaks off where its amounts would be in another currency than its beginning said', async () => {
    let currency = 'JPY';
    world.answer(GetOrg, () => ({ currency }));
    world.answer(ExportLeads, ({ cursor }: { cursor?: string }) => {
      if (cursor) currency = 'USD';
      return { items: [lead('A', { value_minor: 5 })], custom_keys: [], next_cursor: cursor ? null : 'page-2' };
    });
    const response = await fetch(world.url + exportPath(), { headers: { authorization: `Bearer ${owner.bearer}` } });
    await expect(response.text()).rejects.toThrow();
  });

  it('gives a problem, not half a file, when the first page is refused', async () => {
    world.answer(ExportLeads, () => {
      throw new DomainError('validation_failed');
    });
    const answer = await world.ask('GET', exportPath(), { as: owner });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it.each(['viewer', 'removed', 'failed'])(
    'breaks the connection off when access or service ends midway (%s)',
    async (how) => {
      let pages = 0;
      world.answer(ExportLeads, async () => {
        pages += 1;
        if (pages === 3) {
          if (how === 'failed') throw new Error('down');
          if (how === 'viewer') org.members.set(owner.id, { role: 'viewer', version: 2 });
          else org.members.delete(owner.id);
          await world.announceAccessChanged(org, owner.id);
        }
        return { items: [lead('A')], custom_keys: [], next_cursor: pages < 50 ? `page-${pages + 1}` : null };
      });
      const response = await fetch(world.url + exportPath(), { headers: { authorization: `Bearer ${owner.bearer}` } });
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
      expect(pages).toBeLessThanOrEqual(4);
    },
  );

  it('asks for no further page once the client is gone', async () => {
    let pages = 0;
    world.answer(ExportLeads, async () => {
      pages += 1;
      await sleep(10);
      return {
        items: Array.from({ length: 200 }, () => lead('x'.repeat(200))),
        custom_keys: [],
        next_cursor: `page-${pages + 1}`,
      };
    });
    const abort = new AbortController();
    const response = await fetch(world.url + exportPath(), {
      headers: { authorization: `Bearer ${owner.bearer}` },
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    await sleep(200);
    const then = pages;
    await sleep(300);
    expect(pages).toBe(then);
  });

  it('waits for a client that does not read', async () => {
    let pages = 0;
    world.answer(ExportLeads, () => {
      pages += 1;
      return {
        items: Array.from({ length: 200 }, () => lead('x'.repeat(200))),
        custom_keys: [],
        next_cursor: `page-${pages + 1}`,
      };
    });
    const { port } = new URL(world.url);
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      path: exportPath(),
      headers: { authorization: `Bearer ${owner.bearer}` },
    });
    const response = await new Promise<import('node:http').IncomingMessage>((resolve) =>
      request.on('response', resolve).end(),
    );
    response.pause();
    try {
      let before = -1;
      while (pages !== before && pages < 2_000) {
        before = pages;
        await sleep(700);
      }
      expect(pages).toBeLessThan(2_000);
    } finally {
      request.destroy();
    }
  });
});
