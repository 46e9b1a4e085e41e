import type { NamedColumn, SampledColumn } from './mapping.proposal.js';
import { plainWords } from './plain.words.js';

/** Whom a list of companies is about. */
const WHOM =
  /^(?:name|nome|nombre|nom|naam|namn|navn)$|^(?:(?:nome|nombre|nom|name) (?:del? |do |da |du |des )?)?(?:customer|client|kunden?|cliente|klient|klant|kund|party|mandant|auftraggeber)(?: ?na(?:me|am|mn))?$/;
/** Who is spoken with there. */
const PERSON =
  /(?<!\p{L})(?:contact|kontakt|contacto|contato|contatto|contactpersoon|kontaktperson|ansprechpartner|ansprechpartnerin|ansprechperson|referente|yetkili|interlocuteur|interlocutor)(?!\p{L})/u;

/**
 * Columns as they are named, with one of companies where a list has people to speak with and names whom they are of:
 * `Customer` beside `Contact`, `Name` beside `Ansprechpartner`.
 */
export function withCompany(columns: readonly SampledColumn[], named: readonly NamedColumn[]): readonly NamedColumn[] {
  const filled = named.filter(([{ cells }]) => cells.length > 0);
  if (filled.some(([, target]) => target === 'company' || target === 'first_name' || target === 'last_name'))
    return named;
  const people = filled.filter(
    ([column, target]) => target === 'contact_name' && PERSON.test(plainWords(column.name)) && holdsNames(column),
  );
  const company = columns.find(({ name, cells }) => cells.length > 0 && WHOM.test(plainWords(name)));
  if (people.length === 0 || company === undefined || !holdsNames(company)) return named;
  return [...named.filter(([column]) => column !== company), [company, 'company']];
}

/** Whether most cells may be names: others are numbers and addresses by which somebody is reached. */
function holdsNames({ cells }: SampledColumn): boolean {
  const names = cells.filter((cell) => /\p{L}/u.test(cell) && !/@|\d{4}/.test(cell));
  return names.length * 2 >= cells.length;
}
