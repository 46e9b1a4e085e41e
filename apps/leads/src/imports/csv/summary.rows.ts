import { CURRENCIES, legible } from '@apollo/contracts';

/** What sums rows up, in small, alone in its cell or before a colon or a figure. */
const SUMS = [
  ...[
    'total',
    'totals',
    'grand total',
    'grand totals',
    'gesamtsummen',
    'sumas',
    'subtotal',
    'sub total',
    'sub-total',
    'sum',
    'total general',
    'total geral',
  ],
  ...['gesamt', 'gesamtsumme', 'gesamtbetrag', 'summe', 'zwischensumme', 'anzahl', 'durchschnitt', 'mittelwert'],
  ...[
    'suma',
    'soma',
    'totais',
    'totales',
    'totale',
    'totaal',
    'subtotaal',
    'sous-total',
    'sous total',
    'totalt',
    'i alt',
  ],
  ...['grand totals', 'subtotals', 'gesamtsummen', 'zwischensummen', 'totais gerais', 'totales generales', 'totaux'],
  ...['tax', 'sales tax', 'vat', 'mwst', 'mwst.', 'ust', 'umsatzsteuer', 'mehrwertsteuer'],
  ...['average', 'avg', 'count', 'promedio', 'média', 'moyenne', 'media', 'średnia', 'razem', 'łącznie', 'celkem'],
  ...['toplam', 'ara toplam', 'genel toplam', 'összesen', 'итого', 'всего', 'сумма', 'разом', 'усього', 'σύνολο'],
  ...['合計', '小計', '総計', '平均', '总计', '合计', '小计', '總計', '합계', '총계', 'المجموع', 'الإجمالي', 'סה"כ'],
  ...['endsumme', 'endbetrag', 'nettosumme', 'bruttosumme', 'insgesamt', 'suma total', 'importe total', 'valor total'],
  ...['total général', 'total generale', 'totale generale', 'montant total', 'somme', 'net total', 'gross total'],
  ...['total net', 'total ht', 'total ttc', 'eindtotaal', 'totaalbedrag', 'summa', 'yhteensä', 'kokku', 'ogółem'],
  ...['součet', 'súčet', 'spolu', 'ukupno', 'skupaj', 'viso', 'kopā', 'общо', 'сума', 'загалом', 'jumlah', 'tổng'],
  ...['tổng cộng', 'รวม', 'ยอดรวม', 'कुल', 'योग', 'סך הכל', 'סהכ', 'مجموع', 'إجمالي', 'جمع', '소계', '총합계'],
];
/** Those that somebody is called by as well. */
const NAMES: ReadonlySet<string> = new Set(['suma', 'soma', 'media', 'média', 'summa', 'viso', 'сума']);
/** What else stands below lists: with a colon and a figure behind it. */
const REMARKS = [
  ...['stand', 'stichtag', 'datum', 'date', 'as of', 'records', 'rows', 'entries', 'datensätze', 'einträge', 'zeilen'],
  ...['cantidad', 'registros', 'quantidade', 'data', 'fecha', 'nombre', 'lignes', 'exported', 'exportiert am'],
];

