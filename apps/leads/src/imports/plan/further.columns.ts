import type { Pace } from '../paced.js';
import { saysNothing } from '../rows/empty.words.js';
import type { NamedColumn, SampledColumn } from './mapping.proposal.js';
import { isOfOthers } from './people.columns.js';
import { areNumbers, isTheirPhone, MOST_TRIED } from './phone.columns.js';
import { inPlainWords, plainWords } from './plain.words.js';

/** Words for addresses, whatever else a heading says. */
const ADDRESS = inPlainWords(
  /(?<!\p{L})(?:e ?mails?|\p{L}*mails?|\p{L}*mail ?adres\p{L}*|correos?|courriels?|e ?posta?|e ?posti|(?:adresse|direccion) electroni\p{L}*|posta elettronica|почта|пошта)(?!\p{L})/u,
);
/** Whom an address is of that is not the lead's. */
const NOT_THEIRS =
  /(?<!\p{L})(?:assisten\p{L}*|assistant\p{L}*|secretar\p{L}*|sekretar\p{L}*|emergency|notfall\p{L}*|emergencia|urgence|manager|supervisor|referr\p{L}*|agent|owner|sales ?rep|besitzer|vendedor|host|sender|absender)(?!\p{L})/u;

/** The rows in which some columns have something. */
class FilledRows {
  private readonly rows: Set<number>;

  constructor(columns: readonly SampledColumn[]) {
    this.rows = new Set(columns.flatMap(rowsOf));
  }

  /** Takes a column as one of them, where it has something in rows in which the others have nothing. @returns whether it has */
  take(column: SampledColumn): boolean {
    const rows = rowsOf(column);
    const isFilling = rows.some((row) => !this.rows.has(row));
    if (isFilling) for (const row of rows) this.rows.add(row);
    return isFilling;
  }
}

function rowsOf({ cells, rows }: SampledColumn): number[] {
  return cells.flatMap((cell, at) => (saysNothing(cell, 'strict') ? [] : [rows?.[at] ?? at]));
}

function columnsOf(named: readonly NamedColumn[], target: string): SampledColumn[] {
  return named.flatMap(([column, each]) => (each === target ? [column] : []));
}

/**
 * Columns of further phones by a word for that in their headings, and by nearly all of their cells, where somebody has no
 * other one: `Telefon mobil` beside `Telefon`.
 *
 * @param columns that are nothing yet
 * @param named those that are something
 * @param country ISO 3166, of numbers that name none; null where unknown
 */
export async function furtherPhones(
  columns: readonly SampledColumn[],
  named: readonly NamedColumn[],
  country: string | null,
  pace: Pace,
): Promise<NamedColumn[]> {
  const filled = new FilledRows(columnsOf(named, 'phone'));
  const further: NamedColumn[] = [];
  const candidates = columns.filter(({ name, cells }) => cells.length > 0 && isTheirPhone(name) && !isOfOthers(name));
  for (const column of candidates.slice(0, MOST_TRIED)) {
    if ((await areNumbers(column, country, pace)) && filled.take(column)) further.push([column, 'phone']);
  }
  return further;
}

/**
 * The same of addresses: `Personal Email` beside `Work Email`.
 *
 * @param shown columns that are something by their cells
 */
export function furtherAddresses(shown: readonly NamedColumn[], named: readonly NamedColumn[]): NamedColumn[] {
  const known = new Set(columnsOf(named, 'email'));
  const filled = new FilledRows([...known]);
  const isTheirs = ({ name }: SampledColumn): boolean => {
    const words = plainWords(name);
    return ADDRESS.test(words) && !NOT_THEIRS.test(words) && !isOfOthers(name);
  };
  return columnsOf(shown, 'email')
    .filter((column) => !known.has(column) && isTheirs(column))
    .slice(0, MOST_TRIED)
    .filter((column) => filled.take(column))
    .map((column): NamedColumn => [column, 'email']);
}
