import { FOREIGN_HEADINGS } from './foreign.headings.js';
import { HEADINGS } from './known.headings.js';
import { inPlainWords, plainWords } from './plain.words.js';
import { nameOrder } from './whole.names.js';

type Targets = ReadonlySet<string>;
const ANYBODYS: Targets = new Set(['first_name', 'last_name', 'contact_name', 'company', 'email', 'phone']);
const PLACES: Targets = new Set(['city', 'state', 'country']);
const OF_DEALS: Targets = new Set(['value', 'stage']);
const REACHED: Targets = new Set(['email', 'phone']);
const NAMED: Targets = new Set(['company', 'contact_name']);
const PARTS: Targets = new Set(['first_name', 'middle_name', 'last_name']);

/** What headings say about whose or which of several a column is; the rest says what it holds. */
const ABOUT =
  /^(?:person|persona|personne|pessoa|lead|contact|kontakt|contato|contacto|prospect|cliente|kunde|customer|default address) (?=.)/;
const WHICH =
  / ?\b(?:(?:del? |do |da )?(?:trabajo|casa|trabalho|contato|contacto)|work|home|business|geschaftlich|privat|private|primar[yi]\w*|main|haupt|other|weitere|personal|particular|comercial|pessoal|principale?|residencial|travail|bureau|domicile|professionnel|pro|lavoro|ufficio|werk|contact|kontakt|[1-4]|value)$/;
/** Whose a name, a company, an address or a phone is, where what else is so is no lead's: an attendee's id is of one event. */
const WHOSE =
  /^(?:billing|bill to|sold to|subscriber|interessent|interessentin|rechnung|rechnungsadresse|facturacion|faturamento|attendee|guest|invitee|participant|teilnehmer|client|buyer|registrant|visitor|sender|your|ihr|associated) (?=.)/;
const WHOSE_BEHIND =
  / (?:billing|shipping|rechnung|rechnungsadresse|lieferung|lieferadresse|facturacion|faturamento|attendee|guest|participant|teilnehmer|buyer|kontakt|contato|contacto|контакт)$/;
/** Which of several it is, before it. */
const FIRST_OF = /^(?:primary|main|principale?|primare[rsn]?|haupt|hoofd) (?=.)/;
/** A question, up to whose it asks for: `Hi! What's your first name?`. */
const ASKED = /^(?:\p{L}+ ){1,6}(?:your|ihre?[nrsm]?|deine?[nrsm]?|tu|su|votre|ton|seu|sua|uw|je) (?=.)/u;
/** Which of somebody's addresses a place is of. */
const PLACE_OF =
  /^(?:(?:mailing|billing|home|business|work|company|primary|main|other|office|sender|firma|empresa) )?(?:address\d? |adresse |endereco |direccion )?(?:\d )?(?=.)/;
const OF_DEAL =
  /^(?:deal|opportunity|negocio|trato|oportunidade?|affaire|opportunite|affare|opportunita|geschaft) (?=.)/;
const NAME = '(?:name|nome|nombre|nom|naam|namn|navn)';
/** What a row is about where it is about nobody: `Deal - Contact person`. Its own name is no person's. */
const OF_RECORD = inPlainWords(
  new RegExp(
    '^(?:deal|opportunity|negocio|trato|oportunidade?|affaire|opportunite|affare|opportunita|geschaft|verkaufschance|' +
      'szansa sprzedaży|transakcja|anlaşma|fırsat|сделка|угода|activity|aktivitat|atividade|actividad|activite|attivita|' +
      'activiteit|aktywnosc|aktivite|активность|project|projekt|projet|proyecto|projeto|progetto|ticket) ' +
      `(?!(?:full |display )?${NAME}(?: complet[eo]?)?$)(?=.)`,
    'u',
  ),
);
/** Whom or what a name is of: `Organização - Nome`, `Name der Firma`. */
const NAME_OF = new RegExp(
  `^${NAME}(?: (?:of|of the|des|der|von|del?|de la|de l|do|da|du|di|della|dell|van|van de|van het))? (?=.)`,
);
const OF_NAME = new RegExp(`(?<!\\d) ${NAME}$`);
/** What a part is of, as forms have it before that: `Full Name - First Name`, `Name - Vorname`, `Full Name (First)`. */
const PART_OF = new RegExp(`^(?:full |vollstandiger |your |ihr )?${NAME}(?: complet[eo]?)? (?=.)`);
const PART_BEHIND = /^full (?=name (?:first|middle|last)$)/;
/** Of women as well: `Ansprechpartner/in`. */
const OR_HER = /(?<=\p{L}{4}) in(?:nen)?$/u;

/** Ways to say a heading in fewer words, and what it has to be then; anything where that is not said. */
const SHORTER: readonly { readonly shorter: (words: string) => string; readonly only?: Targets }[] = [
  { shorter: (words) => words.replace(ABOUT, '') },
  { shorter: (words) => words.replace(WHICH, '') },
  { shorter: (words) => words.replace(PLACE_OF, ''), only: PLACES },
  { shorter: (words) => words.replace(OF_DEAL, ''), only: OF_DEALS },
  { shorter: (words) => words.replace(OF_RECORD, ''), only: NAMED },
  { shorter: (words) => words.replace(NAME_OF, '').replace(OF_NAME, ''), only: NAMED },
  { shorter: (words) => words.replace(PART_OF, ''), only: PARTS },
  { shorter: (words) => words.replace(PART_BEHIND, ''), only: PARTS },
  { shorter: (words) => words.replace(WHOSE, ''), only: ANYBODYS },
  { shorter: (words) => words.replace(WHOSE_BEHIND, ''), only: ANYBODYS },
  { shorter: (words) => words.replace(FIRST_OF, ''), only: ANYBODYS },
  { shorter: (words) => words.replace(ASKED, '').replace(/ s(?= )/, ''), only: ANYBODYS },
  { shorter: (words) => words.replace(OR_HER, ''), only: ANYBODYS },
  // Outlook's `E-mail 2 Address`.
  { shorter: (words) => words.replace(/ [1-4](?= \p{L})/u, ''), only: REACHED },
  // As tables of programs number their columns: `emailaddress1`.
  { shorter: (words) => words.replace(/^(\p{L}{2,})[1-4]$/u, '$1'), only: ANYBODYS },
];
/** Words that are left out one behind the other, at most. */
const MOST_SHORTENED = 3;

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
  if (!words.includes(' ')) return TARGETS.get(words) ?? IN_ONE_WORD.get(words);
  return TARGETS.get(words) ?? (nameOrder(words) && 'contact_name');
}

