const names = new Intl.DisplayNames('en', { type: 'region' });

/** Countries whose names have an article within a sentence. */
const WITH_ARTICLE =
  /^(?:United |Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Seychelles|Central African|Dominican Republic)|(?:Islands|Territories|Territory)$/;

/** The name of a country as it stands within a sentence: `the United States`. @param code ISO 3166 */
export function countryName(code: string): string {
  const name = names.of(code) ?? code;
  return WITH_ARTICLE.test(name) ? `the ${name}` : name;
}
