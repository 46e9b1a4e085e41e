import { isEmail, isURL } from 'class-validator';
import { isValidPhoneNumber } from 'libphonenumber-js/min';
import { HIDDEN, inForm, isOvermarked, OVERMARKED, thinned } from './text.form.js';

// Control characters and unpaired surrogates have no place in names and notes: they break logs, CSV and terminals.
export const oneLine = /^[^\p{Cc}\p{Cs}]*$/u;
export const manyLines = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
// They turn the letters around them, so that a text is not what it seems.
export const turning = /\p{Bidi_Control}/u;
const everyTurning = new RegExp(turning, 'gu');
const UNSEEN = String.raw`\s\p{Z}${HIDDEN}`;
const unseen = new RegExp(`[${UNSEEN}]`, 'u');
const seen = new RegExp(`[^${UNSEEN}]`, 'u');
/** The one form in which ids travel; `isUuid` of the tenancy library, which knows no messages, says the same. */
export const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const webAddressRule = { protocols: ['http', 'https'], require_protocol: true };

/** What is wrong with a piece of text in the words of its field's rule, or null when it may stand there. */
export type TextCheck = (value: string) => string | null;

// A phone number in E.164 that its country could have given out.
function isPhone(value: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(value) && isValidPhoneNumber(value);
}

/**
 * Of a text of so many characters, as PostgreSQL and JSON Schema count: one outside the basic plane is one, and a sign
 * that says how the one before it is drawn is one too.
 */
export function lengthCheck(min: number, max: number): TextCheck {
  return (value) => {
    const units = value.length;
    const isCounted = units < 2 * min || (units > max && units <= 2 * max);
    const characters = isCounted ? [...value].length : units;
    return characters < min
      ? `must be at least ${min} characters`
      : characters > max
        ? `must be at most ${max} characters`
        : null;
  };
}

/** The one form in which a text is compared and stored, however it was typed: NFC. */
export function composed(text: string): string {
  return inForm(text, 'NFC');
}

/** A text of one line in its one form, without the blanks around it. */
export function trimmed(text: string): string {
  return composed(text.trim());
}

/** UTF-16 units that become one character when they are composed, at most. */
const UNITS_OF_CHARACTER = 6;

/**
 * As `composed` for a text that may have at most `max` characters: one that has more in any form stays as it is, to be
 * refused.
 */
export function composedUpTo(max: number): (text: string) => string {
  return (text) => (text.length > max * UNITS_OF_CHARACTER ? text : composed(text));
}

/** As `composedUpTo`, without the blanks around it, which do not count. */
export function trimmedUpTo(max: number): (text: string) => string {
  const form = composedUpTo(max);
  return (text) => form(text.trim());
}

/** A text in its one form, or those of a list; anything else as it is, however deep it goes. */
export function formedAll(value: unknown, form: (text: string) => string): unknown {
  const formed = (each: unknown): unknown => (typeof each === 'string' ? form(each) : each);
  return Array.isArray(value) ? value.map(formed) : formed(value);
}

/**
 * What a cell of somebody's file says: in the one form, without what turns text and without marks that are too many in
 * a row, nothing where nothing is seen of it.
 */
export function legible(cell: string): string {
  const text = thinned(trimmed(thinned(cell.replaceAll(everyTurning, ''))));
  return seen.test(text) ? text : '';
}

/** What is wrong with a text that is in no form because of its marks, or null. */
export const marksProblem: TextCheck = (value) => (isOvermarked(value) ? OVERMARKED : null);

/** What every text has to be that people read: something is seen of it, and it is what it seems. */
export const shownCheck: TextCheck = (value) =>
  turning.test(value)
    ? 'holds characters that turn the direction of text'
    : !seen.test(value)
      ? 'must not be empty or invisible'
      : marksProblem(value);

/** The rules of `@Text` for text of one line. */
export function lineCheck(max: number): TextCheck {
  const length = lengthCheck(0, max);
  return (value) => length(value) ?? (oneLine.test(value) ? shownCheck(value) : unplainProblem(value));
}

/** What is wrong with a text that `oneLine` or `manyLines` refuses. */
export function unplainProblem(value: string): string {
  return value.isWellFormed()
    ? 'holds control characters'
    : 'holds half of a character: a surrogate without the other one';
}

/** Of moments: PostgreSQL knows no year 0, and ISO 8601 writes no year beyond 9999. */
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a text is a moment to every program here. What ISO 8601 counts in weeks or days of a year is none. */
export function isMoment(text: string): boolean {
  const moment = Date.parse(text);
  return moment >= FIRST_MOMENT && moment <= LAST_MOMENT;
}

/** The rules of `@Uuid`. */
export const uuidCheck: TextCheck = (value) => (uuidShape.test(value) ? null : 'must be a lower-case UUID');

/** The rules of `@Email`. The library's own check throws at unpaired surrogates, so it is asked last. */
export const emailCheck: TextCheck = (value) =>
  marksProblem(value) ??
  (!unseen.test(value) && oneLine.test(value) && lengthCheck(0, 254)(value) === null && isEmail(value)
    ? null
    : 'must be an e-mail address');

/** A number as it is dialled and written from abroad: `+49 (0)30 123456`, `0049 30/123456`. */
const fromAbroad = /^(?:\+|00)[1-9][\d\s().\/\u2010-\u2015-]*$/;

/** Characters of a phone number, however it is written. */
const LONGEST_PHONE = 60;

/** A number with a plus before its country's code where it has `00`, without what is dialled there only: `(0)`. */
export function dialledFromAbroad(text: string): string {
  return text.replace(/^((?:\+|00)[\d\s]{1,5})\(0\)/, '$1').replace(/^00(?=[1-9])/, '+');
}

/** In E.164, where the text says the code of its country; any other without blanks around it, to be refused. */
export function phoneForm(given: string): string {
  const text = trimmedUpTo(LONGEST_PHONE)(given);
  if (text.length > LONGEST_PHONE || !fromAbroad.test(text)) return text;
  return `+${dialledFromAbroad(text).replace(/\D/g, '')}`;
}

/** The rules of `@Phone`. */
export const phoneCheck: TextCheck = (value) =>
  isPhone(value) ? null : 'must be a phone number with the code of its country, such as +4930123456';

/** The rules of `@WebAddress`. */
export const webAddressCheck: TextCheck = (value) =>
  marksProblem(value) ??
  (!unseen.test(value) && oneLine.test(value) && lengthCheck(0, 500)(value) === null && isURL(value, webAddressRule)
    ? null
    : 'must be an http(s) address');

const checks = new Map<object, Map<string, TextCheck>>();

/** Called by the field decorators, so that a class says each rule once. */
export function rememberCheck(target: object, property: string, check: TextCheck): void {
  const known = checks.get(target) ?? new Map<string, TextCheck>();
  checks.set(target, known.set(property, check));
}

/** As `textCheck`, or undefined when the class has no such text field. */
export function knownTextCheck(type: new () => object, property: string): TextCheck | undefined {
  for (let target = type.prototype as object | null; target; target = Object.getPrototypeOf(target) as object | null) {
    const check = checks.get(target)?.get(property);
    if (check) return check;
  }
  return undefined;
}

/**
 * The rule of one text field of a message class as a plain function: for work on so many values (an import) that
 * instances and error objects for each would cost too much. Emptiness is not looked at.
 *
 * @throws Error when the class has no such text field
 */
export function textCheck(type: new () => object, property: string): TextCheck {
  const check = knownTextCheck(type, property);
  if (check) return check;
  throw new Error(`${type.name}.${property} is not a text field`);
}
