import { open } from 'node:fs/promises';
import { StartFailure } from '../start-failure.js';

/** A file's columns, as its first line names them, and what separates them. */
export interface CsvHeading {
  readonly headings: readonly string[];
  readonly delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Bytes within which the first line must end. */
const LONGEST = 64 * 1024;

/** Reads the columns of a CSV file; fails with one line when it cannot be read or has none. */
export async function readCsvHeading(file: string): Promise<CsvHeading> {
  const { text, whole } = await beginning(file);
  const found = headingOf(text, whole);
  if (found === undefined) throw new StartFailure(`${file} does not begin with a line of column headings.`);
  return found;
}

/**
 * The first line that is not blank, cut at the delimiter that makes the most columns; undefined when there is none.
 *
 * @param whole whether the text is all there is, so that a last line needs no end
 */
export function headingOf(text: string, whole = true): CsvHeading | undefined {
  const rest = text.replace(/^\uFEFF/, '').replace(/^\s*\n/, '');
  const candidates = DELIMITERS.map((delimiter) => ({
    delimiter,
    headings: firstRecord(rest, delimiter, whole) ?? [],
  }));
  const [best] = candidates.sort((a, b) => b.headings.length - a.headings.length);
  return best?.headings.some((heading) => heading !== '') ? best : undefined;
}

/** The cells of the first record; quotes as in RFC 4180. */
function firstRecord(text: string, delimiter: string, whole: boolean): string[] | undefined {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) return [...cells, cell.trim()];
    else if (!quoted && character === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return whole && !quoted ? [...cells, cell.trim()] : undefined;
}

async function beginning(file: string): Promise<{ text: string; whole: boolean }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
      return { text: buffer.toString('utf8', 0, bytesRead), whole: bytesRead < LONGEST };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new StartFailure(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
