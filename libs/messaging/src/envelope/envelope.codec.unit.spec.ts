import { AccessChangedEvent, type Contract, GetLead, GetMe, type ServiceName, typeOf } from '@apollo/contracts';
import { currentTenant, newId, type TenantContext } from '@apollo/tenancy';
import type { MsgHdrs } from '@nats-io/nats-core';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { ContextTokenSigner, ContextTokenVerifier } from './context.token.js';
import { EnvelopeReader, EnvelopeWriter, HEADER, inMessageContext } from './envelope.codec.js';
import { afterWait, assertAwaited, handledMessage, handling, type HandledMessage } from './message.scope.js';
import { singleHeaders } from './single.headers.js';

const NOW = Date.UTC(2026, 0, 1);
const [org, other, person] = [newId(), newId(), newId()];
const context: TenantContext = {
  scope: 'org',
  orgId: org,
  actor: person,
  role: 'member',
  requestId: 'request-1',
  trace: '00-aa-bb-01',
  membershipVersion: 3,
  signOuts: 2,
  mfa: true,
};

describe('an envelope', () => {
  const keys = new Map<ServiceName, JWK>();
  let reader: EnvelopeReader;
  beforeAll(async () => {
    for (const kid of ['gateway', 'orgs', 'leads'] as const) {
      const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
      keys.set(kid, { ...(await exportJWK(privateKey)), kid });
    }
    const open = [...keys.values()].map(({ d: _secret, ...rest }) => rest);
    reader = new EnvelopeReader(new ContextTokenVerifier('leads', open));
  });
  const signerOf = (service: ServiceName) => new ContextTokenSigner(service, keys.get(service) as JWK);
  const write = (
    contract: Contract = GetLead,
    of = context,
    more: { idempotencyKey?: string } = {},
    service: ServiceName = 'gateway',
  ) => new EnvelopeWriter(service, signerOf(service)).write(contract, of, { expiresAt: NOW + 3_000, ...more }, NOW);
  const read = ({ subject, headers }: { subject: string; headers?: MsgHdrs }, at = NOW, contract: Contract = GetLead) =>
    reader.read(contract, subject, headers, at);
  const REJECTED = expect.objectContaining({ code: 'message_rejected' }) as Error;

  it('says what it is of, and opens to whom it is from', () => {
    const { subject, headers } = write();
    expect(subject).toBe(`rpc.${org}.leads.get-lead.v1`);
    const get = singleHeaders(headers);
    expect(
      [
        'specVersion',
        'type',
        'source',
        'time',
        'org',
        'correlation',
        'trace',
        'expires',
        'idempotency',
        'delegation',
      ].map((name) => get(HEADER[name as keyof typeof HEADER])),
    ).toEqual([
      '1.0',
      'leads.get-lead.v1',
      'gateway',
      '2026-01-01T00:00:00.000Z',
      org,
      'request-1',
      '00-aa-bb-01',
      String(NOW + 3_000),
      '',
      '',
    ]);
    const { scope, orgId, actor, role, requestId, trace, membershipVersion, signOuts, mfa } = context;
    const id = get(HEADER.id);
    expect(read({ subject, headers })).toEqual({
      id,
      type: 'leads.get-lead.v1',
      issuer: 'gateway',
      answerKey: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      context: { scope, orgId, actor, role, requestId, trace, membershipVersion, signOuts, mfa, session: undefined },
      writtenAt: NOW,
      expiresAt: NOW + 3_000,
      idempotencyKey: id,
      granted: undefined,
      acting: undefined,
    });
    expect(Object.isFrozen(read({ subject, headers }).context)).toBe(true);
  });

  it('brings the key under which it is asked once, and an id for want of a request’s', () => {
    const sent = write(GetLead, { ...context, trace: undefined }, { idempotencyKey: 'key-1' });
    sent.headers.delete(HEADER.correlation);
    const { id, idempotencyKey, context: read1 } = read(sent);
    expect([idempotencyKey, read1.requestId, read1.trace]).toEqual(['key-1', id, undefined]);
  });

  it('lets nobody but the gateway speak for people', () => {
    const { headers } = write(GetLead, context, {}, 'orgs');
    const token = JSON.parse(
      Buffer.from(String(headers.get(HEADER.context)).split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(token).toMatchObject({ sub: 'system:orgs', role: 'system', iss: 'orgs' });
    expect(token).not.toHaveProperty('outs');
    expect(token).not.toHaveProperty('mfa');
  });

  it('is one of an organization for a contract of one, and of none for others', () => {
    expect(() => write(GetLead, { ...context, scope: 'self', orgId: null })).toThrow('travels for one organization');
    expect(() => write(GetMe)).toThrow('travels without an organization');
    const { subject, headers } = write(GetMe, { ...context, scope: 'self', orgId: null });
    expect([subject, headers.get(HEADER.org)]).toEqual(['rpc.self.identity.get-me.v1', 'self']);
  });

  const lies: [string, (headers: MsgHdrs) => void][] = [
    ['no organization', (fields) => fields.delete(HEADER.org)],
    ['another organization', (fields) => fields.set(HEADER.org, other)],
    ['another type', (fields) => fields.set(HEADER.type, 'leads.list-leads.v1')],
    ['another source', (fields) => fields.set(HEADER.source, 'orgs')],
    ['another version', (fields) => fields.set(HEADER.specVersion, '2.0')],
    ['no token', (fields) => fields.delete(HEADER.context)],
    ['no deadline', (fields) => fields.delete(HEADER.expires)],
    ['a deadline of fewer digits', (fields) => fields.set(HEADER.expires, '9')],
    ['a deadline that is none', (fields) => fields.set(HEADER.expires, `${NOW + 5_000}x`)],
    ['no id', (fields) => fields.delete(HEADER.id)],
    ['an id with a blank', (fields) => fields.set(HEADER.id, 'a b')],
    ['a long id', (fields) => fields.set(HEADER.id, 'x'.repeat(201))],
    ['a key with a blank', (fields) => fields.set(HEADER.idempotency, 'a b')],
    ['a long key', (fields) => fields.set(HEADER.idempotency, 'x'.repeat(201))],
    ['a grant that is none', (fields) => fields.set(HEADER.delegation, 'garbage')],
  ];
  it.each(lies)('is refused with %s', (_what, spoil) => {
    const sent = write();
    spoil(sent.headers);
    expect(() => read(sent)).toThrow(REJECTED);
  });

  it('is refused under another subject, for another contract, and with a header given twice', () => {
    const sent = write();
    expect(() => read({ ...sent, subject: sent.subject.replace(org, other) })).toThrow(REJECTED);
    expect(() => read({ ...sent, subject: sent.subject.replace('rpc', 'evt') })).toThrow(REJECTED);
    expect(() => read({ subject: sent.subject })).toThrow(REJECTED);
    expect(() => read(sent, NOW, { ...GetLead, callers: ['orgs'] } as Contract)).toThrow(REJECTED);
    expect(() => read(sent, NOW, { ...GetLead, scope: 'platform' } as Contract)).toThrow(REJECTED);
    sent.headers.append(HEADER.org, org);
    expect(() => read(sent)).toThrow(REJECTED);
  });

  it('is too late from its deadline on', () => {
    const sent = write();
    expect(read(sent, NOW + 2_999).expiresAt).toBe(NOW + 3_000);
    expect(() => read(sent, NOW + 3_000)).toThrow(expect.objectContaining({ code: 'deadline_exceeded' }));
  });

  it('of an event is for all that take it, from its own service alone', () => {
    const { subject, headers } = write(AccessChangedEvent, context, {}, 'orgs');
    expect(subject).toBe(`evt.${org}.${typeOf(AccessChangedEvent)}`);
    const claims = JSON.parse(
      Buffer.from(String(headers.get(HEADER.context)).split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({ aud: [...AccessChangedEvent.consumers] });
  });

  it('opens its context around what is done for it', () => {
    expect(inMessageContext(read(write()), () => currentTenant().orgId)).toBe(org);
  });
});

describe('a message that is handled', () => {
  const message = (expiresAt: number, more: Partial<HandledMessage> = {}): HandledMessage =>
    ({ envelope: { expiresAt }, ...more }) as HandledMessage;

  it('is known while it is handled, and not outside', () => {
    const one = message(0);
    expect([handledMessage(), handling(one, handledMessage)]).toEqual([undefined, one]);
  });

  it('ends with whoever waits for it, and nobody waits outside', () => {
    const LATE = expect.objectContaining({ code: 'deadline_exceeded' }) as Error;
    const clock = Date.now;
    Date.now = () => NOW;
    try {
      expect(() => handling(message(NOW), assertAwaited)).toThrow(LATE);
      expect(() => handling(message(NOW + 1), assertAwaited)).not.toThrow();
      expect(assertAwaited).not.toThrow();
    } finally {
      Date.now = clock;
    }
  });

  it('goes on after a wait by its own review, where it has one', async () => {
    const again = async <T>(fn: () => Promise<T>): Promise<T> => [await fn()] as T;
    const done = (): Promise<string> => afterWait(async () => 'done');
    expect([await done(), await handling(message(0), done), await handling(message(0, { again }), done)]).toEqual([
      'done',
      'done',
      ['done'],
    ]);
  });
});
