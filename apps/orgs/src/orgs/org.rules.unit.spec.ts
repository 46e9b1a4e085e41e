import { isReservedSlug, purgeAfter } from './org.rules.js';

describe("the rules of an organization's settings", () => {
  it.each(['api', 'www', 'admin', 'docs', 'platform', 'invitations', 'new', 'orgs', 'login'])(
    'keeps the slug %s for the platform',
    (slug) => {
      expect(isReservedSlug(slug)).toBe(true);
    },
  );

  it('leaves ordinary slugs free', () => {
    expect(isReservedSlug('northwind-solar')).toBe(false);
  });

  it('purges 30 days after the deletion', () => {
    expect(purgeAfter(new Date('2026-02-01T12:00:00Z')).toISOString()).toBe('2026-03-03T12:00:00.000Z');
  });
});
