import { pipeline } from 'node:stream/promises';
import { DomainError } from '@apollo/contracts';
import { CsvError, type Options, Parser } from 'csv-parse';
import { COLUMNS, LINES, RECORD_BYTES } from '../import.limits.js';
import { utf8Slices } from './csv.bytes.js';
import type { Encoding } from './csv.encoding.js';
import { withoutRepeats } from './csv.repeats.js';
import { withoutLineQuotes } from './quoted.lines.js';

/**
 * One record of a file: its cells without the blanks before them, and the line it starts on, counted from 1. Of cells beyond
 * `COLUMNS` it has one, with the first text among them.
 */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  /** Lines before it that are left out, and why. */
  readonly passed?: readonly { readonly line: number; readonly problem: string }[];
  /** Whether it is none of the list's, and nothing of that follows. */
  readonly isBelow?: boolean;
  /** What is told of it in place of its standing below the list. */
  readonly problem?: string;
}

/** How to read a file. */
export interface CsvOptions {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Line from which on a record is the heading, which is left out where it comes again. None where absent, or 0. */
  readonly heading_line?: number;
}

/**
 * The records of a CSV file, blank lines left out; a quote inside a cell that does not begin with one is a character like
 * others. Holds one slice and a few records at a time, however long a line pretends to be.
 *
 * @throws DomainError `invalid_csv` or `invalid_encoding`, each naming the line; `invalid_csv` for too many lines
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, delimiter, heading_line = 0 }: CsvOptions,
): AsyncGenerator<CsvRecord> {
  const slices = utf8Slices(chunks, encoding);
  const head = await untilLineEnd(slices);
  const parser = new RecordParser({
    delimiter,
    record_delimiter: head.lineEnds,
    // What follows a closing quote is looked at below: the parser itself takes blanks there, or text, but not both.
    ltrim: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_BYTES,
  });
  const fed = pipeline(admitted(head.bytes, slices, parser), parser);
  // Failures of the source arrive at the loop below as well, since they destroy the parser.
  fed.catch(() => undefined);
  try {
    const records = withoutLineQuotes(parser as AsyncIterable<CsvRecord>, delimiter);
    yield* heading_line > 0 ? withoutRepeats(records, heading_line) : records;
  } catch (error) {
    throw translated(error, parser);
  }
}

async function untilLineEnd(slices: AsyncGenerator<Buffer>): Promise<{ bytes: Buffer; lineEnds: string[] }> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const next = await slices.next();
    if (!next.done) bytes = Buffer.concat([bytes, next.value]);
    const end = firstLineEnd(bytes);
    if (end >= 0 || next.done || bytes.length > RECORD_BYTES) return { bytes, lineEnds: lineEndsAfter(bytes, end) };
  }
}

/** Where the first line that is not blank ends, or -1 when the bytes do not show it yet. */
function firstLineEnd(bytes: Buffer): number {
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

/** What the parser holds of the record that it is at. */
interface ParserState {
  readonly record: readonly string[];
  expectedRecordLength: number;
}

/** Numbers the lines as each record is complete, so that the number is exact when a later record breaks off. */
class RecordParser extends Parser {
  /** Line on which the next record starts. The parser's own count takes a quoted CRLF for two. */
  line = 1;
  private readonly state: ParserState;

  constructor(options: Options) {
    super(options);
    // For a record of another length than the first one's the parser makes an error with a stack, to be ignored here: a
    // file of blank lines would keep it at that for minutes. So every record has the length that is expected.
    const { api } = this as unknown as {
      api: { readonly state: ParserState; __onRecord(push: unknown): unknown };
    };
    this.state = api.state;
    const { __onRecord } = api;
    api.__onRecord = (push) => {
      api.state.expectedRecordLength = api.state.record.length;
      return __onRecord.call(api, push);
    };
  }

  /** Line on which the cell starts that the record breaks off in. */
  get cellLine(): number {
    return this.state.record.reduce((line, cell) => line + lineEnds(cell), this.line);
  }

  override push(cells: readonly string[] | null): boolean {
    if (cells === null) return super.push(null);
    const { line } = this;
    this.line += 1 + cells.reduce((sum, cell) => sum + lineEnds(cell), 0);
    if (this.line > LINES + 1) return this.destroy(tooManyLines()).readable;
    if (cells.length === 1 && cells[0] === '') return true;
    return super.push({ line, cells: bounded(cells).map(withoutQuotes) } satisfies CsvRecord);
  }
}

function bounded(cells: readonly string[]): readonly string[] {
  if (cells.length <= COLUMNS) return cells;
  const beyond = cells.slice(COLUMNS).find((cell) => cell !== '');
  return [...cells.slice(0, COLUMNS), beyond ?? ''];
}

/** Lines end with a line feed, after a carriage return or without; a lone CR is for files that have nothing else. */
function lineEndsAfter(head: Buffer, end: number): string[] {
  return head[end] === 0x0d && head[end + 1] !== 0x0a && end + 1 < head.length ? ['\r'] : ['\r\n', '\n'];
}

/** `="01067"`, as programs write what spreadsheets are to keep as it is. */
const GUARDED = /^="([^"]*)"$/;
/** Quotes within quotes after a backslash, as MySQL writes them: the parser takes them and those around for letters. */
const BACKSLASHED = /^"((?:[^"\\]|\\[^])*)"[ \t\r]*$/;

