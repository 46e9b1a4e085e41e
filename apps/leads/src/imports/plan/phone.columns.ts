import { numbersAmongWords, phonesOf, readPhone } from '../cells/phone.cells.js';
import type { Pace } from '../paced.js';
import { isAreaCodeNamed } from './area.codes.js';
import { areNearlyAll } from './exception.rules.js';
import { inPlainWords, plainWords } from './plain.words.js';
import type { NamedColumn, SampledColumn } from './mapping.proposal.js';

/** As it is dialled from abroad: a number alone could be anything. */
const DIALLED = /^\+[\d ()/.-]{6,30}$/;
/** Digits at the end of a phone by which it is told from others. */
const LAST_DIGITS = 7;
/** Columns of phones that others are compared with: a list has a few, and a file may be made to have hundreds. */
const MOST_COMPARED = 5;

/** Whether a cell is a number as it is dialled from abroad. */
export function isDialled(cell: string): boolean {
  return DIALLED.test(cell);
}

/** Whether nearly all cells are numbers as they are dialled from abroad. */
export function isDialledFromAbroad({ cells }: SampledColumn): boolean {
  return cells.length > 0 && areNearlyAll(cells, isDialled);
}

/** Tells whether most cells of a column are numbers of another one; a few others are looked at, each once. */
export class NumbersOf {
  private readonly others: readonly ReadonlySet<string>[];

  constructor(columns: readonly SampledColumn[]) {
    this.others = columns.slice(0, MOST_COMPARED).map(({ cells }) => new Set(cells.map(lastDigits)));
  }

  /** Whether a column repeats one of the others. */
  isRepeatedBy({ cells }: SampledColumn): boolean {
    if (this.others.length === 0) return false;
    const digits = cells.map(lastDigits);
    return this.others.some((known) => digits.filter((each) => known.has(each)).length * 2 > cells.length);
  }
}

function lastDigits(cell: string): string {
  return cell.replace(/\D/g, '').slice(-LAST_DIGITS);
}

/** A column with phones as they are dialled from abroad before one with the same as at home: the first of a row is its lead's. */
export async function internationalFirst(named: readonly NamedColumn[], pace: Pace): Promise<NamedColumn[]> {
  const phones = named.filter(([, target]) => target === 'phone').map(([column]) => column);
  const abroad = new Set(phones.filter(isDialledFromAbroad));
  const numbers = new NumbersOf([...abroad]);
  const later = new Set<SampledColumn>();
  for (const column of abroad.size > 0 ? phones : []) {
    if (!abroad.has(column) && numbers.isRepeatedBy(column)) later.add(column);
    await pace.after(column.cells);
  }
  const isLater = ([column, target]: NamedColumn): boolean => target === 'phone' && later.has(column);
  return [...named.filter((each) => !isLater(each)), ...named.filter(isLater)];
}

/** Words for phones, whatever else a heading says. */
const PHONE = inPlainWords(
  /(?<!\p{L})(?:tele?f(?:on|oon)\p{L}*|telephon\p{L}*|telepon|phones?|tels?|telp|tlf|tfno|fone?|mob|mobil\p{L}*|mobiel|movil|telemovel|handy\p{L}*|natel|gsm|cell|cellphone|celular\p{L}*|cellular\p{L}*|portable|whats ?app|sms|puhelin\p{L}*|komork\p{L}*|rufnummer|\p{L}+telefon(?:nummer|nr)?|\p{L}+handy|festnetz\p{L}*|land ?line|hp|telem|contact (?:number|no|nr|num)|kontakt ?(?:nummer|nr)|(?:numero|number|num|nro|no|nr|n|n o) (?:de |del |do |di |of )?(?:contact[eo]?|contato|contatto|kontakt)|телефон\p{L}*|тел|мобильн\p{L}*|мобільн\p{L}*|сотов\p{L}*|τηλ\p{L}*|κινητο|[dđ]ien thoai)(?!\p{L})|電話|携帯|电话|手机|手機|전화|휴대|핸드폰|هاتف|جوال|موبايل|تلفن|טלפון|נייד|โทร/u,
);
/** Whose phones are not the lead's, and what nobody answers. */
const NOT_THEIRS =
  /(?<!\p{L})(?:\p{L}*fax|факс|telex|pager|isdn|tty|assisten\p{L}*|assistant\p{L}*|secretar\p{L}*|sekretar\p{L}*|emergency|notfall\p{L}*|emergencia|urgence|manager|supervisor|referr\p{L}*|agent|owner|sales ?rep|besitzer|vendedor)(?!\p{L})/u;
