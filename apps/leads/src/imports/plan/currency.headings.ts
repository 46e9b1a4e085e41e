import { CURRENCIES } from '@apollo/contracts';
import { currencyNamed } from '../cells/currency.marks.js';
import { saysNothing } from '../rows/empty.words.js';
import { CurrencyColumns, isCurrencyNamed, isRateNamed, moneyNamed } from './heading.words.js';
import { areNearlyAll } from './exception.rules.js';
import { plainWords } from './plain.words.js';
import type { SampledColumn } from './mapping.proposal.js';

/** `Umsatz (€)`, `Revenue [in USD]`, `Betrag in €`, `Umsatz €`, `Revenue, EUR` */
const IN_BRACKETS = /[([](?<name>[^()[\]]{1,16})[)\]]$/u;
const BEHIND = /[\s,:-](?:in\s)?(?<name>(?:[A-Z]{1,2})?\p{Sc}|[A-Z]{3}|Euros?)$/u;
/** What a mark is told from a unit by, as `ft` and `l` are: a sign of currencies, a code, or a name of one. */
const SURE = /\p{Sc}|^[A-Z]{3}$|^euros?$/iu;
/** Codes that are words of headings as well. */
const WORDS: ReadonlySet<string> = new Set(['ALL', 'TOP', 'CUP', 'PEN', 'GEL', 'MOP', 'MAD', 'TRY', 'LAK', 'COP']);

/**
 * The currency that a heading says its amounts are in; undefined for none, and for a mark that stands for several. A code
 * without brackets, or that is a word, says so of amounts alone.
 *
 * @param own ISO 4217 of the organization, which decides where a mark is of several
 */
export function headingCurrency(heading: string, own: string | null): string | undefined {
  const text = heading.trim();
  if (isCurrencyNamed(text) || isRateNamed(text)) return undefined;
  const inBrackets = IN_BRACKETS.exec(text);
  const found = inBrackets ?? BEHIND.exec(text);
  const name = found?.groups?.['name']?.trim().replace(/^in\s+/u, '');
  if (name === undefined) return undefined;
  const currency = currencyNamed(name, own);
  if (/\p{Sc}/u.test(name)) return currency;
  const isAmount = moneyNamed(text.slice(0, found?.index));
  if (!SURE.test(name)) return isAmount && currency === own && own !== null ? currency : undefined;
  const isCode = CURRENCIES.has(name);
  if (/^[A-Z]{3}$/.test(name) && !isCode) return undefined;
  return isAmount || (inBrackets !== null && isCode && !WORDS.has(name)) ? currency : undefined;
}

const WHOSE = 'order|cart|lineitem|line item|item|invoice|grand|net|gross|outstanding|bestellung|rechnung';
const WHAT = [
  ...[
    'sub ?total',
    'totals?',
    'shipping',
    'tax(?:es)?(?: \\d)?',
    'discounts?',
    'paid',
    'balance',
    'amount',
    'refund(?:ed)?',
  ],
  ...[
    '(?:zwischen|gesamt)?summe',
    'gesamt',
    'versand',
    'steuern?',
    'rabatt',
    'envio',
    'impuestos?',
    'descuento',
    'frete',
  ],
  ...['impostos?', 'desconto', 'livraison', 'remise', 'sous total', 'spedizione', 'sconto'],
];
const MORE = 'amount|price|cost|value|total|tax|due|paid|betrag|kosten|balance';
/** Of columns that are amounts where a column beside them names currencies: elsewhere they may count something. */
const PAID = new RegExp(`^(?:(?:${WHOSE}) ){0,2}(?:${WHAT.join('|')})(?: (?:${MORE})){0,2}$`);

/** Whether a heading is of amounts beside currencies, or beside words for what is paid. */
export function isPaidNamed(heading: string): boolean {
  return PAID.test(plainWords(heading));
}

/** Which columns hold amounts of money by their headings, or by a column of currencies beside one of amounts. */
export class MoneyHeadings {
  private readonly places: ReadonlyMap<string, number>;
  private readonly currencies: CurrencyColumns;
  /** Place of a column of currencies → the first that it names, where nearly all of its cells do. */
  private readonly named = new Map<number, string | undefined>();

  /** @param own ISO 4217 of the organization; null when unknown */
  constructor(
    private readonly columns: readonly SampledColumn[],
    private readonly own: string | null,
  ) {
    const names = columns.map(({ name }) => name);
    this.places = new Map(names.map((name, at) => [name, at]));
    this.currencies = new CurrencyColumns(names);
  }

  /** A currency that the column's amounts are in, as far as its heading and the column beside it tell; undefined where they do not. */
  of(name: string): string | undefined {
    const named = headingCurrency(name, this.own);
    if (named !== undefined || !(moneyNamed(name) || isPaidNamed(name))) return named;
    const beside = this.currencies.of(this.places.get(name) ?? -1);
    return beside === undefined ? undefined : this.namedBy(beside);
  }

  private namedBy(place: number): string | undefined {
    if (!this.named.has(place)) {
      const cells = (this.columns[place]?.cells ?? []).filter((cell) => !saysNothing(cell, 'strict'));
      const named = new Map([...new Set(cells)].map((cell) => [cell, currencyNamed(cell, this.own)]));
      const areThey = areNearlyAll(cells, (cell) => named.get(cell) !== undefined);
      const [first] = [...named.values()].filter((currency) => currency !== undefined);
      this.named.set(place, areThey ? first : undefined);
    }
    return this.named.get(place);
  }
}
