import { isReservedSlug, settingsAfter } from './org.rules.js';

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

  it('stay where a change does not name them, and are taken away by null where they may be empty', () => {
    const settings = {
      name: 'Northwind',
      description: 'Solar',
      country: 'DE',
      time_zone: 'Europe/Berlin',
      language: 'de',
      currency: 'EUR',
      mfa_required: true,
    };
    expect(settingsAfter(settings, {})).toEqual(settings);
    const emptied = { ...settings, description: null, country: null };
    expect(settingsAfter(settings, { description: null, country: null })).toEqual(emptied);
    const named = { name: 'N', description: 'Wind', country: 'AT', language: 'en-us', mfa_required: false };
    expect(settingsAfter(emptied, named)).toEqual({ ...settings, ...named, language: 'en-US' });
  });
});
