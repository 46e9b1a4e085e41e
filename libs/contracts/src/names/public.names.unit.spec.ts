import {
  canonicalLanguage,
  countryCheck,
  COUNTRIES,
  countryNamed,
  CURRENCIES,
  currencyCheck,
  LANGUAGES,
  languageCheck,
  TIME_ZONES,
  timeZoneCheck,
} from './public.names.js';

describe('names from public lists', () => {
  it.each([
    [
      'time zone',
      timeZoneCheck,
      ['UTC', 'Europe/Dublin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Asia/Calcutta'],
    ],
    ['country', countryCheck, ['DE', 'AQ', 'XK']],
    ['currency', currencyCheck, ['EUR', 'JPY', 'BHD', 'XCG']],
    ['language', languageCheck, ['en', 'de-CH', 'zh-Hant-TW', 'pt-br', 'fil-PH', 'sr-Latn-RS']],
  ])('takes as a %s what every program knows', (_what, check, names) => {
    expect(names.map((name) => [name, check(name)])).toEqual(names.map((name) => [name, null]));
  });

  it.each([
    [
      'time zone',
      timeZoneCheck,
      [
        'VST',
        'US/Pacific-New',
        'IST',
        'BST',
        'PST',
        'CET',
        'MET',
        'EET',
        'WET',
        'EST5EDT',
        '+02:00',
        'Europe/Atlantis',
        'europe/dublin',
        'posix/Europe/Berlin',
        '',
        ' UTC',
        'UTC; drop',
        'Europe/Dublin/',
        'Factory',
        'localtime',
      ],
    ],
    ['country', countryCheck, ['ZZ', 'EU', 'UK', 'XX', 'de', 'DEU', '', 'constructor']],
    ['currency', currencyCheck, ['QQQ', 'DEM', 'XXX', 'XAU', 'eur', '', 'constructor']],
    [
      'language',
      languageCheck,
      [
        '',
        'english language',
        'e',
        'en_US',
        'qq',
        'de-ZZ',
        'und',
        'constructor',
        'de-u-co-phonebk',
        'en-t-de',
        'de-x-own',
      ],
    ],
  ])('refuses as a %s what one of them does not know, or takes for something else', (_what, check, names) => {
    expect(names.filter((name) => check(name) === null)).toEqual([]);
  });

  it('takes a language with script, place and variant, and says of extensions that they are none', () => {
    for (const tag of ['de', 'pt-BR', 'zh-hant-tw', 'de-1996', 'ca-ES-valencia'])
      expect([tag, languageCheck(tag)]).toEqual([tag, null]);
    expect(languageCheck('de-u-co-phonebk')).toMatch(/without extensions/);
  });

  it('writes a language as BCP 47 does', () => {
    expect(canonicalLanguage('zh-hant-tw')).toBe('zh-Hant-TW');
  });

  it('has for each name the meaning that this runtime has for it', () => {
    const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
    expect([...TIME_ZONES].filter((name) => !new Intl.DateTimeFormat('en', { timeZone: name }))).toEqual([]);
    expect([...COUNTRIES].filter((code) => !regions.of(code))).toEqual([]);
    expect([...LANGUAGES].filter((code) => !languages.of(code))).toEqual([]);
    expect(
      [...CURRENCIES.keys()].filter((code) => !new Intl.NumberFormat('en', { style: 'currency', currency: code })),
    ).toEqual([]);
  });

  it.each([
    ['DE', 'DE'],
    ['españa', 'ES'],
    ['Spanien', 'ES'],
    ['Brasil', 'BR'],
    ['BRAZIL', 'BR'],
    ['Österreich', 'AT'],
    ['U.S.A.', 'US'],
    ['UK', 'GB'],
    ['Côte d’Ivoire', 'CI'],
    ['Atlantis', undefined],
    ['', undefined],
  ])('knows the country %j by its name or code', (text, code) => {
    expect(countryNamed(text)).toBe(code);
  });

  it('has the digits of a currency as ISO 4217 has them', () => {
    const digits = ['EUR', 'JPY', 'CLP', 'ISK', 'BHD', 'TND', 'MGA', 'MRU'].map((code) => CURRENCIES.get(code));
    expect(digits).toEqual([2, 0, 0, 0, 3, 3, 2, 2]);
    expect(new Set(CURRENCIES.values())).toEqual(new Set([0, 2, 3, 4]));
  });

  it('leaves out no zone that a browser reports of itself', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !TIME_ZONES.has(name))).toEqual([]);
  });
});
