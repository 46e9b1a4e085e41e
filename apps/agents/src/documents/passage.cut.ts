import { setImmediate } from 'node:timers/promises';
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

/** Characters that are worked on before everything else of this process has its turn. */
const AT_ONCE = 30_000;

/**
 * Cuts the text of a file into passages: between paragraphs, lines, sentences or words where there are some.
 *
 * @param hasPages whether the pages are those of the file; else its text is cut into what counts as such
 */
export async function cutText(text: readonly PageText[], hasPages: boolean): Promise<CutText> {
  const passages: Passage[] = [];
  let pages = 0;
  for (const { page, text: whole } of text) {
    let nth = 0;
    for (const sheet of parts(whole, hasPages ? AT_ONCE : PAGE_CHARACTERS)) {
      if (!hasPages) nth = 0;
      pages = hasPages ? page : pages + 1;
      for (const body of bodies(readable(sheet))) passages.push({ page: pages, nth: ++nth, body });
      await setImmediate();
    }
  }
  return { pages, passages };
}

/** What is kept of a sheet. A text may become longer by being put in its one form. */
function bodies(sheet: string): string[] {
  const formed = parts(sheet, PASSAGE_CHARACTERS, PASSAGE_OCTETS).map(legible);
  return formed
    .flatMap((body) => parts(body, PASSAGE_CHARACTERS, PASSAGE_OCTETS))
    .map((body) => body.trim())
    .filter((body) => body !== '');
}

/** A text without what cannot be kept, or said in a message. */
function readable(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(UNPLAIN, ' ')
    .replaceAll(/\n{3,}/g, '\n\n');
}

function parts(text: string, characters: number, octets = 4 * characters): string[] {
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
