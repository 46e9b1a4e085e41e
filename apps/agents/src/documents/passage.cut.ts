import { legible } from '@apollo/contracts';
import { PAGE_CHARACTERS, PASSAGE_CHARACTERS, PASSAGE_OCTETS } from './document.limits.js';
import type { PageText } from './extraction/extraction.runner.js';

/** A part of a page that a search finds, counted from 1 on each page. */
export interface Passage {
  readonly page: number;
  readonly nth: number;
  readonly body: string;
}

/** What was read of a file. */
export interface CutText {
  readonly pages: number;
  readonly passages: readonly Passage[];
}

/** Where a text is cut, the better places first. */
const PLACES = ['\n\n', '\n', '. ', ' '];
const UNPLAIN = /(?![\n\t])[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/gu;

/**
 * Cuts the text of a file into passages: between paragraphs, lines, sentences or words where there are some.
 *
 * @param hasPages whether the pages are those of the file; else its text is cut into what counts as such
 */
export function cutText(text: readonly PageText[], hasPages: boolean): CutText {
  const pages = hasPages ? text : paged(text);
  const passages = pages.flatMap(({ page, text: whole }) =>
    parts(readable(whole), PASSAGE_CHARACTERS, PASSAGE_OCTETS)
      .map(legible)
      .filter((body) => body !== '')
      .map((body, index) => ({ page, nth: index + 1, body })),
  );
  return { pages: pages.at(-1)?.page ?? 0, passages };
}

function paged(text: readonly PageText[]): PageText[] {
  const sheets = text.flatMap(({ text: whole }) => parts(readable(whole), PAGE_CHARACTERS, Infinity));
  return sheets.map((sheet, index) => ({ page: index + 1, text: sheet }));
}

/** A text without what cannot be kept, or said in a message. */
function readable(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(UNPLAIN, ' ')
    .replaceAll(/\n{3,}/g, '\n\n');
}

function parts(text: string, characters: number, octets: number): string[] {
  const found: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + characters);
    while (Buffer.byteLength(text.slice(from, to)) > octets) to = from + Math.floor((to - from) * 0.8);
    if (to < text.length) to = placeToCut(text, from, to);
    found.push(text.slice(from, to));
    from = to;
  }
  return found;
}

/** The best place in the latter half of what may be taken; never within a character. */
function placeToCut(text: string, from: number, to: number): number {
  const part = text.slice(from, to);
  for (const place of PLACES) {
    const at = part.lastIndexOf(place);
    if (at >= part.length / 2) return from + at + place.length;
  }
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(to - 1));
  return isHalf && to - 1 > from ? to - 1 : to;
}
