import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { ExportLeads, type RequestContract } from '@apollo/contracts';
import { newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExportSlots } from './export.slots.js';
import { LeadExportController } from './lead.export.controller.js';

const { jest } = import.meta;
/** Exports that one person may have under way. */
const PER_PERSON = 2;
const context: TenantContext = { scope: 'org', orgId: newId(), actor: newId(), role: 'owner', requestId: 'r' };
/** More than a connection takes that nobody reads from. */
const PAGE = { items: [{ contact_name: 'x'.repeat(16_000_000) }], custom_keys: [], next_cursor: null };

describe('an export', () => {
  let server: Server;
  let client: Socket;

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());
  afterEach(() => {
    jest.useRealTimers();
    client.destroy();
  });

  it('holds its slot for half a minute at most where nobody reads the last page, though all of it is made', async () => {
    const slots = new ExportSlots();
    const bus = {
      request: (contract: RequestContract) => Promise.resolve(contract === ExportLeads ? PAGE : { currency: 'EUR' }),
    };
    const controller = new LeadExportController(bus as never, {} as never, slots);
    client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [raw, answer] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const { promise: made, resolve } = Promise.withResolvers<void>();
    const reply = {
      raw: answer,
      header: () => reply,
      send: (pages: Readable) => void pages.once('data', resolve).pipe(answer),
    };
    const request = { raw, headers: {}, params: { org: 'acme' }, query: {}, id: 'r', method: 'GET' };
    const others = Array.from({ length: PER_PERSON - 1 }, () => runInTenantContext(context, () => slots.take()));
    void runInTenantContext(context, () =>
      controller.export(request as never as FastifyRequest, reply as never as FastifyReply),
    );
    await made;
    await new Promise(setImmediate);
    expect(answer.writableLength).toBeGreaterThan(0);
    const another = (): unknown => runInTenantContext(context, () => slots.take());
    expect(another).toThrow('Too many exports are open.');
    jest.advanceTimersByTime(30_000);
    await new Promise(setImmediate);
    expect(answer.destroyed || raw.socket.destroyed).toBe(true);
    expect(another).not.toThrow();
    others.forEach((slot) => slot.leave());
  });
});
