import type { Encoding } from './csv.encoding.js';
import { hasSavedTwice } from './double.encoding.js';

/** What stands within no word as Windows writes it, and is where letters of a Mac's or of DOS's are read as its own. */
const MARKED =
  /\p{L}[‚„…†‡ˆ‰‹”•˜™›¡¢£¤¥¦§¨©«¬®¯°±²³¶¸¹»¼½¾¿]\p{L}|\p{Ll}[ŠŒŽŸ]|\p{Lu}[ŠŒŽŸ]\p{Ll}|\p{Ll}[‚ˆ‰˜¡¢¤¦¨¬¯¶¸](?!\p{N})/u;
const ACCENTED = /[À-ÖØ-öø-ÿ]/;

/**
 * Why texts may be in another encoding: of UTF-8 some were saved twice; of what was read as Windows-1252 more of them have marks within words than have
 * letters with accents and none. Undefined where nothing speaks for that.
 */
export function misreadNote(texts: readonly string[], encoding: Encoding): string | undefined {
  if (encoding === 'utf-8' && texts.some(hasSavedTwice))
    return 'Some of its letters look as if they had been saved as UTF-8 twice, and others do not. With utf-8-twice in encoding, those that do are read as they were.';
  if (encoding !== 'windows-1252' && encoding !== 'iso-8859-1') return undefined;
  const marked = texts.filter((text) => MARKED.test(text));
  const accented = texts.filter((text) => ACCENTED.test(text) && !MARKED.test(text));
  return marked.length > accented.length
    ? `There are marks within words: the file may be in another encoding than ${encoding}. Say macintosh, windows-1250, cp850 or another one in encoding where it is that.`
    : undefined;
}
