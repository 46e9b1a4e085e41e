import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@apollo/service-kit/process';
import { newId, type TenantContext } from '@apollo/tenancy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Login } from '@apollo/contracts';
import { DEFAULT_LIMITS } from '../config.js';
import { BodyBudget } from '../admission/body.budget.js';
import { UPLOAD_HELD_BYTES } from '../transfer/file.chunks.js';
import { UploadReader } from '../transfer/upload.reader.js';
import { GatewayAdapter } from './gateway.adapter.js';
import { LEAST_ROOM } from './body.room.js';
import { ProblemFilter } from './problem.filter.js';
import { planOf } from './route.plan.js';
import type { Route } from './route.js';
import { RouteRegister } from './route.register.js';

/** Of one body. Of whoever has a quarter of the budget there is room for four of them. */
const BODY = UPLOAD_HELD_BYTES;

interface Sender {
  readonly org: string;
  readonly person: string;
  readonly address: string;
}
interface Half {
  readonly socket: Socket;
  readonly answer: () => string;
}
type Kind = 'json' | 'upload';

const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\r\nAda\r\n';
const forms = {
  json: { type: 'application/json', begin: '{"contact_name":"', whole: '{"contact_name":"Ada"}'.padEnd(20_000) },
  upload: { type: 'multipart/form-data; boundary=x', begin: file, whole: `${file}--x--\r\n` },
};

const login: Route = { verb: 'post', path: '/v1/auth/login', contract: Login, summary: '' };

let fastify: FastifyInstance;
let url: string;
/** As the file of the last upload was called. */
let named: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  const limits = { ...DEFAULT_LIMITS, jsonBytes: BODY, uploadBytes: 2 * BODY, bodyBytes: 16 * BODY };
  const filter = new ProblemFilter(createLogger('gateway', 'silent'), new RouteRegister());
  const adapter = new GatewayAdapter({ limits, trustProxy: '127.0.0.1' }, () => undefined);
  fastify = adapter.getInstance() as unknown as FastifyInstance;
  fastify.decorateRequest('tenant', null);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.tenant = tenantOf(request);
    done();
  });
  fastify.setErrorHandler((error, request, reply) => filter.answer(error, request, reply));
  fastify.post('/json', () => 'taken');
  fastify.post('/login', { config: { plan: planOf(login) } }, () => 'taken');
  const uploads = new UploadReader(new BodyBudget(limits.bodyBytes), limits.uploadBytes);
  const plan = { route: { accepts: { type: 'multipart/form-data' } } };
  fastify.post('/upload', { config: { plan } as never }, (request) =>
    uploads.receive(request, [], async (upload) => {
      named = upload.fileName;
      upload.file.resume();
      await upload.complete;
      return 'taken';
    }),
  );
  url = await fastify.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
afterAll(() => fastify.close());

function tenantOf({ headers, id }: FastifyRequest): TenantContext | null {
  const [orgId, actor] = [headers['x-org'], headers['x-person']];
  if (typeof orgId !== 'string' || typeof actor !== 'string') return null;
  return { scope: 'org', orgId, actor, role: 'owner', requestId: id };
}

let hosts = 0;
const sender = (): Sender => ({ org: newId(), person: newId(), address: `192.0.2.${++hosts}` });
const headersOf = (kind: Kind, { org, person, address }: Partial<Sender>): Record<string, string> => ({
  ...(org && person && { 'x-org': org, 'x-person': person }),
  'x-forwarded-for': String(address),
  'content-type': forms[kind].type,
});

/** Sends a body as large as may be, all of it but for its last byte. */
async function half(kind: Kind, of: Partial<Sender>): Promise<Half> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString('latin1'))).on('error', () => undefined);
  await once(socket, 'connect');
  const lines = Object.entries({ ...headersOf(kind, of), host: 'x', 'content-length': String(BODY) });
  socket.write(`POST /${kind} HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`);
  socket.write(forms[kind].begin.padEnd(BODY - 1, 'x'));
  return { socket, answer: () => answer };
}

async function whole(kind: Kind, of: Partial<Sender>): Promise<{ status: number; retryAfter: string | null }> {
  const answer = await fetch(`${url}/${kind}`, {
    method: 'POST',
    headers: headersOf(kind, of),
    body: forms[kind].whole,
  });
  await answer.text();
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') };
}

/** Looks until something is so, at most so many times. */
async function until(what: () => Promise<boolean> | boolean, looks = 200): Promise<void> {
  for (let look = 1; look < looks; look++) {
    if (await what()) return;
    await sleep(20);
  }
  expect(await what()).toBe(true);
}

/** Half-sent bodies, as many as there is room for. */
async function fill(kind: Kind, of: Sender): Promise<Half[]> {
  const halves: Half[] = [];
  for (let times = 0; times < 4; times++) halves.push(await half(kind, of));
  await until(async () => (await whole(kind, of)).status === 429);
  return halves;
}

