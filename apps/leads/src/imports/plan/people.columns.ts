import { targetNamed } from './heading.words.js';
import { areNames } from './name.headings.js';
import { plainWords } from './plain.words.js';
import type { SampledColumn } from './mapping.proposal.js';

/** Whom lists are about. */
const THEMSELVES =
  'buyer|purchaser|attendee|guest|invitee|participant|registrant|visitor|applicant|tenant|renter|lessee|borrower|patient|student|pupil|billing|teilnehmer|teilnehmerin|besucher|bewerber|mieter|kaufer|schuler|rechnung|gast|comprador|asistente|inquilino|locatario|aluno|alumno|paciente|acheteur|locataire|eleve|acquirente|conduttore|huurder|koper|deelnemer|interessentin|interessent|interessad[oa]|interesad[oa]|interesse|interessat[oa]|prospect|subscriber|abonnent|assinante|suscriptor|abonne|abbonato|bill to|sold to|solicitante|requester|candidat[oea]|candidate|bewerberin|kundin|kauferin|mieterin|compradora|acheteuse';
/** Who stands beside them, and is a lead where nobody else is. */
const BESIDE =
  'parent|guardian|mother|father|child|landlord|lessor|seller|owner|employee|employer|sender|recipient|receiver|booker|payer|donor|shipping|ship to|responsavel|delivery|besteller|vermieter|verkaufer|eigentumer|eltern|mutter|vater|mitarbeiter|absender|empfanger|lieferung|vendedor|propietario|arrendador|proprietario|padre|madre|remitente|destinatario|vendeur|proprietaire|bailleur|expediteur|destinataire|livraison|facturation|venditore|verhuurder|verkoper';
/** Who is at hand for them or for the list's owner, and never a lead. */
const AT_HAND =
  'agent|broker|manager|supervisor|assistant|spouse|emergency contact|emergency|referrer|referral|sales rep|betreuer|betreuerin|berater|beraterin|notfall|notfallkontakt|ehepartner|asesor|asesora|corretor|corretora|consultor|consultora|conseiller|realtor|makler|maklerin|sachbearbeiter|sachbearbeiterin|courtier|agente|gestor|gestora|referred by|assigned to|assigned|assignee|created by|updated by|modified by|added by|invited by|sold by|zugewiesen an|erstellt von|zustandiger|(?:account|contact|lead|deal|record|opportunity) owner|asignado a|creado por|atribuido a|criado por';
/** Whom an event is of, who is a lead where nobody is at it. */
const HOSTS =
  'host|organizer|organiser|veranstalter|veranstalterin|gastgeber|organizador|organizadora|organisateur|organizzatore';
/** Of those that stand beside leads, who sells or has something: beside a name, never how its person is reached. */
const OTHERS =
  'landlord|lessor|seller|owner|vermieter|verkaufer|verkauferin|eigentumer|vendedor|vendedora|propietario|arrendador|proprietario|vendeur|proprietaire|bailleur|venditore|verhuurder|verkoper|besitzer|besitzerin';
/** Which of them. */
const WHICH =
  '(?:(?:listing|selling|sales|account|contact|lead|deal|record|company|opportunity|property|real estate) )?';

const ROLES = `${THEMSELVES}|${BESIDE}|${HOSTS}|${OTHERS}|${WHICH}(?:${AT_HAND}|${OTHERS})`;
/** One of them, which two words may be for, or one of several: `Parent/Guardian 1`. */
const ROLE = `(?:${ROLES})(?: (?:or |and |oder |und |o |ou |e )?(?:${ROLES}))?(?: [1-4])?`;
const BEFORE = new RegExp(`^(${ROLE})(?: s)? (.+)$`);
const BEHIND = new RegExp(`^(.+?) (?:des |der |of the |of |do |da |del |de la |de |du |di |dell )?(${ROLE})$`);
const [isThemselves, isAtHand, isHost, isBeside, isOther] = [
  THEMSELVES,
  `${WHICH}(?:${AT_HAND})`,
  HOSTS,
  `${BESIDE}|${HOSTS}|${WHICH}(?:${OTHERS}|${AT_HAND})`,
  `${HOSTS}|${WHICH}(?:${OTHERS}|${AT_HAND})`,
].map((roles) => new RegExp(`^(?:${roles})(?: |$)`));
/** What is called so with no word for a name: a bill's number is not. */
const BARE = new RegExp(`^(?:${THEMSELVES}|parent|guardian)$`);
const NEVER_BARE = /^(?:billing|rechnung|interesse)$/;

const NAMES = ['contact_name', 'first_name', 'last_name'];
const REACHED = ['email', 'phone'];

/** What a column is of somebody: a field, and whose by a word for that in its heading. */
interface OfSomebody {
  readonly column: SampledColumn;
  readonly target: string;
  readonly role: string | undefined;
}

