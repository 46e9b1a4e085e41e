import { DomainError } from '@apollo/contracts';
import type { FastifyRequest } from 'fastify';
import type { Injected } from './route.js';

const readers: Record<Injected, (request: FastifyRequest) => unknown> = {
  address: (request) => request.ip,
  user_agent: (request) => request.headers['user-agent']?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 300) || undefined,
  if_match: (request) => ifMatch(request.headers['if-match']),
};

/** The value of a field that the gateway fills in; undefined when the request has none. */
export function readInjected(name: Injected, request: FastifyRequest): unknown {
  return readers[name](request);
}

/**
 * The version an `If-Match` header names. `*` and absence name none.
 *
 * @throws DomainError `etag_mismatch` for a tag that no object of ours ever has
 */
export function ifMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = Number(/^"([1-9]\d{0,9})"$/.exec(header.trim())?.[1]);
  if (!Number.isInteger(version) || version > 2_000_000_000) throw new DomainError('etag_mismatch');
  return version;
}

/** The caller's idempotency key. @throws DomainError `validation_failed` for one that cannot travel */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw new DomainError('validation_failed', 'The idempotency key is not usable.', [
      {
        field: 'Idempotency-Key',
        problem: 'Idempotency-Key must be 1 to 200 printable ASCII characters without spaces',
      },
    ]);
  }
  return header;
}