/** Blanks between a closing quote and the end of the cell make the parser take the quotes for letters. */
function withoutQuotes(cell: string): string {
  if (cell.startsWith('="')) return GUARDED.exec(cell)?.[1] ?? cell;
  if (!cell.startsWith('"')) return cell;
  const backslashed = cell.includes('\\"') ? BACKSLASHED.exec(cell)?.[1] : undefined;
  if (backslashed !== undefined) return backslashed.replace(/\\(["\\])/g, '$1');
  const quoted = /^"([^]*)"[ \t\r]+$/.exec(cell);
  return quoted ? (quoted[1] ?? '').replaceAll('""', '"') : cell;
}

function lineEnds(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? cell.split(/\r\n|\n|\r/).length - 1 : 0;
}

/** Hands the bytes to the parser as long as records come out of them: a record of nothing but delimiters grows no text. */
async function* admitted(head: Buffer, rest: AsyncGenerator<Buffer>, parser: RecordParser): AsyncGenerator<Buffer> {
  let records = 0;
  let silent = 0;
  const admit = (slice: Buffer): Buffer => {
    silent = parser.info.records === records ? silent + slice.length : slice.length;
    records = parser.info.records;
    if (silent > 2 * RECORD_BYTES) throw tooLong(parser.line);
    return slice;
  };
  for (let at = 0; at < head.length; at += RECORD_BYTES) yield admit(head.subarray(at, at + RECORD_BYTES));
  for await (const slice of rest) yield admit(slice);
}

/** The refusal of a record that does not end. */
export function tooLong(line: number): DomainError {
  return new DomainError(
    'invalid_csv',
    `The record on line ${line} is longer than ${RECORD_BYTES / 1024} KiB. Is a quote missing?`,
  );
}

/** The refusal of bytes that end within quotes. */
export class OpenQuoteError extends DomainError {
  /** @param line of the quote that is open */
  constructor(line: number) {
    super('invalid_csv', `The quote opened on line ${line} is never closed.`);
  }
}

function tooManyLines(): DomainError {
  return new DomainError('invalid_csv', `The file has more than ${LINES.toLocaleString('en')} lines.`);
}

/** The parser's own messages quote the cell, which belongs in no answer and no log. */
function translated(error: unknown, { line, cellLine }: RecordParser): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code } = error as CsvError & { code: string };
  if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(line);
  if (code === 'CSV_QUOTE_NOT_CLOSED') return new OpenQuoteError(cellLine);
  return new DomainError('invalid_csv', `The quotes in the record on line ${line} make no sense.`);
}
