import { saysNothing } from '../rows/empty.words.js';
import type { NamedColumn, SampledColumn } from './mapping.proposal.js';
import { plainWords } from './plain.words.js';

/** Whom a list of companies is about. */
const WHOM =
  /^(?:name|nome|nombre|nom|naam|namn|navn)$|^(?:(?:nome|nombre|nom|name) (?:del? |do |da |du |des )?)?(?:customer|client|kunden?|cliente|klient|klant|kund|party|mandant|auftraggeber)(?: ?na(?:me|am|mn))?$/;
const NAME = /^(?:name|nome|nombre|nom|naam|namn|navn)$/;
/** Who is spoken with there. */
const PERSON =
  /(?<!\p{L})(?:contact|kontakt|contacto|contato|contatto|contactpersoon|kontaktperson|ansprechpartner|ansprechpartnerin|ansprechperson|referente|yetkili|interlocuteur|interlocutor)(?!\p{L})/u;

/** Whoever buys, person or company. */
const CUSTOMER = /^(?:customer|client|kunden?|cliente|klient|klant|kund|mandant|auftraggeber)$/;
/** What companies are called by their law: every language has some. */
const LEGAL_FORM =
  /(?<![\p{L}.])(?:gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|e\.?\s?k\.?|e\.?\s?v\.?|ltd|limited|plc|llc|llp|inc|corp|corporation|co|company|s\.?a\.?s?|s\.?l\.?u?|s\.?r\.?l\.?|s\.?p\.?a|sarl|eurl|lda|ltda|eireli|b\.?v|n\.?v|a\.?\/?s|aps|ab|oy|oyj|as|asa|s\.?r\.?o|d\.?o\.?o|sp\.? z o\.?\s?o|kft|zrt|ооо|оао|зао|ип|тов|şti|a\.?ş|pty|pvt|kk)\.?(?:\s&\sco\.?(?:\s?kg)?)?$|(?:株式会社|有限公司|有限会社|주식회사)/iu;

/**
 * Columns as they are named, with one of companies where a list has people to speak with and names whom they are of:
 * `Customer` beside `Contact`, `Name` beside `Ansprechpartner`.
 */
export function withCompany(columns: readonly SampledColumn[], named: readonly NamedColumn[]): readonly NamedColumn[] {
  const filled = named.filter(([{ cells }]) => cells.length > 0);
  if (filled.some(([, target]) => target === 'company' || target === 'first_name' || target === 'last_name'))
    return named;
  const byForm = byLegalForm(columns, filled);
  if (byForm) return [...named.filter(([column]) => !byForm.some(([each]) => each === column)), ...byForm];
  const people = filled.filter(
    ([column, target]) => target === 'contact_name' && PERSON.test(plainWords(column.name)) && holdsNames(column),
  );
  const company = columns.find(({ name, cells }) => cells.length > 0 && WHOM.test(plainWords(name)));
  if (people.length === 0 || company === undefined || !holdsNames(company)) return named;
  return [...named.filter(([column]) => column !== company), [company, 'company']];
}

/** Of `Customer` beside `Name`, which may be a company and its person or the other way round, what their cells show. */
function byLegalForm(columns: readonly SampledColumn[], filled: readonly NamedColumn[]): NamedColumn[] | undefined {
  const customer = columns.find(({ name, cells }) => cells.length > 0 && CUSTOMER.test(plainWords(name)));
  const [name] =
    filled.find(([column, target]) => target === 'contact_name' && NAME.test(plainWords(column.name))) ?? [];
  if (!customer || !name || ![customer, name].every(holdsNames)) return undefined;
  const [isCustomer, isName] = [areCompanies(customer), areCompanies(name)];
  if (isCustomer === isName) return undefined;
  return [
    [isCustomer ? customer : name, 'company'],
    [isCustomer ? name : customer, 'contact_name'],
  ];
}

/** Whether a good part of some names has a legal form. */
export function areCompanies({ cells }: SampledColumn): boolean {
  return cells.filter((cell) => LEGAL_FORM.test(cell)).length * 3 >= cells.length;
}

/** Whether most cells may be names: others are numbers and addresses by which somebody is reached. */
function holdsNames({ cells }: SampledColumn): boolean {
  const names = cells.filter((cell) => /\p{L}/u.test(cell) && !/@|\d{4}/.test(cell));
  return names.length * 2 >= cells.length;
}

/** Of so many companies of a column one may stand beside another one: more of them are companies of something else. */
const COMPANIES_PER_OTHER = 20;

/** The columns of a list that name the company of its rows: what one lacks another one has. */
export class CompanyColumns {
  /** Row → the company that it has by the columns before. */
  private readonly known = new Map<number, string>();

  /** Takes a column as one of them, where hardly any of its cells stands beside another company. @returns whether it was */
  isTaken({ cells, rows }: SampledColumn, isSure: boolean): boolean {
    const own = cells
      .map((cell, at) => ({ row: rows?.[at] ?? at, company: cell.toLowerCase(), isNone: saysNothing(cell, 'place') }))
      .filter(({ isNone }) => !isNone);
    const others = own.filter(({ row, company }) => (this.known.get(row) ?? company) !== company);
    if (!isSure && others.length * COMPANIES_PER_OTHER > own.length) return false;
    for (const { row, company } of own) if (!this.known.has(row)) this.known.set(row, company);
    return true;
  }
}
