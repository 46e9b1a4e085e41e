import { inForm } from '@apollo/contracts';

/** The zeros of Arabic, Persian, Devanagari and Thai, behind which their other digits stand. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xe50];

/** A cell with the digits, signs and blanks that ASCII has in place of their wide and foreign forms: `０３－１２` → `03-12`. */
export function plainDigits(cell: string): string {
  if (/^[\0-\x7f]*$/.test(cell)) return cell;
  return cell
    .replace(/[\uff01-\uff5e\uffe0-\uffe6\u3000]+/gu, (wide) => inForm(wide, 'NFKC'))
    .replace(/[٠-٩۰-۹०-९๐-๙]/gu, (digit) => {
      const code = digit.codePointAt(0) ?? 0;
      return String(ZEROS.map((zero) => code - zero).find((value) => value >= 0 && value < 10));
    });
}
