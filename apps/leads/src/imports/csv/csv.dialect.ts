import { DomainError } from '@apollo/contracts';
import { wholeCharacters } from './csv.bytes.js';
import { assertNoBinary } from './binary.files.js';
import { EncodingDetector, type Encoding, type FoundEncoding } from './csv.encoding.js';
import { SAMPLE_RECORDS } from '../import.limits.js';
import { paced } from '../paced.js';
import { columnName } from './csv.headings.js';
import { assertDelimited, assertKnownBytes } from './other.files.js';
import { isTwoBytes } from './two.bytes.js';
import { type CsvRecord, csvRecords, OpenQuoteError, tooLong } from './csv.records.js';

const DELIMITERS = [',', ';', '\t', '|'];
/** Bytes that are enough to tell one delimiter from another. */
const ENOUGH = 64 * 1024;
/** Bytes in which files of programs say what they are. */
const MAGIC = 12;
/** Records among which the heading is looked for. */
const HEADING_WITHIN = 50;

/** What a file consists of, as far as its bytes tell. */
export interface Dialect {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** 1-based line on which the heading starts; 0 where there is none. */
  readonly heading_line: number;
}

/** What is known already, and what is looked for. */
export interface DialectHints {
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: string | undefined;
  readonly heading_line?: number | undefined;
  /** Of the organization, ISO 3166: what is usual there decides where nothing else does. */
  readonly country?: string | undefined;
  /** How many of some cells are the headings that are looked for. */
  readonly hits: (cells: readonly string[]) => number;
}

/** The beginning of a file, or all of it. */
export interface Sample {
  readonly bytes: Buffer;
  readonly whole: boolean;
}

/** What is found out about a file by looking. */
export interface FoundDialect {
  readonly dialect: Dialect;
  /** The records under it at the beginning of the sample. */
  readonly records: CsvRecord[];
  /** How much of the sample they are. */
  readonly looked: Sample;
  /** Why the encoding is what it is, where that was not sure. */
  readonly note: string | undefined;
}

/**
 * The dialect of a file, the records under it at the beginning of the sample, and how much of it they are.
 *
 * @throws DomainError `invalid_csv` or `invalid_encoding`, naming the line, for what would end its import
 */
export async function dialectOf(sample: Sample, hints: DialectHints): Promise<FoundDialect> {
  assertNoBinary(sample.bytes);
  assertKnownBytes(sample.bytes);
  const { encoding, note } = hints.encoding ? { encoding: hints.encoding } : await encodingOf(sample, hints.country);
  assertText(sample.bytes, encoding);
  assertDelimited(sample.bytes, encoding, hints.delimiter !== undefined || hints.heading_line === 0);
  const head = { bytes: sample.bytes.subarray(0, ENOUGH), whole: sample.whole && sample.bytes.length <= ENOUGH };
  const delimiter = hints.delimiter ?? (await bestDelimiter(head, encoding, hints.hits));
  const { records, next, broken } = await sampled(sample, encoding, delimiter);
  if (broken) throw broken;
  const looked = next === undefined ? sample : { bytes: before(next, sample.bytes, encoding), whole: false };
  const heading = hints.heading_line ?? (await headingAmong(records, hints.hits))?.line ?? 1;
  const dialect = { encoding, delimiter, heading_line: heading };
  if (heading > 0) return { dialect, records, looked, note };
  const led: CsvRecord[] = [];
  for await (const record of underNoHeading(records)) led.push(record);
  return { dialect, records: led, looked, note };
}

/** The records of a file that has no heading: one without names stands before its rows, on line 0. */
export async function* underNoHeading(
  records: Iterable<CsvRecord> | AsyncIterable<CsvRecord>,
): AsyncGenerator<CsvRecord> {
  let isFirst = true;
  for await (const record of records) {
    if (isFirst && isSeparatorLine(record)) continue;
    if (isFirst) yield { line: 0, cells: record.cells.map(() => '') };
    isFirst = false;
    yield record;
  }
}

/** @throws DomainError `invalid_encoding` for what begins as no text does, whatever it is */
function assertText(bytes: Buffer, encoding: Encoding): void {
  if (!encoding.startsWith('utf-16') && bytes.subarray(0, MAGIC).includes(0))
    throw new DomainError('invalid_encoding', 'Line 1 is no text. Save the list as CSV and send it again.');
}

/** The encoding of a sample as far as it shows. */
async function encodingOf({ bytes, whole }: Sample, country: string | undefined): Promise<FoundEncoding> {
  const detector = new EncodingDetector();
  await detector.add(bytes);
  return detector.result(whole, country);
}