/** What stands between words for the same thing: `Firma / Account`, `Company or organization`. */
const OR =
  /[/|]|\s(?:or|oder|ou|o|of|eller|lub|nebo|alebo|vagy|sau|ili|veya|ya da|tai|arba|atau|hoặc|или|або|ή|או|أو)\s/iu;

/** `Betrag in €` */
const IN_CURRENCY = /\sin\s\p{Sc}$/u;

/** What words name, in as few steps to fewer words as possible. */
function targetShortened(heading: string): string | undefined {
  const seen = new Set<string>();
  // A name or a company is no company's name.
  const shorters = OR.test(heading) ? SHORTER.filter(({ only }) => only !== NAMED) : SHORTER;
  const words = plainWords(heading.replace(IN_CURRENCY, ''));
  let ways: { readonly words: string; readonly only: readonly Targets[] }[] = [{ words, only: [] }];
  for (let steps = 0; steps <= MOST_SHORTENED; steps++) {
    for (const { words, only } of ways) {
      const target = targetOfWords(words);
      if (target !== undefined && only.every((targets) => targets.has(target))) return target;
      seen.add(words);
    }
    ways = ways.flatMap(({ words, only }) =>
      shorters.map(({ shorter, only: more }) => ({ words: shorter(words), only: more ? [...only, more] : only })),
    );
    ways = ways.filter(({ words }) => !seen.has(words));
  }
  return undefined;
}

/** Whether a heading is of whoever stands behind a deal, an activity or the like, whom another column may name as well. */
export function isOfRecord(heading: string): boolean {
  return OF_RECORD.test(plainWords(heading));
}

const MOST_JOINED = 4;

/** What all of several joined words name; undefined where one of them names something else, or nothing. */
function targetOfJoined(heading: string): string | undefined {
  const parts = heading.split(OR, MOST_JOINED + 1);
  if (parts.length < 2 || parts.length > MOST_JOINED) return undefined;
  const [target, ...others] = parts.map(targetShortened);
  return others.every((other) => other === target) ? target : undefined;
}

/** The zone that times are of, behind a heading: `Create date (CET)`, `Created At (UTC+0)`. */
const ZONE =
  /\((?:(?:UTC|GMT)(?:\s?(?<sign>[+-])(?<hours>0?\d|1[0-4])(?::?(?<minutes>00|15|30|45))?)?|[A-Z]{3,5}|[A-Z]\p{L}+\/[A-Z][\p{L}_]+)\)$/u;

/** The zone that a heading says its times are of, as far as it says that by hours: `UTC`, `+02:00`; undefined else. */
export function zoneNamed(heading: string): string | undefined {
  const found = ZONE.exec(heading.trim());
  if (!found || !/^\((?:UTC|GMT)/.test(found[0])) return undefined;
  const { sign, hours = '', minutes = '00' } = found.groups ?? {};
  return sign === undefined ? 'UTC' : `${sign}${hours.padStart(2, '0')}:${minutes}`;
}

/** The target that a heading names, as far as a heading can tell. */
export function targetNamed(heading: string): string | undefined {
  const target = targetShortened(heading) ?? targetOfJoined(heading);
  const timeless = heading.trim().replace(ZONE, '');
  if (target !== undefined || timeless === heading.trim()) return target;
  const timed = targetShortened(timeless);
  return timed === 'created_at' ? timed : undefined;
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

/** Whether a heading says that its column holds rates between currencies, or what was converted. */
export function isRateNamed(heading: string): boolean {
  return NO_CURRENCY.test(plainWords(heading));
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
  /\b(?:revenue|turnover|budget|prices?|salary|income|costs?|fees?|umsatz|\w+umsatz|preis|\w+preis|gehalt|honorar|kosten|receita|faturamento|preco|orcamento|custo|ingresos|facturacion|precio|presupuesto|costo|prix|chiffre d affaires|salaire|prezzo|fatturato|stipendio|prijs|omzet|cena)\b/;

/** Whether a heading says that its column holds amounts of money. */
export function moneyNamed(heading: string): boolean {
  return targetNamed(heading) === 'value' || MONEY.test(plainWords(heading));
}

/** Whether a heading says that a comma stands behind the last name, and the first one behind that. */
export function lastNameFirst(heading: string): boolean {
  return nameOrder(plainWords(heading)) === 'last name first';
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

/** Of columns of moments, as programs call them: `last_seen_at`, `Timestamp`. */
const MOMENTS = /(?:^| )(?:timestamp|time stamp|zeitstempel|zeit|epoch|unix|time|at|hora|heure)$/;

/** Whether a heading says that its column holds days, or moments. */
export function momentNamed(heading: string): boolean {
  return dateNamed(heading) || MOMENTS.test(plainWords(heading));
}