/** Where somebody is called, which says that a column is of phones where its cells do. */
const PLACE =
  /^(?:(?:work|home|office|business|other|direct|direct dial|direct line|ligne directe|durchwahl|arbeit|geschaftlich|dienstlich|privat|buro|trabajo|trabalho|casa|oficina|bureau|travail|domicile|ufficio|lavoro|fijo|fixo|fixe|fisso|fest|vast|stacjonarny|land ?line|festnetz|rede fixa|linea fija|ligne fixe|linea fissa)(?: [1-3])?)$/;
/** Columns that are tried, at most. */
export const MOST_TRIED = 20;
/** Cells that are tried of each, since reading a number takes long. */
export const CELLS_TRIED = 50;
const LONGEST_NUMBER = 60;

/**
 * The column that is the phone by a word in its heading and by nearly all of its cells, where none that is one already is
 * as full. Of several the fullest.
 *
 * @param columns that are nothing yet
 * @param named those that are something
 * @param country ISO 3166, of numbers that name none; null where unknown
 */
export async function phoneByWord(
  columns: readonly SampledColumn[],
  named: readonly NamedColumn[],
  country: string | null,
  pace: Pace,
): Promise<SampledColumn | undefined> {
  const fullest = Math.max(0, ...named.map(([{ cells }, target]) => (target === 'phone' ? cells.length : 0)));
  const candidates = columns
    .filter(({ name, cells }) => cells.length > fullest && isTheirPhone(name))
    .toSorted((a, b) => b.cells.length - a.cells.length)
    .slice(0, MOST_TRIED);
  for (const column of candidates) {
    if (await areNumbers(column, country, pace)) return column;
  }
  return undefined;
}

/** Columns of phones by where somebody is called (`Work`, `Direct Dial`) and by nearly all of their cells: what others lack they have. */
export async function phonesByPlace(
  columns: readonly SampledColumn[],
  country: string | null,
  pace: Pace,
): Promise<SampledColumn[]> {
  const found: SampledColumn[] = [];
  const candidates = columns.filter(({ name, cells }) => cells.length > 0 && PLACE.test(plainWords(name)));
  for (const column of candidates.slice(0, MOST_TRIED)) if (await areNumbers(column, country, pace)) found.push(column);
  return found;
}

/** Whether nearly all cells of a column are numbers that somebody could have; the first of them are tried. */
export async function areNumbers({ cells }: SampledColumn, country: string | null, pace: Pace): Promise<boolean> {
  const tried = cells.slice(0, CELLS_TRIED);
  const numbers = await pace.passing(tried, (cell) => isNumber(cell, country));
  return numbers * 5 >= tried.length * 4;
}

/** Whether a heading has a word for phones in it, whosever they are. */
export function saysPhone(heading: string): boolean {
  return PHONE.test(plainWords(heading));
}

/** `Tel./Fax`: of two numbers in a cell, the second one is the fax. */
const AND_FAX = /(?:[/&+]|\s(?:und|and|y|e|et|en|i)\s)\s*(?:tele)?fax\.?\s*$/iu;

/** Whether a heading has a word for phones in it, and none for somebody else's. */
export function isTheirPhone(heading: string): boolean {
  const words = plainWords(heading.replace(AND_FAX, ''));
  return !isAreaCodeNamed(heading) && PHONE.test(words) && !NOT_THEIRS.test(words);
}

function isNumber(cell: string, country: string | null): boolean {
  if (cell.length > LONGEST_NUMBER) return false;
  return [cell, phonesOf(cell)[0] ?? '', numbersAmongWords(cell)[0] ?? ''].some(
    (each) => readPhone(each, country) !== undefined,
  );
}