/** The bytes before a line, which is counted as `csvRecords` does. */
function before(line: number, bytes: Buffer, encoding: Encoding): Buffer {
  const isWide = encoding.startsWith('utf-16');
  // In no other encoding does a line end stand for anything else within a character.
  const text = isWide ? new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes) : bytes.toString('latin1');
  const lineEnds = /\r\n|\n|\r/g;
  for (let at = 1; at < line; at++) lineEnds.test(text);
  return bytes.subarray(0, lineEnds.lastIndex * (isWide ? 2 : 1));
}

/** Records of a sample. */
interface Sampled {
  readonly records: CsvRecord[];
  /** Line of the first record that was not looked at; undefined where all were. */
  readonly next?: number;
  /** Why nothing after them can be read; undefined where they only break off with the sample. */
  readonly broken?: DomainError;
}

/** The first records that are complete in the sample; where it breaks off or is broken, those before. */
async function sampled({ bytes, whole }: Sample, encoding: Encoding, delimiter: string): Promise<Sampled> {
  const records: CsvRecord[] = [];
  try {
    for await (const record of csvRecords(once(whole ? bytes : uncut(bytes, encoding)), { encoding, delimiter })) {
      if (records.length === SAMPLE_RECORDS) return { records, next: record.line };
      records.push(record);
    }
  } catch (error) {
    if (records.length === 0 || !(error instanceof DomainError)) throw error;
    return !whole && error instanceof OpenQuoteError ? { records } : { records, broken: error };
  }
  // The last one may be cut off.
  if (!whole && records.length > 1) records.pop();
  if (!whole && records.length === 0) throw tooLong(1);
  return { records };
}

/** Bytes without the character that may be cut off at their end. */
function uncut(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding.startsWith('utf-16')) return bytes.subarray(0, bytes.length & ~1);
  // Its last record is cut off as well, and is not looked at.
  if (isTwoBytes(encoding)) return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1 || bytes.length);
  return encoding.startsWith('utf-8') ? bytes.subarray(0, wholeCharacters(bytes)) : bytes;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** The one that `sep=` names, else the one that shows the most headings looked for, else that makes the most even columns. */
async function bestDelimiter(head: Sample, encoding: Encoding, hits: DialectHints['hits']): Promise<string> {
  const scored = [];
  for (const delimiter of DELIMITERS) {
    const { records } = await sampled(head, encoding, delimiter).catch((): Sampled => ({ records: [] }));
    const told = separatorOf(records[0]);
    if (told) return told;
    const heading = await headingAmong(records, hits);
    scored.push({ delimiter, hits: heading ? hits(heading.cells) : 0, columns: evenColumns(records) });
  }
  scored.sort((a, b) => b.hits - a.hits || b.columns - a.columns);
  return scored[0]?.delimiter ?? ',';
}

/** What a first line like `sep=;` says, however a spreadsheet or another program has written it. */
function separatorOf(first: CsvRecord | undefined): string | undefined {
  if (!first || !isSeparatorLine(first)) return undefined;
  const named = first.cells.join('').trim().slice(4);
  if (DELIMITERS.includes(named)) return named;
  // The line was cut at the separator it names, or the separator is a tab that was taken for a blank.
  return first.cells.length > 1 ? undefined : '\t';
}

function isSeparatorLine({ cells }: CsvRecord): boolean {
  return /^sep=.?$/i.test(cells.join('').trim());
}

function evenColumns(records: readonly CsvRecord[]): number {
  const width = usualWidth(records);
  return records.filter(({ cells }) => cells.length === width).length * (width - 1);
}

/** The number of cells that most records have, one alone apart where others have more. */
function usualWidth(records: readonly CsvRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [best] = [...counts].sort(([a, many], [b, more]) => more - many || b - a);
  return best?.[0] ?? 1;
}

/** The record with the most headings looked for; where none shows two, the first that fills half of the usual columns. */
async function headingAmong(records: readonly CsvRecord[], hits: DialectHints['hits']): Promise<CsvRecord | undefined> {
  const [first, ...others] = records.slice(0, HEADING_WITHIN);
  if (!first) return undefined;
  const candidates = isSeparatorLine(first) ? others : [first, ...others];
  let best: { record: CsvRecord; hits: number } | undefined;
  for await (const record of paced(candidates)) {
    const found = hits(record.cells);
    if (found > (best?.hits ?? 0)) best = { record, hits: found };
  }
  const width = usualWidth(records);
  if (best && (best.hits > 1 || width === 1)) return best.record;
  const filled = ({ cells }: CsvRecord) => cells.filter((cell) => columnName(cell) !== '').length;
  for await (const record of paced(candidates)) if (filled(record) * 2 >= width) return record;
  return candidates[0];
}
