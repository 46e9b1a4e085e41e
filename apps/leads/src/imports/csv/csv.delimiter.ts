import { parse } from 'csv-parse/sync';
import { RECORD_BYTES } from '../import.limits.js';

const CANDIDATES = [',', ';', '\t', '|'];

/** Where the first record that is not blank ends, or -1 when the bytes do not show it yet. */
export function headingEnd(bytes: Buffer): number {
  let quoted = false;
  let blank = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) quoted = !quoted;
    if ((byte === 0x0a || byte === 0x0d) && !quoted && !blank) return at;
    if (byte !== 0x0a && byte !== 0x0d && byte !== 0x20) blank = false;
  }
  return -1;
}

/**
 * The delimiter under which most of the wanted headings appear in the heading line; among equals the one that makes
 * the most columns.
 *
 * @param heading the heading line, with its quotes
 */
export function detectDelimiter(heading: string, wanted: ReadonlySet<string>): string {
  const scored = CANDIDATES.map((delimiter) => {
    const columns = columnsUnder(heading, delimiter);
    return { delimiter, hits: columns.filter((column) => wanted.has(column)).length, columns: columns.length };
  });
  scored.sort((a, b) => b.hits - a.hits || b.columns - a.columns);
  return scored[0]?.delimiter ?? ',';
}

function columnsUnder(heading: string, delimiter: string): string[] {
  try {
    const [columns = []] = parse(heading, {
      delimiter,
      trim: true,
      skip_empty_lines: true,
      max_record_size: RECORD_BYTES,
    }) as string[][];
    return columns;
  } catch {
    // Quotes that make no sense under this delimiter: it is not the one.
    return [];
  }
}
