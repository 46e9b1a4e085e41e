import { plainDigits } from './plain.digits.js';

/** A zero or a plus before other digits, as codes, postcodes and phones have it. */
const CODE = /^[-\u2212(]?0\d[\d ]*\)?$|^\+\d{7,}$/u;
/** Zeros alone are that number, however many they are. */
const ZEROS = /^[^1-9]*$/;

/** Whether a cell of digits is a number by name only, which would lose its zeros or its plus as one: `01067`, `00034`. */
export function isCode(cell: string): boolean {
  const plain = plainDigits(cell);
  return CODE.test(plain) && !ZEROS.test(plain);
}
