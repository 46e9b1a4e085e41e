import { decoderOf } from './text.decoder.js';

/** Signs that stand by themselves, beside figures or between words, as Windows-1252 has them. */
const ALONE = /^[\u00a0€£¥¢§©®™°±²³µ¶·¹º»«¼½¾¿¡×÷ª‚ƒ„…†‡ˆ‰‹›‘’“”•–—´¨]{1,2}$/u;
/** Signs as they stand with a few letters: thousands of a currency, units, ordinals and fractions. */
const WITH_LETTERS =
  /^(?:[€£¥¢][kKmM]?|(?:[kT]|Mio|Mrd|EUR)€|GB£|JP¥|°[CFcfKNESWO]|[Nn][°º]|[A-Z]ª|µ[A-Za-z]{1,2}|[kdcm]?m[²³]|[½¼¾][A-Za-z]{0,2}|[×±][A-Za-z]?|[A-Za-z]?×|§[A-Za-z]?)$/u;
const OPENING = String.raw`[\u00a0«“”„‘’–—…•]|[©¡¿](?=[A-Z])`;
/** A letter of DOS's stands where an apostrophe between capitals would, unless few are before it or behind it. */
const APOSTROPHE = String.raw`(?<![A-Z]{2})[’´]|[’´](?=[a-z]|[STMD]$|(?:LL|RE|VE)$)|‘(?=[A-Z])`;
const CLOSING = String.raw`[\u00a0»“”’´–—…®™]`;
const IN_TEXT = new RegExp(
  String.raw`^(?:${OPENING})*[A-Za-z]+(?:(?:${APOSTROPHE}|[–—…\u00a0])[A-Za-z]+)*${CLOSING}*$`,
  'u',
);

/**
 * Whether all that a word has beyond ASCII are signs of print or of amounts in Windows-1252, each where such stand: `don’t`,
 * `“quoted`, `wait…`, `£`. Such a word is no sign of another language, in whose encoding they would be letters.
 *
 * @param word a character for each byte
 */
export function isPrinted(word: string): boolean {
  const text = decoderOf('windows-1252').decode(Buffer.from(word, 'latin1'));
  return ALONE.test(text) || WITH_LETTERS.test(text) || IN_TEXT.test(text);
}