const alternatives = (words: readonly string[]): string =>
  words.map((word) => word.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')).join('|');
const summed = new RegExp(`^(?:${alternatives(SUMS)})(?:\\s*[:：=]\\s*|\\s+(?=\\d|\\()|$)(.*)$`, 'iu');
const remark = new RegExp(`^(?:${alternatives(REMARKS)})\\s*[:：]\\s*(.+)$`, 'iu');
/** As tables that were turned have it: `Sum of Amount`. */
const SUMMED_COLUMN =
  /^(?:sum|count|average|max|min|summe|anzahl|mittelwert|suma|soma|somma|somme|som|media|média|moyenne|total) (?:of|von|van|de|di|do|da) [\p{L}\p{N}_.()-]+(?: [\p{L}\p{N}_.()-]+){0,3}$/iu;
const COUNTED =
  'records?|rows?|entries|results?|datensätze|einträge|zeilen|treffer|registros|linhas|filas|lignes|righe';
const BY = 'am|on|at|em|el|le|il|den|:';
/** What is said below lists by itself, with nothing beside it: how many rows there are, which page that is, when it was made. */
const ALONE = new RegExp(
  [
    `\\(?\\d[\\d.,]{0,8} (?:${COUNTED})\\)?\\.?`,
    '(?:page|seite|página|pagina|side|strona|sayfa) \\d{1,5}(?: ?(?:of|von|de|di|van|af|z|/) ?\\d{1,5})?',
    `(?:created|exported|generated|printed|erstellt|exportiert|gedruckt|gerado|exportado|generado|creado|criado|créé|exporté|imprimé)(?: (?:${BY}))? ?\\d{1,4}[-./]\\d{1,2}[-./]\\d{1,4}\\D{0,5}[\\d:]{0,8}.{0,6}`,
  ]
    .map((shape) => `^${shape}$`)
    .join('|'),
  'iu',
);
/** How many rows a sum is of: `(2 records)`. */
const ROWS_COUNTED = /^\(\d[\d.,]{0,8}(?:\s?\p{L}{1,15})?\)$/u;

/** A number, an amount or a date, and a word of what it counts. */
const FIGURE =
  /^\(?(?:\p{L}{1,4}\.?\s?)?(?=[-\u2212\p{Sc}\s.,:/%']*\d)[-\u2212\p{Sc}\s\d.,:/%']+\)?(?:\s?\p{L}{1,10}\.?)?\)?$/u;
/** As phones and numbers of accounts are written, which somebody has who is called as a sum is. */
const LONG_NUMBER = /^[+(0]|^\D*(?:\d[ /-]?){9}/;

/** What SAP has before its sums, one more for each level. */
const SUM_SIGN = /^(?:\*{1,9}|[\u03a3\u2211])$/;

const LONGEST_LABEL = 60;
const LONGEST_FIGURE = 40;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/;
const DECIMALS = /[.,]\d{1,3}\D*$|^0\D*$/;

/**
 * Whether a record sums up others or says something about the list: a word for that, and figures alone beside it, with
 * their currency; or amounts alone, with nothing that anybody could be called by.
 *
 * @param columns of the list: of fewer than three, a word for a sum and figures beside it are all that says so
 */
export function isSummary(cells: readonly string[], columns = LEAST_WIDE): boolean {
  // Most records are told from one by their first cell.
  const at = cells.findIndex((cell) => cell !== '' && legible(cell) !== '');
  const first = cells[at] ?? '';
  if (at < 0 || first.length > LONGEST_LABEL) return false;
  const words = legible(first);
  const beside = cells
    .slice(at + 1)
    .map(legible)
    .filter(Boolean);
  if (columns < LEAST_WIDE) return isNarrowSum(words, beside);
  if (at > 0 && isAmount(first)) return cells.length >= LEAST_WIDE && cells.slice(at).every(isAmountOrNothing);
  if (ALONE.test(words)) return beside.length === 0;
  const isLabel = SUM_SIGN.test(words) || SUMMED_COLUMN.test(words);
  const behind = isLabel ? '' : (summedBehind(words) ?? remark.exec(words)?.[1]);
  return behind !== undefined && areFigures([behind, ...beside].filter(Boolean));
}

/** Whether a word for a sum, which is no name as well, has figures beside it or an amount. */
function isNarrowSum(words: string, beside: readonly string[]): boolean {
  if (beside.length === 0 || summedBehind(words) !== '') return false;
  return areFigures(beside) && (!NAMES.has(words.toLowerCase()) || beside.some(isAmount));
}

/** What stands behind a word for a sum and the currency beside it; undefined where there is no such word. */
function summedBehind(words: string): string | undefined {
  const [label, name] = IN_CURRENCY.exec(words)?.slice(1) ?? [];
  return summed.exec(label !== undefined && isCurrency(name ?? '') ? label : words)?.[1];
}

/** `Summe EUR`, `Total (€)` */
const IN_CURRENCY = /^(\D+?)\s?[([]?(?:in\s)?([A-Z]{3}|\p{Sc})[)\]]?\s?:?$/u;

function isCurrency(cell: string): boolean {
  return CURRENCIES.has(cell) || /^\p{Sc}$/u.test(cell);
}

/** Whether cells are figures, at least one, and the currencies or dashes beside them. */
function areFigures(cells: readonly string[]): boolean {
  const others = cells.filter((cell) => !isCurrency(cell) && !/^[-\u2013\u2014]$/.test(cell));
  return others.length > 0 && others.every(isFigure);
}

/** Cells of a record at least whose amounts alone are a sum: of fewer, they may be all that a list has. */
const LEAST_WIDE = 3;
/** An amount by its currency or its hundredths, as nothing that somebody is known by is written. */
const AMOUNT =
  /^[-\u2212(]?\s?(?:(?:\p{L}{1,3}\s?)?\p{Sc}\s?[-\u2212]?\d[\d.,\s'\u2019]*|\d[\d.,\s'\u2019]*\s?(?:\p{Sc}|[A-Z]{3})|[A-Z]{3}\s\d[\d.,\s'\u2019]*|\d{1,3}(?:[.,'\u2019\s]\d{3})*[.,]\d{2})\)?$/u;

function isAmount(cell: string): boolean {
  return cell.length <= LONGEST_FIGURE && AMOUNT.test(legible(cell));
}

function isAmountOrNothing(cell: string): boolean {
  return cell === '' || legible(cell) === '' || isAmount(cell);
}

function isFigure(cell: string): boolean {
  if (ROWS_COUNTED.test(cell)) return true;
  if (cell.length > LONGEST_FIGURE || !FIGURE.test(cell)) return false;
  return !LONG_NUMBER.test(cell) || DECIMALS.test(cell) || DATE.test(cell);
}
