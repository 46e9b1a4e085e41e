import { isUtf8 } from 'node:buffer';
import { DomainError } from '@apollo/contracts';
import type { Media } from './route.js';

/** What a route accepts that reads a JSON body itself, byte for byte. */
export const RAW_JSON: Media = { type: 'application/json', schema: { type: 'object' }, maxBytes: 500_000 };

/** Levels of objects and lists in a body; every real request has three at most. */
const MAX_DEPTH = 12;

/**
 * Refuses a content type that names another encoding than the one JSON travels in (RFC 8259).
 *
 * @throws DomainError `unsupported_media_type`
 */
export function assertUtf8(contentType: string | undefined): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType ?? '')?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset))
    throw new DomainError('unsupported_media_type', 'JSON is sent in UTF-8: leave the charset out, or say utf-8.');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Bytes that begin something of a JSON text: an object, a list, what a key names, one more value. */
const BEGINNINGS = new Set(Buffer.from('{[:,'));

/** Whether so many things are begun in a JSON text at most; what stands within its texts begins nothing. */
function holdsAtMost(pieces: number, body: Buffer): boolean {
  if (body.length <= pieces) return true;
  let left = pieces;
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === QUOTE) inText = !inText;
    else if (inText) at += byte === BACKSLASH ? 1 : 0;
    else if (BEGINNINGS.has(byte) && --left < 0) return false;
  }
  return true;
}

/**
 * A JSON body. An empty one is undefined. What it may hold is counted before anything is made of it: a megabyte of empty
 * objects takes twenty times as long as one of text.
 *
 * @param pieces objects, lists, keys and further values at most
 * @throws DomainError `malformed_json` for anything that is not JSON in UTF-8, holds more, is nested too deeply for the
 *   recursive code behind this guard, or holds a key that JavaScript takes for a prototype
 */
export function parseJsonBody(body: Buffer, pieces: number): unknown {
  if (body.length === 0) return undefined;
  if (!holdsAtMost(pieces, body))
    throw new DomainError(
      'malformed_json',
      `The body holds more than ${pieces} keys and values, which nothing here takes.`,
    );
  if (!isUtf8(body)) throw new DomainError('malformed_json', 'The body is not UTF-8.');
  const text = body.toString('utf8');
  if (text.startsWith('\uFEFF'))
    throw new DomainError('malformed_json', 'The body begins with a byte order mark: JSON is sent without one.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DomainError('malformed_json');
  }
  checkShape(value, MAX_DEPTH);
  return value;
}

function checkShape(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw new DomainError('malformed_json', 'The body is nested too deeply.');
  if (Object.hasOwn(value, '__proto__'))
    throw new DomainError('malformed_json', 'The body holds a key that is not allowed.');
  for (const entry of Array.isArray(value) ? value : Object.values(value)) checkShape(entry, levels - 1);
}
