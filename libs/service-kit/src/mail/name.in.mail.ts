import { inForm, plainlySeen } from '@apollo/contracts';

/** Characters of a name that a mail shows. */
const LONGEST = 80;

/**
 * A name that somebody chose, as a mail of ours may show it: without control characters, without what turns or hides
 * text, and without anything that a mail program would make a link or an address of.
 *
 * @param otherwise what stands there when nothing is left
 */
export function nameInMail(name: string, otherwise: string): string {
  // Dots, slashes and colons of other widths are the same to whoever makes a link of them.
  const shown = plainlySeen(inForm(name, 'NFKC'), ' ')
    .replaceAll(/[:/\\@]+/g, ' ')
    .replaceAll(/(?<=\S)[.\u3002](?=\S)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return [...shown].slice(0, LONGEST).join('').trim() || otherwise;
}
