import { inForm, plainlySeen } from '@apollo/contracts';

/** Characters of a name that a mail shows. */
const LONGEST = 80;
/** As many figures, however they are set apart, as a telephone number has at least. */
const NUMBER = /\p{Nd}(?:[\p{Z}\p{Pd}().,/+]*\p{Nd}){6}/u;
/** Words as long as the numbers of accounts and purses, which have figures in them. */
const LONG_WORDS = /[a-z\d]{20,}/gi;
const QUOTES = /["\p{Pi}\p{Pf}\u201a\u201e]/gu;

/**
 * A name that somebody chose, as the text of a mail of ours may show it: in quotation marks, so that what it says is
 * not said by us, without control characters, without what turns or hides text, and without anything that a mail
 * program would make a link or an address of.
 *
 * @param otherwise what stands there when nothing is left
 */
export function nameInMail(name: string, otherwise: string): string {
  const shown = shownOf(plainOf(name)).replaceAll(QUOTES, "'");
  return shown ? `"${shown}"` : otherwise;
}

/**
 * As `nameInMail`, for a subject, which is read first and alone: without quotation marks.
 *
 * @param otherwise what stands there when nothing is left, and for a name with a number to call or somewhere to write
 *   or pay to
 */
export function nameInSubject(name: string, otherwise: string): string {
  const plain = plainOf(name);
  return (isSomewhere(plain) ? '' : shownOf(plain)) || otherwise;
}

function isSomewhere(plain: string): boolean {
  const words = plain.match(LONG_WORDS) ?? [];
  return plain.includes('@') || NUMBER.test(plain) || words.some((word) => /\d/.test(word));
}

/** Dots, slashes, colons and figures of other widths are the same to whoever makes a link of them. */
function plainOf(name: string): string {
  return plainlySeen(inForm(name, 'NFKC'), ' ');
}

function shownOf(plain: string): string {
  const shown = plain
    .replaceAll(/[:/\\@]+/g, ' ')
    .replaceAll(/(?<=\S)[.\u3002](?=\S)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return [...shown].slice(0, LONGEST).join('').trim();
}
