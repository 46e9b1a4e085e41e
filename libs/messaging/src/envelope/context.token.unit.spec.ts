import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { newId, type TenantContext } from '@apollo/tenancy';
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { EventSigner } from '../durable/event.seal.js';
import { ContextTokenSigner, ContextTokenVerifier, TOKEN_LIFETIME_SECONDS } from './context.token.js';

const now = Date.UTC(2026, 0, 1);
const REFUSED = expect.objectContaining({ code: 'message_rejected' }) as Error;
const context: TenantContext = {
  scope: 'org',
  orgId: newId(),
  actor: newId(),
  role: 'member',
  requestId: 'r',
  membershipVersion: 3,
};
const keyOf = async (kid: string): Promise<JWK> => ({
  ...(await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)),
  kid,
});
const publicPart = ({ d: _secret, ...rest }: JWK): JWK => rest;

describe('context token', () => {
  let keys: JWK[];
  let signer: ContextTokenSigner;
  let verifier: ContextTokenVerifier;
  beforeAll(async () => {
    keys = await Promise.all(['gateway', 'orgs'].map(keyOf));
    signer = new ContextTokenSigner('gateway', keys[0] as JWK);
    verifier = new ContextTokenVerifier('leads', keys.map(publicPart));
  });

  it('says who acts for which organization, in which role and version of the membership', async () => {
    const claims = verifier.verify(signer.sign(context, ['leads'], now), now);
    expect(claims).toEqual({
      issuer: 'gateway',
      scope: 'org',
      orgId: context.orgId,
      actor: context.actor,
      role: 'member',
      membershipVersion: 3,
      answerKey: signer.answerKey.text,
      expires: now / 1000 + TOKEN_LIFETIME_SECONDS,
    });
  });

  it('is used again while fresh and renewed before it runs out', async () => {
    const first = signer.sign(context, ['leads'], now);
    expect(signer.sign({ ...context }, ['leads'], now + 30_000)).toBe(first);
    expect(signer.sign(context, ['leads'], now + 61_000)).not.toBe(first);
  });

  it.each([
    ['role', { role: 'viewer' }],
    ['person', { actor: newId() }],
    ['organization', { orgId: newId() }],
    ['membership version', { membershipVersion: 4 }],
    ['sign-outs of the session', { signOuts: 1 }],
    ['second factor of the session', { mfa: true }],
    ['session', { session: newId() }],
  ] as const)('differs by %s', async (_name, change) => {
    expect(signer.sign({ ...context, ...change }, ['leads'], now)).not.toBe(signer.sign(context, ['leads'], now));
  });

  it('is refused after its expiry, also when it was verified before (M05)', async () => {
    const token = signer.sign({ ...context, actor: newId() }, ['leads'], now);
    verifier.verify(token, now);
    expect(() => verifier.verify(token, now + TOKEN_LIFETIME_SECONDS * 1000)).toThrow(REFUSED);
  });

  it('is refused when it claims to live longer than any may', async () => {
    const key = await importJWK(keys[0] as JWK, 'EdDSA');
    const old = await new SignJWT({ scope: 'org', org: context.orgId, role: 'owner' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'gateway' })
      .setIssuer('gateway')
      .setAudience('leads')
      .setSubject(context.actor)
      .setIssuedAt(now / 1000 - 3600)
      .setExpirationTime(now / 1000 + 3600)
      .sign(key);
    expect(() => verifier.verify(old, now)).toThrow(REFUSED);
  });

  it('is refused 120 s after it was made, whatever expiry it claims and however often it was verified before (M05)', async () => {
    const key = await importJWK(keys[0] as JWK, 'EdDSA');
    const long = await new SignJWT({ scope: 'org', org: context.orgId, role: 'owner' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'gateway' })
      .setIssuer('gateway')
      .setAudience('leads')
      .setSubject(context.actor)
      .setIssuedAt(now / 1000)
      .setExpirationTime(now / 1000 + 86_400)
      .sign(key);
    verifier.verify(long, now + 60_000);
    expect(() => verifier.verify(long, now + TOKEN_LIFETIME_SECONDS * 1000)).toThrow(REFUSED);
  });

  it('is refused when a service vouches for a person or for another service, and taken for its own system work (M04)', async () => {
    const orgs = new ContextTokenSigner('orgs', keys[1] as JWK);
    const own = { ...context, actor: 'system:orgs', role: 'system' } as const;
    expect(verifier.verify(orgs.sign(own, ['leads'], now), now)).toMatchObject({
      issuer: 'orgs',
      actor: 'system:orgs',
      role: 'system',
    });
    for (const change of [
      { actor: context.actor },
      { actor: 'system:identity' },
      { actor: 'anonymous' },
      { role: 'owner' },
    ] as const) {
      expect(() => verifier.verify(orgs.sign({ ...own, ...change }, ['leads'], now), now)).toThrow(REFUSED);
    }
  });

  it('is refused when it names the gateway but another service signed it (M04)', async () => {
    const key = await importJWK(keys[1] as JWK, 'EdDSA');
    const posing = await new SignJWT({ scope: 'org', org: context.orgId, role: 'owner' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'orgs' })
      .setIssuer('gateway')
      .setAudience('leads')
      .setSubject(context.actor)
      .setIssuedAt(now / 1000)
      .setExpirationTime(now / 1000 + 60)
      .sign(key);
    expect(() => verifier.verify(posing, now)).toThrow(REFUSED);
  });

  it('is the compact JWS that jose reads and makes', async () => {
    const token = signer.sign(context, ['leads'], now);
    const { payload } = await jwtVerify(token, await importJWK(publicPart(keys[0] as JWK), 'EdDSA'), {
      audience: 'leads',
      issuer: 'gateway',
      currentDate: new Date(now),
    });
    expect(payload).toMatchObject({ org: context.orgId, sub: context.actor });
    expect(verifier.verify(forged({ alg: 'EdDSA', kid: 'gateway' }), now)).toMatchObject({ orgId: context.orgId });
  });

  it.each([
    ['a header that brings its own key', { alg: 'EdDSA', kid: 'gateway', jwk: {} }],
    ['a header with extensions', { alg: 'EdDSA', kid: 'gateway', crit: ['b64'], b64: true }],
    ['no key id', { alg: 'EdDSA' }],
    ['the key id of an object’s own method', { alg: 'EdDSA', kid: 'constructor' }],
  ])('is refused with %s, however well signed', (_name, header) => {
    expect(() => verifier.verify(forged(header), now)).toThrow(REFUSED);
  });

  it('is refused when a shared-secret algorithm is to make a secret of the public key', async () => {
    const [, body] = signer.sign(context, ['leads'], now).split('.');
    const signed = `${Buffer.from('{"alg":"HS256","kid":"gateway"}').toString('base64url')}.${body}`;
    const mac = createHmac('sha256', String(keys[0]?.x)).update(signed).digest('base64url');
    expect(() => verifier.verify(`${signed}.${mac}`, now)).toThrow(REFUSED);
  });

  it('is refused when a claim, the header or the signature was changed or cut', async () => {
    const [head = '', body = '', signature = ''] = signer.sign(context, ['leads'], now).split('.');
    const richer = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), role: 'owner' }),
    ).toString('base64url');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    for (const token of [
      `${head}.${richer}.${signature}`,
      `${head}.${body}.${flipped}`,
      `${head}.${body}.${signature.slice(1)}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      `.${body}.${signature}`,
      '',
    ]) {
      expect(() => verifier.verify(token, now)).toThrow(REFUSED);
    }
  });

  it('is no seal of an event, which the same key signs', () => {
    const event = {
      org: newId(),
      id: newId(),
      type: 'orgs.org-created.v1',
      entityId: newId(),
      entityVersion: 1,
      body: '{}',
    };
    const [seal = ''] = new EventSigner('gateway', keys[0] as JWK).sign([event]);
    expect(() => verifier.verify(seal, now)).toThrow(REFUSED);
    expect(() => verifier.verify(forged({ alg: 'EdDSA', kid: 'gateway', typ: 'event+jwt' }), now)).toThrow(REFUSED);
  });

  it('is refused before it was issued', async () => {
    expect(() => verifier.verify(signer.sign({ ...context, actor: newId() }, ['leads'], now + 10_000), now)).toThrow(
      REFUSED,
    );
  });

  /** What a thief of the gateway's key could make of the header. */
  function forged(header: object): string {
    const key = createPrivateKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
    const claims = {
      scope: 'org',
      org: context.orgId,
      role: 'member',
      iss: 'gateway',
      aud: 'leads',
      sub: context.actor,
      iat: now / 1000,
      exp: now / 1000 + 60,
    };
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
  }
});
