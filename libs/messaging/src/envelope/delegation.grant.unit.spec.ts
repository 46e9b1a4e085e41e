import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import {
  type Contract,
  FinishImport,
  GetLead,
  GetWallet,
  LeadCreatedEvent,
  Reserve,
  type RequestContract,
  type ServiceName,
} from '@apollo/contracts';
import { newId, type TenantContext } from '@apollo/tenancy';
import type { MsgHdrs } from '@nats-io/nats-core';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { EventSigner } from '../durable/event.seal.js';
import { ContextTokenSigner, ContextTokenVerifier } from './context.token.js';
import { type Envelope, EnvelopeReader, EnvelopeWriter, HEADER } from './envelope.codec.js';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const DAY = 86_400;
const REFUSED = expect.objectContaining({ code: 'message_rejected' }) as Error;
const [org, person, run] = [newId(), newId(), newId()];
const services = ['gateway', 'leads', 'agents', 'orgs', 'billing-stars'] as const;
const contextOf = (more: Partial<TenantContext> = {}): TenantContext => ({
  scope: 'org',
  orgId: org,
  actor: person,
  role: 'member',
  requestId: 'r',
  signOuts: 2,
  ...more,
});
/** A contract as it could be, by which agents act later. */
const Ask = {
  ...FinishImport,
  service: 'agents',
  method: 'ask',
  delegates: { permissions: ['leads.write', 'pipelines.configure'], run: 'id', seconds: 7 * DAY },
} as unknown as RequestContract;

