import { thinned, trimmed } from '@apollo/contracts';

/** What nothing is seen of and copying from the web brings along: blanks without width, joiners, soft hyphens, turns of text. */
const UNSEEN = String.raw`\p{Default_Ignorable_Code_Point}`;
const unseen = new RegExp(UNSEEN, 'u');
const everyUnseen = new RegExp(unseen, 'gu');
/** What values of a cell are cut by, or stand in. */
const AROUND = String.raw`\s;,|<>()`;
const atEdges = new RegExp(`(?<=^|[${AROUND}])${UNSEEN}+|(?<!${UNSEEN})${UNSEEN}+(?=[${AROUND}]|$)`, 'gu');

/** What is told of a cell that is not what it seems: without the mark it would be another address, link or id. */
export const HIDDEN = 'holds a character that nothing is seen of, in the middle';

/** A phone without what nobody sees of it: what stands between figures is no part of a number. */
export function withoutUnseen(cell: string): string {
  return cell.replace(everyUnseen, '');
}

/** What is compared letter by letter, without marks that nobody sees around it, or around one of several values. */
export function withoutUnseenAround(cell: string): string {
  return thinned(trimmed(thinned(cell.replace(atEdges, ''))));
}

/** Whether a text has something in it that nobody sees. */
export function hidesSomething(text: string): boolean {
  return unseen.test(text);
}
