import {
  dialCodeIn,
  hasExtension,
  isSamePhone,
  numbersAmongWords,
  phonesOf,
  readPhone,
  readPhoneOfArea,
  readPhoneUnder,
  withPlus,
} from '../cells/phone.cells.js';
import { withoutUnseen } from '../cells/unseen.marks.js';
import type { CellReader } from './cell.readers.js';

/** Characters of a cell with phone numbers: reading one takes long. */
const LONGEST_PHONES = 1_000;
/** Addresses or numbers of one cell that are looked at; one with more is kept as it is, beside the first of them. */
export const MOST_IN_CELL = 30;

/**
 * The first number is the lead's, others are kept, each as it is dialled from anywhere.
 *
 * @param isInternational whether the column shows that its numbers have the codes of their countries, without a plus
 */
export function phoneReader(country: string | null, isInternational = false): CellReader {
  return (written, row) => {
    const cell = withoutUnseen(written);
    if (cell.length > LONGEST_PHONES) return { problem: 'is too long for phone numbers', kept: cell };
    // As it is dialled where the organization is, it would be somebody else's number.
    const here = (row.countryCode ?? country) === country ? country : null;
    if (row.phone !== undefined && isSamePhone(cell, row.phone)) return null;
    const { dialCode, areaCode } = row;
    const code = dialCode ?? (here === null ? undefined : dialCodeIn(here));
    const read = (text: string): string | undefined =>
      (isInternational && /^[1-9]/.test(text) ? withPlus(text) : undefined) ??
      (dialCode === undefined ? readPhone(text, here) : readPhoneUnder(text, dialCode)) ??
      (areaCode === undefined || code === undefined ? undefined : readPhoneOfArea(text, areaCode, code));
    const whole = read(cell);
    const given = whole === undefined ? phonesOf(cell) : [cell];
    const numbers = whole === undefined ? given.slice(0, MOST_IN_CELL).map(read) : [whole];
    const good = numbers.filter((number) => number !== undefined);
    if (good.length < given.length || good.length === 0) {
      const among = numbersAmongWords(cell).slice(0, MOST_IN_CELL).map(read);
      if (among.length > 0 && among.every((number) => number !== undefined)) {
        row.phone ??= among[0];
        return { kept: cell };
      }
      row.phone ??= good[0];
      return { problem: phoneProblem(cell, given.length, here), kept: cell };
    }
    const others = good.filter((number) => number !== (row.phone ??= good[0]));
    if (hasExtension(cell)) return { kept: cell };
    return others.length > 0 ? { kept: others.join('; ') } : null;
  };
}

/** Why a cell is no phone number. @param numbers as many as it seems to hold @param country of numbers that name none */
function phoneProblem(cell: string, numbers: number, country: string | null): string {
  const rule =
    country === null
      ? 'a phone number with the code of its country'
      : `a phone number, with the code of its country where that is not ${country}, and with that of its area`;
  if (numbers > 1) return `is more than one phone number, and each must be ${rule}`;
  const [beginning = ''] = cell.split(/(?<=\d)[^\d]*\p{L}/u);
  return readPhone(beginning, country) === undefined ? `must be ${rule}` : 'is more than a phone number';
}