/** Which columns are of whoever the leads are, in a list of several people in each row. */
export interface PeopleColumns {
  /** Heading → field, of columns whose headings say so only beside others of the same person. */
  readonly more: ReadonlyMap<string, string>;
  /** Columns of somebody else. */
  readonly others: ReadonlySet<SampledColumn>;
}

/** Of a list in which nobody stands beside the lead. */
export const NOBODY_ELSE: PeopleColumns = { more: new Map(), others: new Set() };

/** Numbers of orders, as shops write them under `Name`: `#1001`. */
const ORDER = /^#\s?[\p{L}\d-]{0,20}\d[\p{L}-]{0,10}$/u;

/** Whether cells are numbers of something, and no names. */
export function areOrders(cells: readonly string[]): boolean {
  return cells.length > 0 && cells.every((cell) => ORDER.test(cell));
}

/**
 * Takes the columns of one person for the lead's where no name stands alone: of `Buyer …` and `Attendee …` name, address and
 * phone go together. It is whoever can be reached, rather whom such lists are about, of whom most is known, and who comes first.
 */
export function peopleColumns(columns: readonly SampledColumn[]): PeopleColumns {
  const found = columns.flatMap((column) => ofSomebody(column) ?? []);
  const has = (of: readonly OfSomebody[], targets: readonly string[]): boolean =>
    of.some(({ column, target }) => targets.includes(target) && column.cells.length > 0 && !areOrders(column.cells));
  const alone = found.filter(({ role }) => role === undefined);
  if (has(alone, NAMES)) return { more: new Map(), others: ofOthers(columns, isOther) };
  const people = [
    ...Map.groupBy(
      found.filter(({ role }) => role !== undefined),
      ({ role }) => role ?? '',
    ),
  ];
  const isReachedAlone = has(alone, REACHED);
  const isKnown = (of: readonly OfSomebody[]): boolean =>
    of.some(({ column: { name }, target }) => NAMES.includes(target) && targetNamed(name) !== undefined);
  const isAttended = people.some(([role, of]) => isThemselves?.test(role) && has(of, NAMES));
  const [chosen] = people
    .filter(([role, of]) => !isAtHand?.test(role) && has(of, NAMES) && !(isAttended && isHost?.test(role)))
    .filter(([, of]) => isKnown(of) || (has(of, REACHED) && !isReachedAlone))
    .toSorted(([role, of], [other, more]) => rank(other, more) - rank(role, of));
  if (!chosen) return { more: new Map(), others: ofOthers(columns, isReachedAlone ? isOther : isAtHand) };
  const [whose, own] = chosen;
  return {
    more: new Map(own.map(({ column: { name }, target }) => [name, target])),
    others: new Set(found.filter(({ role }) => role !== undefined && role !== whose).map(({ column }) => column)),
  };
}

function rank(role: string, of: readonly OfSomebody[]): number {
  const known = new Set(
    of.flatMap(({ column: { cells }, target }) => (cells.length === 0 ? [] : NAMES.includes(target) ? 'name' : target)),
  );
  const isReached = REACHED.some((target) => known.has(target));
  return (isReached ? 20 : 0) + (isThemselves?.test(role) ? 10 : 0) + known.size;
}

/** The columns of addresses and phones, by heading or cells, of somebody who is never how the lead is reached. */
function ofOthers(columns: readonly SampledColumn[], isSuch: RegExp | undefined): ReadonlySet<SampledColumn> {
  const isTheirs = ({ name, cells }: SampledColumn): boolean => {
    const words = plainWords(name);
    const { role = words, rest } = roleIn(words);
    if (isSuch?.test(role) !== true) return false;
    return rest === undefined ? cells.some((cell) => /@|\d{5}/.test(cell)) : REACHED.includes(targetNamed(rest) ?? '');
  };
  return new Set(columns.filter(isTheirs));
}

/** Whether a heading is of somebody who stands beside whom lists are about, or is at hand for them. */
export function isOfOthers(heading: string): boolean {
  const { role } = roleIn(plainWords(heading));
  return role !== undefined && isBeside?.test(role) === true;
}

/** Whose a heading is, and what of theirs; neither where it has no word for somebody. */
function roleIn(words: string): { readonly role?: string | undefined; readonly rest?: string | undefined } {
  const before = BEFORE.exec(words);
  const behind = before ? null : BEHIND.exec(words);
  return before ? { role: before[1], rest: before[2] } : behind ? { role: behind[2], rest: behind[1] } : {};
}

/** A column of a name, an address or a phone; undefined for others. */
function ofSomebody(column: SampledColumn): OfSomebody | undefined {
  const words = plainWords(column.name);
  const { role, rest } = roleIn(words);
  if (role === undefined && BARE.test(words) && !NEVER_BARE.test(words) && areNames(column.cells))
    return { column, target: 'contact_name', role: words };
  const target = targetNamed(rest ?? column.name);
  return target !== undefined && [...NAMES, ...REACHED].includes(target) ? { column, target, role } : undefined;
}
