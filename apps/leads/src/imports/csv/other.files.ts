import { DomainError } from '@apollo/contracts';
import type { Encoding } from './csv.encoding.js';
import { decoderOf } from './text.decoder.js';
import { assertKnownMark } from './unknown.marks.js';

/** Bytes in which a file shows what it is. */
const HEAD = 2_048;

/** What files begin with that are text, and no list of delimited cells. */
const OTHERS: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^(?:<!doctype html|<html|<table|<meta|<head)\b/i, 'HTML, as some programs save for spreadsheets'],
  [/^<\?xml\b|^<[a-z]\w*(?:\s[^<>]*)?>\s*</i, 'XML'],
  [/^BEGIN:VCARD\b/i, 'a file of vCards'],
  [/^(?:\[\s*)?\{\s*"[^"]*"\s*:/, 'JSON'],
  [/^\{\\rtf/, 'rich text'],
];

/** Addresses as mails have them, one behind the other: `To: Jane Doe <jane@x.com>, Kay Poe <kay@x.com>`. */
const MAIL_LINE =
  /^(?:(?:to|cc|bcc|an|para|à|a)\s?:)?[^<>@]*<[^<>@\s]+@[^<>@\s]+>\s*[,;][^<>@]*(?:<[^<>@\s]+@|[^<>@\s]@)/i;

/** @throws DomainError `invalid_encoding` for bytes of an encoding that is not known */
export function assertKnownBytes(bytes: Buffer): void {
  const head = bytes.subarray(0, HEAD).toString('latin1');
  const isWide = head.startsWith('\xff\xfe\0\0') || head.startsWith('\0\0\xfe\xff');
  const name = isWide ? 'UTF-32' : /\x1b\$[@B]/.test(head) ? 'ISO-2022-JP' : undefined;
  if (name !== undefined)
    throw new DomainError(
      'invalid_encoding',
      `The file is in ${name}, which is not read here. Save it as UTF-8 and send it again.`,
    );
}

/**
 * @param isDelimited whether somebody said by what cells are separated
 * @throws DomainError `invalid_csv` for text that is no list of delimited cells, or is so by a mark that is not known
 */
export function assertDelimited(bytes: Buffer, encoding: Encoding, isDelimited: boolean): void {
  const head = bytes.subarray(0, HEAD);
  const text = (encoding.startsWith('utf-8') ? head.toString() : decoderOf(encoding).decode(head, { stream: true }))
    .replace(/^\ufeff/, '')
    .trimStart();
  const other = OTHERS.find(([beginning]) => beginning.test(text));
  if (other)
    throw new DomainError(
      'invalid_csv',
      `The file is ${other[1]}, and no delimited text. Save the list as CSV and send it again.`,
    );
  const [line = ''] = text.split(/\r\n|\n|\r/, 1);
  if (!isDelimited && MAIL_LINE.test(line))
    throw new DomainError(
      'invalid_csv',
      'Line 1 holds several addresses, as a mail has them, and no headings. Write each person on a line of their own, below a heading such as "Name,Email", and send it again.',
    );
  if (!isDelimited) assertKnownMark(text, bytes.length > HEAD);
}
