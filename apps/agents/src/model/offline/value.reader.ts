import type { ConditionReader } from './condition.parser.js';
import type { LanguageWords } from './intent.kinds.js';
import { folded } from './word.reader.js';

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,180}\.[^\s@.]{2,24}$/;
const PHONE = /^\+?[\d\s()/.-]{5,24}$/;

/** @returns reads conditions on leads: ages in days, and a country where a place is one */
export function filterReader(language: LanguageWords): ConditionReader {
  const countries = new Set(language.countries.map(folded));
  return (key, value) => {
    if (value === '') return undefined;
    if (key === 'older_than_days') {
      const days = daysOf(value, language);
      return days === undefined ? undefined : { older_than_days: days };
    }
    const isCountry = (key === 'city' || key === 'place') && countries.has(folded(value));
    return { [isCountry ? 'country' : key]: value };
  };
}

/** @returns reads what a new lead has: an address and a number have to look like one */
export function detailReader(): ConditionReader {
  return (key, value) => {
    if (value === '' || (key === 'email' && !EMAIL.test(value)) || (key === 'phone' && !PHONE.test(value))) {
      return undefined;
    }
    return { [key]: key === 'tags' ? [value] : value };
  };
}

/** @returns days of "30 days", "a month", "two weeks" */
function daysOf(value: string, { numbers, units }: LanguageWords): number | undefined {
  const [count = '', unit = '', ...more] = folded(value).split(/\s+/);
  const number = /^\d{1,4}$/.test(count) ? Number(count) : numbers[count];
  const days = units[unit];
  return more.length > 0 || number === undefined || days === undefined ? undefined : number * days;
}
