import { canonicalLanguage, isReservedSlug, localeProblems, purgeAfter } from './org.rules.js';

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

  it.each(['Europe/Dublin', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5', 'Asia/Kolkata'])(
    'takes the time zone %s',
    (time_zone) => {
      expect(localeProblems({ time_zone })).toEqual([]);
    },
  );

  it.each(['+02:00', 'Europe/Atlantis', '', ' UTC', 'UTC; drop', 'Europe/Dublin/'])(
    'refuses the time zone %p',
    (time_zone) => {
      expect(localeProblems({ time_zone })).toEqual([{ field: 'time_zone', problem: expect.any(String) as string }]);
    },
  );

  it.each(['en', 'de-CH', 'zh-Hant-TW', 'pt-br'])('takes the language %s', (language) => {
    expect(localeProblems({ language })).toEqual([]);
  });

  it.each(['', 'english language', 'e', 'en_US'])('refuses the language %p', (language) => {
    expect(localeProblems({ language }).map(({ field }) => field)).toEqual(['language']);
  });

  it('writes a language as BCP 47 does', () => {
    expect(canonicalLanguage('zh-hant-tw')).toBe('zh-Hant-TW');
  });

  it('refuses currencies and countries that only look like codes', () => {
    expect(localeProblems({ currency: 'EUR', country: 'DK' })).toEqual([]);
    expect(localeProblems({ currency: 'QQQ', country: 'ZZ' }).map(({ field }) => field)).toEqual([
      'country',
      'currency',
    ]);
  });

  it('purges 30 days after the deletion', () => {
    expect(purgeAfter(new Date('2026-02-01T12:00:00Z')).toISOString()).toBe('2026-03-03T12:00:00.000Z');
  });
});
