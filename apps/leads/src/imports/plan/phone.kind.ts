import { dateFormatsShown } from '../cells/date.cells.js';
import { countsNamed, targetNamed } from './heading.words.js';
import { areNearlyAll } from './exception.rules.js';
import { inPlainWords, plainWords } from './plain.words.js';
import { saysPhone } from './phone.columns.js';
import { mayNameSomebody } from './reach.columns.js';

/** Of columns of numbers that are dialled though no phone of somebody's stands there. */
const DIALLED = inPlainWords(
  /(?<!\p{L})(?:\p{L}*fax\p{L}*|telefax\p{L}*|факс|durchwahl|nebenstelle|direct dial|ext|extn|extension|ramal|anexo|interno|poste|toestel|dahili|вн|доб|pager|isdn)(?!\p{L})/u,
);
/** What a heading has beside such a word where the figures count something. */
const FIGURES =
  /\b(?:calls?|anrufe|llamadas|appels|chamadas|minutes|minuten|cost|costs|kosten|bill|rechnung|views?|visits?|sessions?|clicks?|users?|sent|rate|score|date|datum)\b/;
/** Digits that the shortest number has which is dialled from anywhere. */
const SHORTEST = 5;

/** Whether a column that is not the phone holds numbers that are dialled all the same, which are texts: zeros and marks count. */
export function holdsDialled({ name, cells }: { readonly name: string; readonly cells: readonly string[] }): boolean {
  const words = plainWords(name);
  if (FIGURES.test(words) || countsNamed(name)) return false;
  if (DIALLED.test(words)) return true;
  const mayBe = (cell: string): boolean => cell.replace(/\D/g, '').length >= SHORTEST || !/\d/.test(cell);
  if (saysPhone(name)) return areNearlyAll(cells, mayBe);
  const isNoDay = (cell: string): boolean => mayBe(cell) && dateFormatsShown(cell) === undefined;
  return mayNameSomebody(name, targetNamed(name)) && areNearlyAll(cells, isNoDay);
}
