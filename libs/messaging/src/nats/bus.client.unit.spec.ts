import { DomainError, GetLead, SessionRevokedEvent } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { asPlatform, twoOrgs } from '@apollo/testing';
import { errors, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { exportJWK, generateKeyPair } from 'jose';
import { ContextTokenSigner } from '../envelope/context.token.js';
import { HEADER } from '../envelope/envelope.codec.js';
import { HEADER_BYTES } from '../envelope/header.limit.js';
import { Bus } from './bus.client.js';

describe('a process on the bus', () => {
  const [a, b] = twoOrgs();
  const asked: { subject: string; body: string }[] = [];
  const told: { subject: string; body: string }[] = [];
  /** What is answered next. */
  let answer: () => Msg;
  let bus: Bus;
  const connection = {
    request: async (subject: string, body: string) => {
      asked.push({ subject, body });
      return answer();
    },
    publish: (subject: string, body: string) => void told.push({ subject, body }),
  } as unknown as NatsConnection;
  const answered = (status: string, body: object, more?: MsgHdrs, headerBytes = 0): Msg => {
    const data = new TextEncoder().encode(JSON.stringify(body));
    const all = more ?? headers();
    all.set(HEADER.status, status);
    const size = (): number => 'subject'.length + data.length + headerBytes;
    return { subject: 'subject', data, headers: all, size, json: () => body } as unknown as Msg;
  };

  beforeAll(async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    bus = new Bus('gateway', new ContextTokenSigner('gateway', await exportJWK(privateKey)), connection);
  });
  beforeEach(() => void (asked.length = told.length = 0));
  const id = newId();
  const ask = () => a.as(() => bus.request(GetLead, { id }));

  it('asks within the acting organization, and gives the answer with the version it names', async () => {
    const named = headers();
    named.set(HEADER.etag, '"3"');
    answer = () => answered('ok', { id }, named);
    const { etag } = await b.as(() => bus.requestRaw(GetLead, { id }));
    expect([await ask(), etag]).toEqual([{ id }, '"3"']);
    const body = JSON.stringify({ id });
    expect(asked).toEqual([b, a].map((org) => ({ subject: `rpc.${org.id}.leads.get-lead.v1`, body })));
  });

  it('is told the error that was answered', async () => {
    answer = () => answered('error', { code: 'not_found', detail: 'No such lead.' });
    await expect(ask()).rejects.toMatchObject({ code: 'not_found', detail: 'No such lead.' });
    expect(asked).toHaveLength(1);
  });

  it('reads no answer whose headers would take long to read', async () => {
    answer = () => answered('ok', { id }, undefined, HEADER_BYTES);
    expect(await ask()).toEqual({ id });
    answer = () => answered('ok', { id }, undefined, HEADER_BYTES + 1);
    await expect(ask()).rejects.toMatchObject({ code: 'message_rejected' });
  });

  it.each<[string, () => Error, string]>([
    ['nobody answers in time', () => new errors.TimeoutError(), 'deadline_exceeded'],
    ['it may not be asked', () => new errors.PermissionViolationError('no', 'publish', 'x'), 'message_rejected'],
    ['no message carries it', () => errors.InvalidArgumentError.format('data', 'too large'), 'payload_too_large'],
    ['the bus is away', () => new errors.ClosedConnectionError(), 'service_unavailable'],
    ['nobody is there', () => new errors.NoRespondersError('rpc'), 'service_unavailable'],
  ])('says so where %s', async (_where, failure, code) => {
    answer = () => {
      throw failure();
    };
    const asking = a.as(() => bus.request(GetLead, { id }, { timeoutMs: 300 }));
    await expect(asking).rejects.toThrow(expect.objectContaining({ code }) as DomainError);
  });

  it('sends nothing that is not what its contract says', async () => {
    await expect(a.as(() => bus.request(GetLead, { id: 'x' }))).rejects.toMatchObject({ code: 'validation_failed' });
    const announcing = asPlatform(() => bus.announce(SessionRevokedEvent, { user_id: 'x' }));
    await expect(announcing).rejects.toMatchObject({ code: 'validation_failed' });
    expect([asked, told]).toEqual([[], []]);
    await asPlatform(() => bus.announce(SessionRevokedEvent, { user_id: id }));
    expect(told).toEqual([
      { subject: 'evt.platform.identity.session.revoked.v1', body: JSON.stringify({ user_id: id }) },
    ]);
  });
});
