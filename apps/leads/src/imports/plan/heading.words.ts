import { inForm } from '@apollo/contracts';
import { FOREIGN_HEADINGS } from './foreign.headings.js';
import { HEADINGS } from './known.headings.js';

/** Text as headings are compared: without accents, case, marks and the line it was cut into. */
export function plainWords(text: string): string {
  return inForm(text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'), 'NFKD')
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

/** What headings say about whose or which of several a column is; the rest says what it holds. */
const ABOUT = /^(?:person|lead|contact|kontakt|contato|contacto|prospect|cliente|kunde|customer|default address) (?=.)/;
/** Whose a name, a company, an address or a phone is, where what else is so is no lead's: an attendee's id is of one event. */
const WHOSE =
  /^(?:billing|rechnung|rechnungsadresse|facturacion|faturamento|attendee|guest|invitee|participant|teilnehmer|client|buyer|registrant|your|ihr|associated) (?=.)/;
const WHOSE_BEHIND =
  / (?:billing|shipping|rechnung|rechnungsadresse|lieferung|lieferadresse|facturacion|faturamento|attendee|guest|participant|teilnehmer|buyer|kontakt|contato|contacto|контакт)$/;
const ANYBODYS = new Set(['first_name', 'last_name', 'contact_name', 'company', 'email', 'phone']);
const WHICH =
  / ?\b(?:(?:del? |do |da )?(?:trabajo|casa|trabalho|contato|contacto)|work|home|business|geschaftlich|privat|private|primary|main|haupt|other|weitere|personal|particular|comercial|pessoal|principal|residencial|contact|kontakt|[1-4]|value)$/;

/** Which of somebody's addresses a place is of. */
const PLACE_OF =
  /^(?:(?:mailing|billing|home|business|work|company|primary|main|other|office|firma|empresa) )?(?:address\d? |adresse |endereco |direccion )?(?:\d )?(?=.)/;
const PLACES = new Set(['city', 'state', 'country']);

/** A question, up to whose it asks for: `Hi! What's your first name?`. */
const ASKED = /^(?:\p{L}+ ){1,6}(?:your|ihre?[nrsm]?|deine?[nrsm]?|tu|su|votre|ton|seu|sua|uw|je) (?=.)/u;

/** What is looked for in place of a heading's words, for fields of whoever the row is about. */
const OF_ANYBODY: readonly ((words: string) => string)[] = [
  (words) => words.replace(WHOSE, ''),
  (words) => words.replace(WHOSE_BEHIND, ''),
  (words) => words.replace(ASKED, '').replace(/ s(?= )/, ''),
  // As tables of programs number their columns: `emailaddress1`.
  (words) => words.replace(/^(\p{L}{2,})[1-4]$/u, '$1'),
];

const TARGETS: ReadonlyMap<string, string> = new Map(
  [...Object.entries(FOREIGN_HEADINGS), ...Object.entries(HEADINGS)].flatMap(([target, words]) =>
    words.map((word): [string, string] => [plainWords(word), target]),
  ),
);
/** What tables of programs call so is the row's own, or that of another one: `customerid`, `ownerid`. */
const IDS: readonly string[] = ['external_id', 'owner_id'];
/** The same without what separates words: `firstname`, `companyname`. */
const IN_ONE_WORD: ReadonlyMap<string, string> = new Map(
  [...TARGETS]
    .filter(([, target]) => !IDS.includes(target))
    .map(([words, target]) => [words.replaceAll(' ', ''), target]),
);

function targetOfWords(words: string): string | undefined {
  return TARGETS.get(words) ?? (words.includes(' ') ? undefined : IN_ONE_WORD.get(words));
}

/** The target that a heading names, as far as a heading can tell. */
export function targetNamed(heading: string): string | undefined {
  const words = plainWords(heading);
  const about = words.replace(ABOUT, '');
  const place = targetOfWords(words.replace(PLACE_OF, ''));
  return [words, about, words.replace(WHICH, ''), about.replace(WHICH, ''), about.replace(WHICH, '').replace(WHICH, '')]
    .map(targetOfWords)
    .concat(place !== undefined && PLACES.has(place) ? [place] : [])
    .concat(OF_ANYBODY.map((shorter) => targetOfWords(shorter(words))).filter((target) => ANYBODYS.has(target ?? '')))
    .find((target) => target !== undefined);
}

/** What a heading calls a currency by, in the languages that headings are known in. */
const CURRENCY = inPlainWords(
  /(?<!\p{L})(?:currency|currencies|wahrung\p{L}*|moedas?|monedas?|divisas?|devise|valuta|waluta|mena|para birimi|doviz|валюта|ccy|curr?|valuut\p{L}*|valiuta|valyuta|penznem|deviza|mata uang|tien te|νομισμα|通貨|币种|货币|幣別|통화|화폐|幣種|العملة|מטבע)(?!\p{L})/u,
);
/** What has a currency in its heading and is a number. */
const NO_CURRENCY = /\b(?:rate|kurs|umrechnungskurs|wechselkurs|cambio|taxa|exchange|in (?:\w+ )?currency|converted)\b/;

/** Whether a heading says that its column names the currency of the row's amount. */
export function isCurrencyNamed(heading: string): boolean {
  const words = plainWords(heading);
  return CURRENCY.test(words) && !NO_CURRENCY.test(words);
}

/** Whether a heading leaves open of what its column names the currency: neither of other amounts nor of a rate. */
function isAboutNoCurrency(heading: string): boolean {
  const words = plainWords(heading);
  return ![CURRENCY, NO_CURRENCY, MONEY].some((shape) => shape.test(words));
}

/** The columns of a list that name currencies, found once for all its amounts. */
export class CurrencyColumns {
  /** What of other amounts the heading of each says. */
  private readonly amounts: ReadonlyMap<number, string | undefined>;
  private readonly shown: readonly number[];

  /** @param shown columns that name currencies by their cells, whatever their headings say */
  constructor(
    private readonly names: readonly string[],
    shown: readonly number[] = [],
  ) {
    this.shown = shown.filter((at) => isAboutNoCurrency(names[at] ?? ''));
    this.amounts = new Map(
      names.flatMap((name, at) => (isCurrencyNamed(name) ? [[at, amountNamed(name)] as const] : [])),
    );
  }

  /** The column with the currency of a column of amounts: the nearest one that is none of other amounts; undefined where there is none. */
  of(amounts: number): number | undefined {
    const amount = amountNamed(this.names[amounts] ?? '');
    const named = [...this.amounts].filter(([, of]) => of === undefined || of === amount).map(([at]) => at);
    const beside = this.shown.filter((at) => Math.abs(at - amounts) <= BESIDE);
    return nearest(named, amounts) ?? nearest(beside, amounts);
  }
}

/** Columns between which an amount and its currency stand at most, where no heading says that it is that. */
const BESIDE = 2;

/** Behind an amount rather than before it, where both are as near. */
function nearest(columns: readonly number[], amounts: number): number | undefined {
  return columns.toSorted((a, b) => Math.abs(a - amounts - 0.1) - Math.abs(b - amounts - 0.1))[0];
}

function amountNamed(heading: string): string | undefined {
  return MONEY.exec(plainWords(heading))?.[0];
}

const DIAL_CODE =
  /^(?:(?:phone|telephone|mobile|whatsapp) )?(?:country(?: calling| dial(?:ing)?)?|calling|dial(?:l?ing)?) (?:code|prefix)$|^(?:ddi|codigo (?:de |do )?pais|(?:lander|landes|internationale )?vorwahl|prefixo internacional|prefijo internacional|indicatif(?: pays)?|prefisso internazionale)$/;

/** Whether a heading says that its column names the codes that are dialled before numbers of countries. */
export function isDialCodeNamed(heading: string): boolean {
  return DIAL_CODE.test(plainWords(heading));
}

/** Of columns whose numbers count something, so that a mark before three digits stands between thousands. */
const COUNTS =
  /\b(?:number of|no of|count|employees|headcount|anzahl|mitarbeiter|mitarbeiterzahl|numero de|quantidade|funcionarios|cantidad|empleados|quantity|views|visits)\b/;

/** Whether a heading says that its column counts something whole. */
export function countsNamed(heading: string): boolean {
  return COUNTS.test(plainWords(heading));
}

/** Of columns whose numbers are amounts of money, besides those that a lead's value is called by. */
const MONEY =
  /\b(?:revenue|turnover|budget|price|salary|income|cost|umsatz|jahresumsatz|preis|gehalt|receita|faturamento|preco|orcamento|custo|ingresos|facturacion|precio|presupuesto|costo)\b/;

/** Whether a heading says that its column holds amounts of money. */
export function moneyNamed(heading: string): boolean {
  return targetNamed(heading) === 'value' || MONEY.test(plainWords(heading));
}

/** Codes that may be written in digits: of places, of taxes, of people and things. */
const CODES =
  /\b(?:plz|postleitzahl|zip|(?:postal|post|zip|pin) ?code|area code|code ?postal|codigo ?postal|codice postale|kod pocztowy|posta kodu|postnummer|eircode|cep|cp|cnpj|cpf|rg|nif|nie|cif|dni|nit|rut|rfc|cuit|curp|ssn|ein|ust id|ustid|steuernummer|tax (?:id|number|no)|vat(?: (?:id|number|no|nr|reg no))?(?= ?\d*$)|iban|bic|swift|blz|kontonummer|account number|sku|ean|gtin|upc|isbn|imei|barcode|artikelnummer)\b/;

/** Whether a heading says that its column holds codes: text, though some or all are of digits. */
export function codeNamed(heading: string): boolean {
  return CODES.test(plainWords(heading)) || isDialCodeNamed(heading);
}

/** Of columns whose names have the last one first, as `Doe, Jane`. */
const LAST_NAME_FIRST =
  /^(?:nachname vorname|name vorname|last name first name|apellidos (?:y )?nombre|nom (?:et )?prenom|nazwisko i imie|cognome e nome)$/;

/** Whether a heading says that a comma stands behind the last name, and the first one behind that. */
export function lastNameFirst(heading: string): boolean {
  return LAST_NAME_FIRST.test(plainWords(heading));
}

/** Of columns that call a deal by something, where another column calls the person. */
const DEAL_TITLE = /^(?:nome do lead|nombre del lead|lead name)$/;

/** Whether a heading may be the title of a deal as well as a name. */
export function mayBeTitle(heading: string): boolean {
  return DEAL_TITLE.test(plainWords(heading));
}

/** Of the two companies of a deal's export, which are mostly one. */
const COMPANY_OF = /^empresa (?:do|del) (?:lead|contato|contacto)$/;

/** Whether a heading is of a company that another column may name as well. */
export function isCompanyOf(heading: string): boolean {
  return COMPANY_OF.test(plainWords(heading));
}

/** Of columns of days, whatever their cells look like. */
const DATES =
  /\b(?:date|day|birthday|\w*datum|geburtstag|fecha|dia|nacimiento|cumpleanos|data|aniversario|nascimento|since|seit|desde)\b/;

/** Whether a heading says that its column holds days. */
export function dateNamed(heading: string): boolean {
  return targetNamed(heading) === 'created_at' || DATES.test(plainWords(heading));
}
