import { createHmac } from 'node:crypto';
import { newId } from '../context/new.id.js';
import type { TenantContext } from '../context/tenant.context.js';
import { TagSigner } from './tag.signer.js';

const KEY = 'a5'.repeat(32);
const NOW = Date.UTC(2026, 0, 1);

describe('a tag', () => {
  const signer = new TagSigner(KEY);
  const context = (more: Partial<TenantContext> = {}): TenantContext => ({
    scope: 'org',
    orgId: newId(),
    actor: newId(),
    role: 'owner',
    requestId: newId(),
    ...more,
  });
  const signed = (claims: string): string =>
    `${claims}.${createHmac('sha256', Buffer.from(KEY, 'hex')).update(claims).digest('hex')}`;

  it('names the organization and the person for a minute, under the bytes of the key', () => {
    for (const each of [context(), context()])
      expect(signer.sign(each, NOW + 999)).toBe(signed(`org.${each.orgId}.${each.actor}.${NOW / 1000 + 60}`));
  });

  it('names no organization where there is none, and nobody where nobody is known', () => {
    const self = context({ scope: 'self', orgId: null });
    expect(signer.sign(self, NOW)).toBe(signed(`self.-.${self.actor}.${NOW / 1000 + 60}`));
    const platform = context({ scope: 'platform', orgId: null, actor: 'anonymous' });
    expect(signer.sign(platform, NOW)).toBe(signed(`platform.-.-.${NOW / 1000 + 60}`));
  });

  it('is the same one within a second, of one context alone, and lasts as long in the next', () => {
    const [one, other] = [context(), context()];
    const tag = signer.sign(one, NOW);
    expect(signer.sign(one, NOW + 1)).toBe(tag);
    expect(signer.sign(other, NOW + 1)).toContain(other.orgId);
    expect(signer.sign(other, NOW + 1_000)).toContain(`.${NOW / 1000 + 61}.`);
  });

  it.each(['', 'a5', 'a5'.repeat(33), 'x'.repeat(64)])('is made under no key of another length: %j', (key) => {
    expect(() => new TagSigner(key)).toThrow('TENANCY_TAG_KEY must be 64 hex digits');
  });
});