describe.each<Kind>(['json', 'upload'])('half-sent bodies (%s)', (kind) => {
  it('fill the part of their organization, which is told when to come back, while others are served', async () => {
    const a = sender();
    await fill(kind, a);
    expect(await whole(kind, a)).toEqual({ status: 429, retryAfter: '10' });
    expect((await whole(kind, sender())).status).toBe(200);
  });

  it.each(['org', 'person', 'address'] as const)('count to each %s by itself', async (holder) => {
    const [a, b] = [sender(), sender()];
    await fill(kind, a);
    expect((await whole(kind, { ...b, [holder]: a[holder] })).status).toBe(429);
    expect((await whole(kind, b)).status).toBe(200);
  });

  it.each<[string, (half: Half) => unknown]>([
    ['the client goes away', ({ socket }) => socket.destroy()],
    ['they are refused for what they say', ({ socket }) => socket.write('x')],
  ])('are given back when %s', async (_, end) => {
    const a = sender();
    for (let times = 0; times < 2; times++) {
      (await fill(kind, a)).forEach(end);
      await until(async () => (await whole(kind, a)).status === 200);
    }
  });

  it('beyond what there is room for are refused while they are sent, and count nothing', async () => {
    const a = sender();
    const [first] = await fill(kind, a);
    const more = await half(kind, a);
    await until(() => more.answer().startsWith('HTTP/1.1 429 '));
    first?.socket.destroy();
    await until(async () => (await whole(kind, a)).status === 200);
  });
});

describe('the name of a file', () => {
  it.each([
    ['of marks', `a${'\u0301\u0327'.repeat(15_000)}.csv`, `a${'\u0301\u0327'.repeat(15)}`.normalize('NFC')],
    ['of anything', 'e\u0301'.repeat(20_000), 'é'.repeat(200)],
  ])('is looked at as far as it can be told, and is in one form by then: %s', async (_, name, told) => {
    const { normalize } = String.prototype;
    let longest = 0;
    String.prototype.normalize = function (this: string, form): string {
      longest = Math.max(longest, this.length);
      return this.length > 2_000 ? String(this) : normalize.call(this, form);
    };
    try {
      const body = `--x\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\nName\r\n\r\n--x--\r\n`;
      const answer = await fetch(`${url}/upload`, { method: 'POST', headers: headersOf('upload', sender()), body });
      expect([answer.status, await answer.text()]).toEqual([200, 'taken']);
    } finally {
      String.prototype.normalize = normalize;
    }
    expect(longest).toBeLessThanOrEqual(2_000);
    expect(named).toBe(told);
  });
});

describe('a JSON body', () => {
  it('that hardly arrives is ended, and what was held of it given back', async () => {
    const a = sender();
    const halves = await fill('json', a);
    await until(() => halves.every(({ answer }) => answer().startsWith('HTTP/1.1 408 ')), 2_500);
    expect((await whole('json', a)).status).toBe(200);
  }, 60_000);

  it.each<[string, (text: string) => string | ReadableStream]>([
    ['announced', (text) => text],
    ['in pieces', (text) => new Blob([text]).stream()],
  ])('is as large as what is asked may be, and not larger: %s', async (_, body) => {
    const send = async (bytes: number): Promise<Response> =>
      fetch(`${url}/login`, {
        method: 'POST',
        headers: headersOf('json', sender()),
        body: body(`{"password":"${'x'.repeat(bytes)}"}`),
        duplex: 'half',
      } as RequestInit);
    expect((await send(LEAST_ROOM.bytes)).status).toBe(200);
    const refused = await send(2 * LEAST_ROOM.bytes);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({
      code: 'payload_too_large',
      detail: expect.stringMatching(/^The body of this request is \d{5} bytes at most/) as string,
    });
  });

  it('of somebody who has not signed in takes a part of its own, of its address', async () => {
    const { address } = sender();
    await half('json', { address });
    await until(async () => (await whole('json', { address })).status === 429);
    expect((await whole('json', { address: sender().address })).status).toBe(200);
    expect((await whole('json', { ...sender(), address })).status).toBe(200);
  });
});

describe('a body that is refused before it has arrived', () => {
  /** As a client does it that reads nothing before it has sent everything, and wants the connection ended with the answer. */
  async function sendFirst(kind: Kind, bytes: number): Promise<string> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    const lines = Object.entries({ ...headersOf(kind, sender()), host: 'x', connection: 'close' });
    const head = `POST /${kind} HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}`;
    socket.write(`${head}content-length: ${bytes}\r\n\r\n${forms[kind].begin}`);
    const sent = new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(Buffer.alloc(bytes - forms[kind].begin.length, 'x'), () => resolve());
    });
    await sent;
    const pieces = await socket.toArray();
    return Buffer.concat(pieces as Buffer[]).toString('latin1');
  }

  it.each<Kind>(['json', 'upload'])('says why to a client that hangs up with the answer (%s)', async (kind) => {
    const answer = await sendFirst(kind, 6 * BODY);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('payload_too_large');
  });
});
