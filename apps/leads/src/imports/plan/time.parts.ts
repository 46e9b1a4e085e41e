import { dateNamed } from './heading.words.js';
import { plainWords } from './plain.words.js';

/** Of columns of months. */
const MONTHS = /(?<!\p{L})(?:month|monat|\p{L}+monat|mes|mois|mese|maand|period|periode|periodo|zeitraum)(?!\p{L})/u;
/** Of columns of times of a day; how long something takes is a number. */
const HOURS =
  /^(?:\p{L}*uhrzeit|hora|heure|ora|time|(?:start|end|begin|appointment|event|meeting|check in|check out|arrival|departure) time)$/u;

/** `15.03`, the day before the month or behind it */
const DAY = /^(?:3[01]|[12]?\d)[.,](?:1[0-2]|0?[1-9])$|^(?:1[0-2]|0?[1-9])[.,](?:3[01]|[12]?\d)$/;
/** `03.2024`, `2024.03` */
const MONTH = /^(?:1[0-2]|0?[1-9])\.(?:19|20)\d\d$|^(?:19|20)\d\d\.(?:1[0-2]|0[1-9])$/;
/** `9.30`, as German has it */
const TIME = /^(?:2[0-3]|1?\d)\.[0-5]\d$/;

/** Whether a cell is a day without its year, a month or a time under a heading of that, though it could be a number: `15.03` */
export function isPartOfTime(heading: string, cell: string): boolean {
  const words = plainWords(heading);
  if (HOURS.test(words)) return TIME.test(cell);
  const isDates = dateNamed(heading);
  return (isDates && DAY.test(cell)) || ((isDates || MONTHS.test(words)) && MONTH.test(cell));
}
