import { DomainError } from '@apollo/contracts';

/** What files of programs begin with, each byte a character, and what they are. */
const BINARIES: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^\s{0,8}%PDF-/, 'a PDF document'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'an older file of Office, such as .xls or .doc'],
  [/^\x89PNG\r\n/, 'an image (PNG)'],
  [/^\xff\xd8\xff/, 'an image (JPEG)'],
  [/^GIF8[79]a/, 'an image (GIF)'],
  [/^RIFF[^]{4}WEBP/, 'an image (WebP)'],
  [/^(?:II\*\0|MM\0\*)/, 'an image (TIFF)'],
  [/^BM[^]{4}\0{4}/, 'an image (BMP)'],
  [/^[^]{4}ftyp(?:heic|heix|mif1|avif)/, 'an image (HEIC)'],
  [/^\x1f\x8b/, 'an archive (gzip)'],
  [/^BZh[1-9]1AY&SY/, 'an archive (bzip2)'],
  [/^\xfd7zXZ\0/, 'an archive (xz)'],
  [/^7z\xbc\xaf\x27\x1c/, 'an archive (7-Zip)'],
  [/^Rar!\x1a\x07/, 'an archive (RAR)'],
  [/^SQLite format 3\0/, 'a database of SQLite'],
  [/^\0\x01\0\0Standard (?:Jet|ACE) DB/, 'a database of Access'],
  [/^PAR1/, 'a Parquet file'],
  [/^bplist00/, 'a property list of Apple'],
];

/** What files that are packed have in them, by which one is told from an archive of others. */
const PACKED: readonly (readonly [part: string, name: string])[] = [
  ['mimetypeapplication/vnd.oasis.opendocument.spreadsheet', 'a spreadsheet of OpenDocument (.ods)'],
  ['mimetypeapplication/vnd.oasis.opendocument.text', 'a text of OpenDocument (.odt)'],
  ['xl/', 'a workbook of Excel (.xlsx)'],
  ['word/', 'a document of Word (.docx)'],
  ['ppt/', 'a presentation of PowerPoint (.pptx)'],
  ['Index/', 'a file of Numbers or Pages'],
  ['[Content_Types].xml', 'a file of Office'],
];
const PACKED_MARK = /^PK(?:\x03\x04|\x05\x06|\x07\x08)/;
/** Bytes in which a file shows what it is. */
const HEAD = 64;

/** What a file of a program is, by its first bytes; undefined for text, and for what is not known. */
function binaryNamed(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, HEAD).toString('latin1');
  if (!PACKED_MARK.test(head)) return BINARIES.find(([beginning]) => beginning.test(head))?.[1];
  return PACKED.find(([part]) => bytes.includes(part))?.[1] ?? 'an archive (ZIP)';
}

/** @throws DomainError `invalid_encoding` for a file of a program, which says what it is */
export function assertNoBinary(bytes: Buffer): void {
  const name = binaryNamed(bytes);
  if (name === undefined) return;
  const way = name.startsWith('an archive')
    ? 'Unpack it, and send the list in it as CSV.'
    : 'Save the list as CSV and send it again.';
  throw new DomainError('invalid_encoding', `Line 1 is no text: the file is ${name}. ${way}`);
}
