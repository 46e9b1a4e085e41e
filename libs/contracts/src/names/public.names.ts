import { rawTimeZones } from '@vvo/tzdb';
import * as iso4217 from 'dinero.js/currencies';
import countries from 'i18n-iso-countries';
import iso639 from 'iso-639-1';
import type { TextCheck } from '../message/field.checks.js';
import { inForm } from '../message/text.form.js';

// Names from public lists that more than one program takes: the gateway checks them, a service stores them, PostgreSQL
// counts or sorts by them. Each program has a list of its own that depends on its version; these are what all of them
// know.

/**
 * What the names of places begin with. Others are abbreviations: IST means one thing to one program and another to the
 * next, CET knows no summer time to some.
 */
export const ZONE_AREAS: readonly string[] = [
  'Africa',
  'America',
  'Antarctica',
  'Arctic',
  'Asia',
  'Atlantic',
  'Australia',
  'Europe',
  'Indian',
  'Pacific',
];

/**
 * The time zones an organization may have: IANA names of places, those that were renamed under each of their names, and
 * UTC.
 */
export const TIME_ZONES: ReadonlySet<string> = new Set([
  'UTC',
  ...rawTimeZones
    .flatMap(({ name, group }) => [name, ...group])
    .filter((name) => ZONE_AREAS.includes(name.split('/', 1)[0] ?? '')),
]);

/** Countries: ISO 3166-1 alpha-2. */
export const COUNTRIES: ReadonlySet<string> = new Set(Object.keys(countries.getAlpha2Codes()));

const lettersOf = (name: string): string =>
  inForm(name, 'NFKD')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();

const COUNTRY_CODES: ReadonlyMap<string, string> = new Map([
  ...['de', 'es', 'pt', 'en'].flatMap((language) =>
    Object.entries(countries.getNames(language, { select: 'all' })).flatMap(([code, names]) =>
      names.map((name): [string, string] => [lettersOf(name), code]),
    ),
  ),
  ...Object.entries(countries.getAlpha3Codes()).map(([long, code]): [string, string] => [lettersOf(long), code]),
  ...[...COUNTRIES].map((code): [string, string] => [lettersOf(code), code]),
]);

/**
 * The ISO 3166-1 alpha-2 code of a country by one of its codes or its name in English, Portuguese, Spanish or German,
 * without heed to case, accents and marks; undefined for what is none of them.
 */
export function countryNamed(text: string): string | undefined {
  return COUNTRY_CODES.get(lettersOf(text));
}

/**
 * Currencies that are in use, ISO 4217, with the digits their amounts have after the point. ISO gives two to those
 * whose unit has five parts.
 */
export const CURRENCIES: ReadonlyMap<string, number> = new Map(
  Object.values(iso4217).map(({ code, base, exponent }) => [code, base === 10 ? exponent : 2]),
);

/** Languages: ISO 639-1, and the one that browsers send beside them. */
export const LANGUAGES: ReadonlySet<string> = new Set([...iso639.getAllCodes(), 'fil']);

/** The rule of `@TimeZone`. */
export const timeZoneCheck: TextCheck = (value) =>
  TIME_ZONES.has(value) ? null : 'must be the IANA name of a place, such as Europe/Berlin, or UTC';

/** The rule of `@Country`. */
export const countryCheck: TextCheck = (value) =>
  COUNTRIES.has(value) ? null : 'must be the ISO 3166 code of a country, such as DE';

/** The rule of `@Currency`. */
export const currencyCheck: TextCheck = (value) =>
  CURRENCIES.has(value) ? null : 'must be the ISO 4217 code of a currency in use, such as EUR';

/** The rule of `@Language`. */
export const languageCheck: TextCheck = (value) =>
  isLanguage(value)
    ? null
    : 'must be the BCP 47 tag of a language, such as pt-BR, without extensions such as -u-co-phonebk';

/** A language tag as BCP 47 writes it: `en-us` → `en-US`. @throws RangeError for anything that is no tag */
export function canonicalLanguage(tag: string): string {
  return new Intl.Locale(tag).toString();
}

function isLanguage(tag: string): boolean {
  try {
    const locale = new Intl.Locale(tag);
    const { language, region } = locale;
    // What extensions say, an order or a calendar, not every program heeds.
    const isBare = locale.baseName === locale.toString();
    return isBare && tag.length <= 35 && LANGUAGES.has(language) && (region === undefined || COUNTRIES.has(region));
  } catch {
    return false;
  }
}
