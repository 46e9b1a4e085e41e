import { plainlySeen } from '@apollo/contracts';

/** Writes one line for the operator. */
export type Say = (line: string) => void;

/**
 * Text that somebody else may have written, as a terminal may show it: one line of it, that gives no commands to the
 * terminal, turns no direction, hides nothing and covers nothing.
 *
 * @returns the text with U+FFFD for each character of which nothing is seen but blanks
 */
export function terminalLine(text: string): string {
  return plainlySeen(text, '\ufffd');
}