describe('a grant', () => {
  const keys = new Map<ServiceName, JWK>();
  let verifierOf: (service: ServiceName) => ContextTokenVerifier;

  beforeAll(async () => {
    for (const kid of services) {
      const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
      keys.set(kid, { ...(await exportJWK(privateKey)), kid });
    }
    const known = [...keys.values()].map(({ d: _secret, ...rest }) => rest);
    verifierOf = (service) => new ContextTokenVerifier(service, known);
  });

  const signerOf = (service: ServiceName) => new ContextTokenSigner(service, keys.get(service) as JWK);
  const writerOf = (service: ServiceName) => new EnvelopeWriter(service, signerOf(service));
  const bounds = { expiresAt: now + 3_000 };
  const read = (contract: Contract, { subject, headers }: { subject: string; headers: MsgHdrs }): Envelope =>
    new EnvelopeReader(verifierOf(contract.service)).read(contract, subject, headers, now);

  const claims = (more: object = {}): object => ({
    iss: 'gateway',
    aud: ['agents'],
    org,
    sub: person,
    run,
    perms: ['leads.write'],
    outs: 2,
    iat: seconds,
    exp: seconds + DAY,
    ...more,
  });
  /** What a holder of a service's key could sign. */
  function signed(payload: object, header: object = {}, key: ServiceName = 'gateway'): string {
    const head = { alg: 'EdDSA', kid: key, typ: 'delegation+jwt', ...header };
    const text = [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const by = createPrivateKey({ key: keys.get(key) as JsonWebKey, format: 'jwk' });
    return `${text}.${sign(null, Buffer.from(text), by).toString('base64url')}`;
  }
  /** A request of a service under a grant. */
  function shown(grant: string, from: ServiceName = 'agents', as?: string) {
    const delegation = { service: from, run, grant, ...(as === undefined ? {} : { as }) };
    return writerOf(from).write(Reserve, contextOf({ delegation }), bounds, now);
  }
  /** Of agents by a grant of the gateway, as billing reads it. */
  const taken = (grant: string): Envelope => read(Reserve, shown(grant));

  describe('that the gateway sends with what is asked', () => {
    const asked = (context: Partial<TenantContext> = {}, contract = Ask, payload: object = { id: run }) =>
      writerOf('gateway').write(contract, contextOf(context), { ...bounds, payload }, now);
    const granted = (context: Partial<TenantContext> = {}) =>
      read({ ...Ask, callers: ['gateway'] }, asked(context)).granted?.grant;

    it('names run, service, organization, person, an end, and what the role allows of what the contract names', () => {
      const grant = { service: 'agents', orgId: org, person, run, signOuts: 2, mfa: false, expires: seconds + 7 * DAY };
      expect(granted()).toEqual({ ...grant, permissions: ['leads.write'] });
      expect(granted({ mfa: true })).toMatchObject({ mfa: true });
      expect(granted({ role: 'admin' })).toEqual({ ...grant, permissions: ['leads.write', 'pipelines.configure'] });
    });

    it('is none for who may nothing of it, for an unknown session, and for what is done at once', () => {
      expect([granted({ role: 'viewer' }), granted({ signOuts: undefined })]).toEqual([undefined, undefined]);
      expect(asked({}, GetLead).headers.has(HEADER.delegation)).toBe(false);
    });

    it('is none of any other service: they cannot vouch for people', () => {
      const { headers } = writerOf('leads').write(Ask, contextOf(), { ...bounds, payload: { id: run } }, now);
      expect(headers.has(HEADER.delegation)).toBe(false);
    });

    it.each([
      ['another organization', { org: newId() }],
      ['another person', { sub: newId() }],
      ['another service', { aud: ['leads'] }],
    ])('is refused for %s than the token beside it', (_name, other) => {
      const message = asked();
      message.headers.set(HEADER.delegation, signed(claims(other)));
      expect(() => read(Ask, message)).toThrow(REFUSED);
    });

    it('is refused with what is done at once', () => {
      const message = asked({}, GetLead);
      message.headers.set(HEADER.delegation, signed(claims({ aud: ['leads'] })));
      expect(() => read(GetLead, message)).toThrow(REFUSED);
    });
  });

  it('has its service act for the person, in no role yet, within what it names, and goes no further', () => {
    const envelope = read(Reserve, shown(signed(claims()), 'agents', 'Chief of Staff'));
    expect(envelope.context).toEqual({
      scope: 'org',
      orgId: org,
      actor: person,
      role: 'none',
      permissions: ['leads.write'],
      delegation: { service: 'agents', run, as: 'Chief of Staff' },
      requestId: 'r',
    });
    expect(envelope).toMatchObject({ issuer: 'agents', acting: { person, run, signOuts: 2 } });
    const next = writerOf('billing-stars').write(Reserve, envelope.context, bounds, now);
    expect(next.headers.has(HEADER.delegation)).toBe(false);
  });

  it('travels within its organization alone, and with no event', () => {
    const delegation = { service: 'leads', run, grant: signed(claims({ aud: ['leads'] })) };
    const { headers } = writerOf('leads').write(LeadCreatedEvent, contextOf({ delegation }), bounds, now);
    expect(headers.has(HEADER.delegation)).toBe(false);
  });

  it('is believed until its end, however often it was verified before', () => {
    const reader = new EnvelopeReader(verifierOf('billing-stars'));
    const at = (moment: number) => {
      const delegation = { service: 'agents', run, grant: signed(claims({ exp: seconds + 30 })) };
      const message = writerOf('agents').write(
        Reserve,
        contextOf({ delegation }),
        { expiresAt: moment + 3_000 },
        moment,
      );
      return reader.read(Reserve, message.subject, message.headers, moment);
    };
    expect(at(now + 29_000).acting).toBeDefined();
    expect(() => at(now + 30_000)).toThrow(REFUSED);
  });

  it.each([
    ['another organization', { org: newId() }],
    ['another service', { aud: ['leads'] }],
    ['two services', { aud: ['agents', 'leads'] }],
    ['no service', { aud: [] }],
    ['an expired one', { iat: seconds - 2 * DAY, exp: seconds }],
    ['one of more than thirty days', { exp: seconds + 30 * DAY + 1 }],
    ['one without an end', { exp: undefined }],
    ['one of no known age', { iat: undefined }],
    ['no person', { sub: 'system:agents' }],
    ['no run', { run: undefined }],
    ['an unknown session', { outs: undefined }],
    ['permissions that are none', { perms: 'leads.write' }],
    ['another issuer', { iss: 'agents' }],
  ])('is refused for %s, although the gateway signed it', (_name, other) => {
    expect(() => taken(signed(claims(other)))).toThrow(REFUSED);
  });

  it('is not decided of by a clock to which its moment has not come', () => {
    expect(() => taken(signed(claims({ iat: seconds + 60 })))).toThrow(
      expect.objectContaining({ code: 'service_unavailable' }),
    );
    expect(() => taken(signed(claims({ iat: seconds + 60, aud: ['leads'] })))).toThrow(
      expect.objectContaining({ code: 'service_unavailable' }),
    );
    expect(taken(signed(claims({ iat: seconds + 4 }))).acting).toBeDefined();
  });

  it('is refused where the service made it itself, also in the gateway’s name', () => {
    for (const [payload, header] of [
      [{}, {}],
      [{ iss: 'agents' }, {}],
      [{}, { kid: 'gateway' }],
      [{}, { kid: 'gateway.next' }],
    ])
      expect(() => taken(signed(claims(payload), header, 'agents'))).toThrow(REFUSED);
  });

  it('is refused with another type, no signature, no algorithm, or a key of its own', () => {
    const [head, body, signature] = signed(claims()).split('.');
    const unsigned = Buffer.from('{"alg":"none","kid":"gateway","typ":"delegation+jwt"}').toString('base64url');
    for (const text of [
      `${head}.${body}.`,
      `${head}.${body}`,
      `${unsigned}.${body}.`,
      `${unsigned}.${body}.${signature}`,
      signed(claims(), { typ: undefined }),
      signed(claims(), { typ: 'event+jwt' }),
      signed(claims(), { jwk: {} }),
      signed(claims(), { crit: ['b64'] }),
    ])
      expect(() => taken(text)).toThrow(REFUSED);
  });

  it('is refused with wider permissions, a later end or another run written into it', () => {
    const [head, , signature] = signed(claims()).split('.');
    for (const more of [{ perms: ['leads.write', 'owners.manage'] }, { exp: seconds + 2 * DAY }, { run: newId() }]) {
      const wider = Buffer.from(JSON.stringify(claims(more))).toString('base64url');
      expect(() => taken(`${head}.${wider}.${signature}`)).toThrow(REFUSED);
    }
  });

  it('is refused when it is given twice', () => {
    const message = shown(signed(claims()));
    message.headers.append(HEADER.delegation, signed(claims()));
    expect(() => read(Reserve, message)).toThrow(REFUSED);
  });

  it('is no context token and no seal, and neither of them is one, which the same key signs', () => {
    const grant = signed(claims({ aud: ['agents', 'billing-stars'], scope: 'org', role: 'owner' }));
    expect(() => verifierOf('billing-stars').verify(grant, now)).toThrow(REFUSED);
    expect(() => taken(signerOf('gateway').sign(contextOf(), ['agents'], now))).toThrow(REFUSED);
    const event = { org, id: newId(), type: 'orgs.org-created.v1', entityId: org, entityVersion: 1, body: '{}' };
    const [seal = ''] = new EventSigner('gateway', keys.get('gateway') as JWK).sign([event]);
    expect(() => taken(seal.split('~')[0] as string)).toThrow(REFUSED);
  });

  it('is not used by another service, whichever contract names that one as a caller', () => {
    const message = writerOf('orgs').write(
      GetWallet,
      contextOf({ delegation: { service: 'orgs', run, grant: signed(claims()) } }),
      bounds,
      now,
    );
    expect(() => read({ ...GetWallet, callers: ['gateway', 'orgs'] }, message)).toThrow(REFUSED);
  });

  it.each(['', ' ', 'x'.repeat(101), 'two\nlines', 'turned \u202e'])(
    'is refused under the name %j, which people could not read',
    (as) => {
      const delegation = { service: 'agents', run, grant: signed(claims()), as };
      const speaker = { ...contextOf({ delegation }), actor: 'system:agents', role: 'system' } as const;
      const message = shown(signed(claims()));
      message.headers.set(HEADER.context, signerOf('agents').sign(speaker, ['billing-stars'], now));
      expect(() => read(Reserve, message)).toThrow(REFUSED);
    },
  );
});
