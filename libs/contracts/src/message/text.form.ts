/** Nothing is seen of these by themselves: joiners, fillers, what selects a shape or turns text, Braille's blank. */
export const HIDDEN = String.raw`\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800`;
// Nor can anybody say what these look like: halves of pairs, separators, what is private or not given out.
const everyHidden = new RegExp(`[${HIDDEN}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cn}]`, 'gu');

/** Forms of Unicode (UAX #15): composed; and, with what looks different but means the same, composed or taken apart. */
export type TextForm = 'NFC' | 'NFKC' | 'NFKD';

/**
 * Marks on one letter at most: as many as UAX #15 keeps room for in its Stream-Safe Text Format. No writing needs half
 * of them.
 */
const MARKS_IN_A_ROW = 30;
// The two of half width are letters to Unicode, and marks once they are taken apart.
const MARK = String.raw`[\p{M}\uff9e\uff9f]`;
const FIRST_MARK = 0x300;
/** A mark, or half of a character that may be one. */
const markOrHalf = new RegExp(String.raw`${MARK}|\p{Cs}`, 'u');
// Looked for from the first mark of a row on and from no other: so a text is read once.
const overmarked = new RegExp(`(?<!${MARK})${MARK}{${MARKS_IN_A_ROW + 1}}`, 'u');
const everyOvermarked = new RegExp(`(?<!${MARK})(${MARK}{${MARKS_IN_A_ROW}})${MARK}+`, 'gu');

/** What is said of a text that `isOvermarked`. */
export const OVERMARKED = 'has too many combining marks in a row';

/** Whether a text has more marks in a row than any writing. */
export function isOvermarked(text: string): boolean {
  // A row that is too long covers one of these places: most texts have no mark in any, and need not be read.
  for (let at = MARKS_IN_A_ROW; at < text.length; at += MARKS_IN_A_ROW + 1)
    if (text.charCodeAt(at) >= FIRST_MARK && markOrHalf.test(text.charAt(at))) return overmarked.test(text);
  return false;
}

/** A text without the marks that are too many in a row. */
export function thinned(text: string): string {
  return isOvermarked(text) ? text.replaceAll(everyOvermarked, '$1') : text;
}

/**
 * A text as people see it, on one line and in its direction, for whoever shows what others wrote: no mark of it covers
 * what stands around it.
 *
 * @param instead stands in place of each character of which nothing is seen; blanks stay
 */
export function plainlySeen(text: string, instead: string): string {
  return thinned(text.replaceAll(everyHidden, instead));
}

/**
 * A text in a form of Unicode, in time that grows with its length and no faster: marks are put in order by comparing
 * those of a row with each other, so one that `isOvermarked` stays as it is, and whoever takes texts from people
 * refuses it.
 */
export function inForm(text: string, form: TextForm): string {
  return isOvermarked(text) ? text : text.normalize(form);
}
