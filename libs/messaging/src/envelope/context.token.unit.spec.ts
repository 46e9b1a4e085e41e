import { newId, type TenantContext } from '@apollo/tenancy';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { ContextTokenSigner, ContextTokenVerifier, TOKEN_LIFETIME_SECONDS } from './context.token.js';

const now = Date.UTC(2026, 0, 1);
const context: TenantContext = { scope: 'org', orgId: newId(), actor: newId(), role: 'member', requestId: 'r', membershipVersion: 3 };
const keyOf = async (kid: string): Promise<JWK> => ({ ...(await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)), kid });
const publicPart = ({ d: _secret, ...rest }: JWK): JWK => rest;

describe('context token', () => {
  let keys: JWK[];
  let signer: ContextTokenSigner;
  let verifier: ContextTokenVerifier;
  beforeAll(async () => {
    keys = await Promise.all(['gateway', 'orgs'].map(keyOf));
    signer = await ContextTokenSigner.create('gateway', keys[0] as JWK);
    verifier = await ContextTokenVerifier.create('leads', keys.map(publicPart));
  });

  it('says who acts for which organization, in which role and version of the membership', async () => {
    const claims = await verifier.verify(await signer.sign(context, ['leads'], now), now);
    expect(claims).toEqual({ issuer: 'gateway', scope: 'org', orgId: context.orgId, actor: context.actor, role: 'member', membershipVersion: 3, expires: now / 1000 + TOKEN_LIFETIME_SECONDS });
  });

  it('is used again while fresh and renewed before it runs out', async () => {
    const first = await signer.sign(context, ['leads'], now);
    expect(await signer.sign({ ...context }, ['leads'], now + 30_000)).toBe(first);
    expect(await signer.sign(context, ['leads'], now + 61_000)).not.toBe(first);
  });

  it.each([['role', { role: 'viewer' }], ['person', { actor: newId() }], ['organization', { orgId: newId() }], ['membership version', { membershipVersion: 4 }]] as const)('differs by %s', async (_name, change) => {
    expect(await signer.sign({ ...context, ...change }, ['leads'], now)).not.toBe(await signer.sign(context, ['leads'], now));
  });

  it('is refused after its expiry, also when it was verified before (M05)', async () => {
    const token = await signer.sign({ ...context, actor: newId() }, ['leads'], now);
    await verifier.verify(token, now);
    await expect(verifier.verify(token, now + TOKEN_LIFETIME_SECONDS * 1000)).rejects.toMatchObject({ code: 'message_rejected' });
  });

  it('is refused when it claims to live longer than any may', async () => {
    const key = await importJWK(keys[0] as JWK, 'EdDSA');
    const old = await new SignJWT({ scope: 'org', org: context.orgId, role: 'owner' }).setProtectedHeader({ alg: 'EdDSA', kid: 'gateway' }).setIssuer('gateway').setAudience('leads')
      .setSubject(context.actor).setIssuedAt(now / 1000 - 3600).setExpirationTime(now / 1000 + 3600).sign(key);
    await expect(verifier.verify(old, now)).rejects.toMatchObject({ code: 'message_rejected' });
  });

  it('is refused 120 s after it was made, whatever expiry it claims and however often it was verified before (M05)', async () => {
    const key = await importJWK(keys[0] as JWK, 'EdDSA');
    const long = await new SignJWT({ scope: 'org', org: context.orgId, role: 'owner' }).setProtectedHeader({ alg: 'EdDSA', kid: 'gateway' }).setIssuer('gateway').setAudience('leads')
      .setSubject(context.actor).setIssuedAt(now / 1000).setExpirationTime(now / 1000 + 86_400).sign(key);
    await verifier.verify(long, now + 60_000);
    await expect(verifier.verify(long, now + TOKEN_LIFETIME_SECONDS * 1000)).rejects.toMatchObject({ code: 'message_rejected' });
  });

  it('is refused when a service vouches for a person or for another service, and taken for its own system work (M04)', async () => {
    const orgs = await ContextTokenSigner.create('orgs', keys[1] as JWK);
    const own = { ...context, actor: 'system:orgs', role: 'system' } as const;
    expect(await verifier.verify(await orgs.sign(own, ['leads'], now), now)).toMatchObject({ issuer: 'orgs', actor: 'system:orgs', role: 'system' });
    for (const change of [{ actor: context.actor }, { actor: 'system:identity' }, { actor: 'anonymous' }, { role: 'owner' }] as const) {
      await expect(verifier.verify(await orgs.sign({ ...own, ...change }, ['leads'], now), now)).rejects.toMatchObject({ code: 'message_rejected' });
    }
  });

  it('is refused when it names the gateway but another service signed it (M04)', async () => {
    const key = await importJWK(keys[1] as JWK, 'EdDSA');
    const posing = await new SignJWT({ scope: 'org', org: context.orgId, role: 'owner' }).setProtectedHeader({ alg: 'EdDSA', kid: 'orgs' }).setIssuer('gateway').setAudience('leads')
      .setSubject(context.actor).setIssuedAt(now / 1000).setExpirationTime(now / 1000 + 60).sign(key);
    await expect(verifier.verify(posing, now)).rejects.toMatchObject({ code: 'message_rejected' });
  });
});
