import { legible } from '@apollo/contracts';

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
  ...['average', 'avg', 'count', 'promedio', 'média', 'moyenne', 'media', 'średnia', 'razem', 'łącznie', 'celkem'],
  ...['toplam', 'ara toplam', 'genel toplam', 'összesen', 'итого', 'всего', 'сумма', 'разом', 'усього', 'σύνολο'],
  ...['合計', '小計', '総計', '平均', '总计', '合计', '小计', '總計', '합계', '총계', 'المجموع', 'الإجمالي', 'סה"כ'],
];
/** What else stands below lists: with a colon and a figure behind it. */
const REMARKS = [
  ...['stand', 'stichtag', 'datum', 'date', 'as of', 'records', 'rows', 'entries', 'datensätze', 'einträge', 'zeilen'],
  ...['cantidad', 'registros', 'quantidade', 'data', 'fecha', 'nombre', 'lignes', 'exported', 'exportiert am'],
];

const alternatives = (words: readonly string[]): string =>
  words.map((word) => word.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')).join('|');
const summed = new RegExp(`^(?:${alternatives(SUMS)})(?:\\s*[:：=]\\s*|\\s+(?=\\d|\\()|$)(.*)$`, 'iu');
const remark = new RegExp(`^(?:${alternatives(REMARKS)})\\s*[:：]\\s*(.+)$`, 'iu');
/** A number, an amount or a date, and a word of what it counts. */
const FIGURE =
  /^\(?(?:\p{L}{1,4}\.?\s?)?(?=[-\u2212\p{Sc}\s.,:/%']*\d)[-\u2212\p{Sc}\s\d.,:/%']+\)?(?:\s?\p{L}{1,10}\.?)?\)?$/u;
/** As phones and numbers of accounts are written, which somebody has who is called as a sum is. */
const LONG_NUMBER = /^[+(0]|^\D*(?:\d[ /-]?){9}/;

/** What SAP has before its sums, one more for each level. */
const SUM_SIGN = /^(?:\*{1,9}|[\u03a3\u2211])$/;

/** How many are summed up: `(2 records)`. */
const COUNTED = /^\(\d{1,7}(?:\s\p{L}{1,10})?\)$/u;

const LONGEST_LABEL = 60;
const LONGEST_FIGURE = 40;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}/;
const DECIMALS = /[.,]\d{1,3}\D*$|^0\D*$/;

/** Whether a record sums up others or says something about the list: a word for that, and figures alone beside it. */
export function isSummary(cells: readonly string[]): boolean {
  // Most records are told from one by their first cell.
  const at = cells.findIndex((cell) => cell !== '' && legible(cell) !== '');
  const first = cells[at] ?? '';
  if (at < 0 || first.length > LONGEST_LABEL) return false;
  const words = legible(first);
  const behind = SUM_SIGN.test(words) ? '' : (summed.exec(words)?.[1] ?? remark.exec(words)?.[1]);
  if (behind === undefined) return false;
  const figures = [behind, ...cells.slice(at + 1).map(legible)].filter(Boolean);
  return figures.length > 0 && figures.every(isFigure);
}

function isFigure(cell: string): boolean {
  if (cell.length > LONGEST_FIGURE || !FIGURE.test(cell)) return false;
  return COUNTED.test(cell) || !LONG_NUMBER.test(cell) || DECIMALS.test(cell) || DATE.test(cell);
}
