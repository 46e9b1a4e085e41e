/**
 * The order of names in languages that have none of their own: what Unicode says of all of them together (CLDR's root).
 */
export const COMMON_ORDER = 'und';

/**
 * Orders of names that are not the common one: languages whose alphabet is another, with the script or the country
 * where that makes a difference. PostgreSQL has each as an ICU collation of the catalog, `sv` as `sv-x-icu`; a spec
 * asks it for all.
 */
export const NAME_ORDERS: ReadonlySet<string> = new Set(
  (
    'af am ar as az az-Cyrl be bg bn bs bs-Cyrl cs cy da ee el eo es et fa fa-AF fi fil fo fr-CA gl gu ha he hi hr hu hy ig is ja ka kk kl ' +
    'km kn ko ky ln lo lt lv mk ml mn mr mt my nb ne nn om or pa pa-Arab pl ps ro ru se si sk sl sq sr sr-Latn sv ta te th to tr ' +
    'ug uk ur uz uz-Arab uz-Cyrl vi wo yi yo zh zh-Hant'
  ).split(' '),
);

/** Languages that ICU has under another name. */
const KNOWN_AS: Readonly<Record<string, string>> = { no: 'nb' };

/**
 * The order of names in a language, a member of `NAME_ORDERS` or the common one. Of several orders that a language has
 * it is the one of dictionaries: what a tag asks for besides (`de-u-co-phonebk`) is not heeded.
 *
 * @param tag BCP 47
 * @throws RangeError for anything that is no tag
 */
export function nameOrder(tag: string): string {
  const { language, script, region } = new Intl.Locale(tag).maximize();
  const known = Object.hasOwn(KNOWN_AS, language) ? KNOWN_AS[language] : language;
  const orders = [`${known}-${script}`, `${known}-${region}`, `${known}`];
  return orders.find((order) => NAME_ORDERS.has(order)) ?? COMMON_ORDER;
}
