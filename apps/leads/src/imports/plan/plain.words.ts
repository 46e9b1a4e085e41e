import { inForm } from '@apollo/contracts';

/** What stands behind a word for several of it, or for a woman: `Nombre(s)`, `Comprador(a)`, `Kunde/in`, `Partner*in`. */
const OTHER_FORM = /(?<=\p{L})(?:\((?:e?s|[ao]s?|e?n|in(?:nen)?|e?r)\)|[/*:](?:in(?:nen)?|as?|os?|e?s)(?!\p{L}))/giu;

/** Text as headings are compared: without accents, case, marks and the line it was cut into. */
export function plainWords(text: string): string {
  return inForm(text.replace(OTHER_FORM, '').replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'), 'NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** A shape of headings as they are compared: letters that Unicode takes apart are in `plainWords`, as those of Korean. */
export function inPlainWords({ source, flags }: RegExp): RegExp {
  return new RegExp(inForm(source, 'NFKD').replace(/\p{M}/gu, ''), flags);
}
