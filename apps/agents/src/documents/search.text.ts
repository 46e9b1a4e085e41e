import { type agentsMessages, inForm } from '@apollo/contracts';

type Language = agentsMessages.DocumentLanguage;

const MARKS = /\p{M}+/gu;
const word = (ending: string): RegExp => new RegExp(String.raw`(?<=\p{L}{2})${ending}(?![\p{L}\p{N}])`, 'gu');

/**
 * Plural endings that PostgreSQL's dictionaries do not know, and what stands there in the singular; of words without
 * accents. What is no plural becomes the same wherever it stands, so that it is found as well.
 */
const PLURALS: Readonly<Record<Language, readonly (readonly [RegExp, string])[]>> = {
  en: [],
  pt: [
    [/(?<=\p{L})(?:oes|aes)(?![\p{L}\p{N}])/gu, 'ao'],
    [word('ais'), 'al'],
    [word('eis'), 'el'],
    [word('ois'), 'ol'],
    [word('uis'), 'ul'],
    [word('ns'), 'm'],
  ],
  es: [
    [word('ces'), 'z'],
    [/(?<=\p{L}{2}[aeo])s(?![\p{L}\p{N}])/gu, ''],
  ],
};

/**
 * A text as its words are looked for and found: without case and accents, plurals as their singulars. What a search
 * asks for goes the same way, its quotation marks and dashes stay.
 */
export function searchText(text: string, language: Language): string {
  const folded = inForm(text, 'NFKD').replaceAll(MARKS, '').toLowerCase();
  return PLURALS[language].reduce((said, [plural, singular]) => said.replaceAll(plural, singular), folded);
}

/** Words of a title that are looked for at most. */
const TITLE_WORDS = 20;

/** The words of a text as a condition of PostgreSQL: each of them in a title. Null where it has none. */
export function titleCondition(text: string, language: Language): string | null {
  const words = searchText(text, language).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length === 0
    ? null
    : words
        .slice(0, TITLE_WORDS)
        .map((each) => `${each}:A`)
        .join(' & ');
}

/** Words of a question that are looked for one by one at most. */
const LOOSE_WORDS = 20;

/** A question by any of its words, for when no passage has all of them. Null where it has one word or none. */
export function looseQuery(query: string): string | null {
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length < 2 ? null : words.slice(0, LOOSE_WORDS).join(' or ');
}
