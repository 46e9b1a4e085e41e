import type { FieldProblem } from '@apollo/contracts';

/** Words that stand, or may come to stand, beside organizations in addresses, or would pass for the platform itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'about',
  'account',
  'accounts',
  'activate',
  'admin',
  'administrator',
  'api',
  'apollo',
  'apollo-space',
  'app',
  'apps',
  'assets',
  'auth',
  'billing',
  'blog',
  'cdn',
  'console',
  'contact',
  'dashboard',
  'demo',
  'dev',
  'docs',
  'download',
  'events',
  'favicon',
  'files',
  'forgot',
  'health',
  'help',
  'home',
  'internal',
  'invitations',
  'invite',
  'legal',
  'livez',
  'login',
  'logout',
  'mail',
  'metrics',
  'new',
  'null',
  'oauth',
  'openapi',
  'operator',
  'org',
  'organization',
  'organizations',
  'orgs',
  'platform',
  'pricing',
  'privacy',
  'readyz',
  'register',
  'reset',
  'root',
  'security',
  'self',
  'settings',
  'signin',
  'signup',
  'sso',
  'staging',
  'static',
  'status',
  'support',
  'system',
  'terms',
  'test',
  'trust',
  'undefined',
  'webhooks',
  'well-known',
  'www',
]);

/** True for a slug that no organization may have. */
export function isReservedSlug(slug: string): boolean {
  return RESERVED.has(slug);
}

/** The settings of an organization that are names from a public list. */
export interface Locale {
  readonly country?: string | null;
  readonly time_zone?: string | null;
  readonly language?: string | null;
  readonly currency?: string | null;
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
// Intl also takes offsets such as +02:00, which know no daylight saving and are no names.
const zoneShape = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

function holds(check: () => unknown): boolean {
  try {
    return Boolean(check());
  } catch {
    return false;
  }
}

/** What is wrong with the settings given; those left out are right. */
export function localeProblems({ country, time_zone, language, currency }: Locale): FieldProblem[] {
  const rules: [string, string | null | undefined, (value: string) => unknown, string][] = [
    ['country', country, (value) => value !== 'ZZ' && regions.of(value), 'country is not a known ISO 3166 code'],
    [
      'time_zone',
      time_zone,
      (value) => zoneShape.test(value) && new Intl.DateTimeFormat('en', { timeZone: value }),
      'time_zone is not a known IANA name',
    ],
    ['language', language, canonicalLanguage, 'language is not a BCP 47 tag'],
    ['currency', currency, (value) => currencies.has(value), 'currency is not a known ISO 4217 code'],
  ];
  return rules.flatMap(([field, value, check, problem]) =>
    value == null || holds(() => check(value)) ? [] : [{ field, problem }],
  );
}

/** A language tag as BCP 47 writes it: `en-us` → `en-US`. @throws RangeError for anything that is no tag */
export function canonicalLanguage(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] as string;
}

const DAY_MS = 86_400_000;

/** When the data of an organization deleted at `moment` is purged: 30 days later. */
export function purgeAfter(moment: Date): Date {
  return new Date(moment.getTime() + 30 * DAY_MS);
}
