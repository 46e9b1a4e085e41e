import { isUtf8 } from 'node:buffer';
import { UnreadableError } from './extraction.failure.js';

/** Takes the text of a page, from 1; a page may be handed over in several pieces, and pages only in their order. */
export type TakePage = (page: number, text: string) => void;

const PDF = Buffer.from('%PDF-');
const ZIP = Buffer.from('PK\u0003\u0004');
/** Of files of older Office programs, and of those that are encrypted. */
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const WIDE_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

const begins = (file: Buffer, ...beginnings: readonly Buffer[]): boolean =>
  beginnings.some((beginning) => file.subarray(0, beginning.length).equals(beginning));

/** Whether a file begins as a PDF does: within its first kilobyte, as viewers have it. */
export const isPdf = (file: Buffer): boolean => file.subarray(0, 1_024 + PDF.length).includes(PDF);
export const isZip = (file: Buffer): boolean => begins(file, ZIP);
export const isCompound = (file: Buffer): boolean => begins(file, COMPOUND);

/**
 * A file of text: plain, Markdown or CSV, the rows of which are lines. It has the pages that form feeds make, or one.
 *
 * @throws UnreadableError
 */
export function readText(file: Buffer, take: TakePage): void {
  if (isPdf(file) || isZip(file) || isCompound(file)) throw new UnreadableError('wrong_type');
  if (begins(file, ...WIDE_MARKS)) throw new UnreadableError('not_utf8');
  if (!isUtf8(file)) throw new UnreadableError(file.includes(0) ? 'wrong_type' : 'not_utf8');
  if (file.includes(0)) throw new UnreadableError('wrong_type');
  const text = file.toString('utf8', begins(file, MARK) ? MARK.length : 0);
  let page = 1;
  for (const part of text.split('\f')) take(page++, part);
}
