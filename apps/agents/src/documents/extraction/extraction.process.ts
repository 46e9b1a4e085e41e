import { readDocx } from './docx.reader.js';
import { UnreadableError } from './extraction.failure.js';
import { MOST_PAGES, MOST_TEXT, PIECE_CHARACTERS } from './extraction.limits.js';
import { readPdf } from './pdf.reader.js';
import { readText, type TakePage } from './text.reader.js';

/*
 * Reads one file of somebody's, in a process of its own that nothing else happens in and that is bound in memory, time
 * and what it may open: see extraction.runner.ts. The file comes by standard input; its text leaves by standard output,
 * a line of JSON for each piece, and at last one that says how it ended.
 */

const READERS: Readonly<Record<string, (file: Buffer, take: TakePage) => void | Promise<void>>> = {
  pdf: readPdf,
  docx: readDocx,
  text: readText,
};

let said = 0;

function take(page: number, text: string): void {
  said += text.length;
  if (said > MOST_TEXT || page > MOST_PAGES) throw new UnreadableError('too_much_text');
  for (let at = 0; at < text.length; at += PIECE_CHARACTERS) say({ page, text: text.slice(at, at + PIECE_CHARACTERS) });
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function input(bytes: number): Promise<Buffer> {
  const file = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) filled += piece.copy(file, filled);
  if (filled !== bytes) throw new UnreadableError('damaged');
  return file;
}

const [format = '', bytes = ''] = process.argv.slice(2);
try {
  const read = READERS[format];
  if (!read) throw new UnreadableError('wrong_type');
  await read(await input(Number(bytes)), take);
  say({ ended: 'read' });
} catch (error) {
  const isShort = error instanceof RangeError || /allocation failed/i.test(String(error));
  say({ ended: error instanceof UnreadableError ? error.failure : isShort ? 'too_costly' : 'damaged' });
}
