import { dateFormatsShown } from '../cells/date.cells.js';
import { phonesOf, readPhone } from '../cells/phone.cells.js';
import type { Pace } from '../paced.js';
import { CELLS_TRIED } from './phone.columns.js';
import type { SampledColumn } from './mapping.proposal.js';
import { mayNameWhom } from './name.headings.js';
import { inPlainWords, plainWords } from './plain.words.js';

/** By what somebody is reached. */
export type Reach = 'phone' | 'email';

/** What a heading may be besides: whoever stands there, or by what that one is reached. */
const SOMEBODY: ReadonlySet<string> = new Set(['contact_name', 'first_name', 'last_name', 'company']);

/** Words for somebody who is spoken with, which are as usual for the number or the address. */
const CONTACT = inPlainWords(
  /(?<!\p{L})(?:contact\p{L}*|contat\p{L}*|kontak\p{L}*|kapcsolat\p{L}*|контакт\p{L}*|επικοινωνιας?|iletisim|irtibat|lien he)(?!\p{L})|連絡先|联系|聯絡|담당|الاتصال|קשר|ติดต่อ/u,
);
/** Headings that are nothing but such words, and no name's. */
const DETAILS = inPlainWords(
  /^(?:contacts?|contactos|contatos|contatti|contatt[oi] e recapiti|kontakte|kontakty|kontakter|kontakti|контакты|контакти|recapit[oi]|coordonnees?|yhteystie(?:to|dot)|iletisim|irtibat|contact ?(?:details?|data|info|infos|information|means|gegevens)|(?:datos|dados|dati|date|donnees|infos?|informations?|informacion|informacoes|informazioni|meios?|medios?|forma) (?:de |del |do |di )?(?:contact[eo]?|contato|contatto)|kontakt ?(?:daten|angaben|info|infos|information|informationen|uppgifter|opplysninger|oplysninger|moglichkeit|udaje)|dane kontaktowe|kontaktni udaje|kontaktne udaje|iletisim bilgileri|elerhetoseg|контактные данные|контактні дані|στοιχεια επικοινωνιας|連絡先|联系方式|聯絡方式|联络方式|연락처|بيانات الاتصال|معلومات الاتصال|פרטי קשר|ข้อมูลติดต่อ|lien he|thong tin lien he|kontak)(?: [1-4])?$/u,
);

const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
/** Figures and the marks that stand between those of a number. */
const FIGURES = /^[+(]?[\d\s().\/\u2010-\u2015\u00a0+-]{7,30}$/u;
const [LEAST_DIGITS, MOST_DIGITS] = [7, 15];
const LONGEST = 200;

/** Whether a heading may mean whoever stands in its column as well as what that one is reached, or known, by. */
export function mayNameSomebody(heading: string, target: string | undefined): boolean {
  return target === undefined ? DETAILS.test(plainWords(heading)) || mayNameWhom(heading) : SOMEBODY.has(target);
}

/** Whether a cell is figures and marks alone: so nobody is called. */
export function isFigures(cell: string): boolean {
  return /\p{Nd}/u.test(cell) && !/[\p{L}@]/u.test(cell);
}

/** Whether a column is worth a look: by its heading, and by cells most of which are no names. */
export function mayReach({ name, cells }: SampledColumn, target: string | undefined): boolean {
  if (!mayNameSomebody(name, target)) return false;
  const tried = cells.slice(0, CELLS_TRIED);
  return tried.filter((cell) => isFigures(cell) || cell.includes('@')).length * 2 > tried.length;
}

/**
 * By what the cells of a column that `mayReach` reach somebody for the most part. Where its heading has no word for that
 * (`Cliente`), nearly all cells have to be numbers that somebody in the country could have: others are those of something
 * else.
 *
 * @param country ISO 3166, of numbers that name none; null where unknown
 */
export async function reachedBy(
  { name, cells }: SampledColumn,
  country: string | null,
  pace: Pace,
): Promise<Reach | undefined> {
  const tried = cells.slice(0, CELLS_TRIED);
  if ((await pace.passing(tried, areAddresses)) * 2 > tried.length) return 'email';
  const words = plainWords(name);
  const isContact = CONTACT.test(words) || DETAILS.test(words);
  const numbers = await pace.passing(tried, (cell) => (isContact && isLikePhone(cell)) || isPhone(cell, country));
  return (isContact ? numbers * 2 > tried.length : numbers * 5 >= tried.length * 4) ? 'phone' : undefined;
}

function areAddresses(cell: string): boolean {
  if (cell.length > LONGEST) return false;
  return cell
    .split(/[\s;,]+/)
    .filter(Boolean)
    .every((each) => ADDRESS.test(each));
}

/** Whether a cell is a number that somebody could have, and nothing beside it. */
function isPhone(cell: string, country: string | null): boolean {
  if (cell.length > LONGEST || !isFigures(cell)) return false;
  return [cell, phonesOf(cell)[0] ?? ''].some((each) => readPhone(each, country) !== undefined);
}

/** Whether a cell looks like a number of some country: lists come from others, too. */
function isLikePhone(cell: string): boolean {
  if (cell.length > LONGEST || dateFormatsShown(cell) !== undefined) return false;
  const [number = ''] = phonesOf(cell);
  const digits = number.replace(/\D/g, '').length;
  return FIGURES.test(number) && digits >= LEAST_DIGITS && digits <= MOST_DIGITS;
}
