import { DomainError } from '@apollo/contracts';
import { type VersionedObject, versionOfTag } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import type { FastifyRequest } from 'fastify';
import type { Injected } from './route.js';

const readers: Record<Injected, (request: FastifyRequest, payload: object) => unknown> = {
  address: (request) => request.ip,
  user_agent: (request) => request.headers['user-agent']?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 300) || undefined,
  if_match: (request, payload) => ifMatch(request.headers['if-match'], payload),
};

/** The value of a field that the gateway fills in; undefined when the request has none. @param payload all its other fields */
export function readInjected(name: Injected, request: FastifyRequest, payload: object): unknown {
  return readers[name](request, payload);
}

/**
 * The version an `If-Match` header names of the object that the payload is about. `*` and absence name none.
 *
 * @throws DomainError `etag_mismatch` for a tag of another object, of the same in another organization, or that no object ever has
 */
function ifMatch(header: string | undefined, payload: VersionedObject): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const { orgId, scope } = currentTenant();
  const version = versionOfTag(header.trim(), orgId ?? scope, payload);
  if (version === undefined || version > 2_000_000_000) throw new DomainError('etag_mismatch');
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
