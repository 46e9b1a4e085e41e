import { targetNamed } from './heading.words.js';
import { inPlainWords, plainWords } from './plain.words.js';

/** Whom a list may be about. */
const WHO =
  'customer|client|kunde|kundin|cliente|klient|participant|participante|teilnehmer|teilnehmerin|attendee|guest|gast|invitee|member|mitglied|student|patient|buyer|purchaser|comprador|compradora|kaufer|kauferin|acheteur|acheteuse|acquirente|koper|lead|prospect|interessent|interessentin|mieter|mieterin|registrant|visitor|besucher|visiteur|visitante|responsavel|responsable|musteri|subscriber|abonnent|abonnentin|assinante|suscriptor|suscriptora|abonne|abonnee|abbonato|interessado|interessada|interesado|interesada|interessato|bill to|sold to|billed to|socio|socia|associado|associada|asociado|arrendatario|arrendataria|donor|spender|spenderin|donante|doador|doadora|donateur|applicant|bewerber|bewerberin|candidate|candidato|candidata|candidat';
/** Parts of a name by words too short to say so alone: each with the other one beside it. */
const FIRST = new RegExp(`^(?:(?:(?:${WHO}) )?first|ad|given)$`);
const LAST = new RegExp(`^(?:(?:(?:${WHO}) )?last|soyad|surname|family|soyadı|soyadi|last name)$`);

/** What headings are beside each other: `First` beside `Last`, `Ad` beside `Soyad`. @returns heading → part */
export function partsOfNames(headings: readonly string[]): Map<string, 'first_name' | 'last_name'> {
  const words = headings.map((heading) => [heading, plainWords(heading)] as const);
  const [hasFirst, hasLast] = [FIRST, LAST].map((shape) => words.some(([, each]) => shape.test(each)));
  return new Map(
    words.flatMap(([heading, each]): [string, 'first_name' | 'last_name'][] => {
      if (hasLast && FIRST.test(each)) return [[heading, 'first_name']];
      return hasFirst && LAST.test(each) && /(?:^| )last$|^family$/.test(each) ? [[heading, 'last_name']] : [];
    }),
  );
}

/** Whoever a list is about, who may be called so where nothing else is a name. */
const WHOM = inPlainWords(
  new RegExp(
    `^(?:(?:(?:nome|nombre|nom|name) (?:del? |do |da |du |des )?)?(?:${WHO})(?: in)?(?: name)?|клиент|участник|πελατης|顧客|客户|客戶|고객|العميل|(?:contact|kontakt|contato|contacto|person) 1 (?:full )?(?:name|nome|nombre))$`,
    'u',
  ),
);
/** What is no name, whatever the heading says. */
const NO_NAME = /[@\d]|^(?:yes|no|ja|nein|si|sim|nao|oui|non|true|false|new|existing)$/i;

/** Whether a heading is of whoever a list is about, who may be called so. */
export function mayNameWhom(heading: string): boolean {
  return WHOM.test(plainWords(heading));
}

/** Whether a column may be the name where no other one is: by its heading, and by cells that are words and mostly differ. */
export function mayBeName(heading: string, cells: readonly string[]): boolean {
  return mayNameWhom(heading) && areNames(cells);
}

/** Whether cells are words that are names for all that is known, and mostly differ. */
export function areNames(cells: readonly string[]): boolean {
  const names = cells.filter((cell) => /\p{L}/u.test(cell) && !NO_NAME.test(cell));
  return names.length * 2 >= cells.length && new Set(cells).size * 2 >= cells.length;
}

/** Whether a heading is of the second one of two last names, which belongs behind the first. */
export function isSecondLastName(heading: string): boolean {
  return /^(?:apellido materno|segundo apellido|2 apellido|segundo sobrenome)$/.test(plainWords(heading));
}

/** Whether a heading is of a first or a last name alone. */
export function isPartNamed(heading: string): boolean {
  return ['first_name', 'last_name'].includes(targetNamed(heading) ?? '');
}
