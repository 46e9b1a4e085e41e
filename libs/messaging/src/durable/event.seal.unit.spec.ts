import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@apollo/contracts';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { EventSigner, EventVerifier, type SignedEvent } from './event.seal.js';

const REFUSED = expect.objectContaining({ code: 'message_rejected' }) as unknown as Error;

describe('an event', () => {
  let sealers: Record<'orgs' | 'leads', EventSigner>;
  let verifier: EventVerifier;
  const event = (): SignedEvent => ({
    org: randomUUID(),
    id: randomUUID(),
    type: 'orgs.org-created.v1',
    entityId: randomUUID(),
    entityVersion: 1,
    body: '{}',
  });

  beforeAll(async () => {
    const made = async (kid: ServiceName): Promise<{ own: JWK; open: JWK }> => {
      const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
      return { own: await exportJWK(privateKey), open: { ...(await exportJWK(publicKey)), kid } };
    };
    const [orgs, leads] = [await made('orgs'), await made('leads')];
    sealers = { orgs: new EventSigner('orgs', orgs.own), leads: new EventSigner('leads', leads.own) };
    verifier = new EventVerifier([orgs.open, leads.open]);
  });

  it('is believed under its own seal, alone and among others, and under no other', () => {
    const events = Array.from({ length: 5 }, event);
    const seals = sealers.orgs.sign(events);
    for (const [at, each] of events.entries()) {
      verifier.verify(seals[at] ?? '', 'orgs', each);
      for (const [other, seal] of seals.entries())
        if (other !== at) expect(() => verifier.verify(seal, 'orgs', each)).toThrow(REFUSED);
    }
    const [alone] = events as [SignedEvent];
    verifier.verify(sealers.orgs.sign([alone])[0] ?? '', 'orgs', alone);
  });

  it('shows others in its batch nothing they could try a guess on', () => {
    const [own, other] = [event(), event()];
    const [first = '', again = ''] = [1, 2].map(() => sealers.orgs.sign([own, other])[0]?.split('~').at(-1));
    expect(first).toMatch(/^r/);
    expect(again).not.toBe(first);
  });

  it('whose signature is another service’s, or does not hold, is refused, also after the same seal was believed', () => {
    const told = event();
    const [seal = ''] = sealers.orgs.sign([told, event()]);
    verifier.verify(seal, 'orgs', told);
    const [signed = '', salt = '', path = ''] = seal.split('~');
    const [head, claims, signature = ''] = signed.split('.') as [string, string, string];
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const [theirs = ''] = sealers.leads.sign([told, event()]);
    for (const forged of [
      theirs,
      ...[`${head}.${claims}.${flipped}`, `${head}.${claims}.`, `${head}.${claims}`, ''].map(
        (signature) => `${signature}~${salt}~${path}`,
      ),
      `${signed}~${salt}`,
      `${signed}~~${path}`,
      `${signed}~${path}`,
      signed,
      '',
    ]) {
      expect(() => verifier.verify(forged, 'orgs', told)).toThrow(REFUSED);
    }
    expect(() => verifier.verify(seal, 'leads', told)).toThrow(REFUSED);
    expect(() => verifier.verify(seal, 'agents', told)).toThrow(REFUSED);
  });
});
