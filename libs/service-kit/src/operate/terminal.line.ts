/** Writes one line for the operator. */
export type Say = (line: string) => void;

/**
 * Text that somebody else may have written, as a terminal may show it: one line of it, that gives no commands to the
 * terminal, turns no direction and hides nothing.
 *
 * @returns the text with U+FFFD for each control and format character, separator of lines and half of a surrogate pair
 */
export function terminalLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
