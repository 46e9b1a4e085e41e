import { DomainError, refusedField } from '@apollo/contracts';
import { type VersionedObject, versionOfTag } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import type { FastifyRequest } from 'fastify';
import type { Injected } from './route.js';

const readers: Record<Injected, (request: FastifyRequest, payload: object) => unknown> = {
  address: (request) => request.ip,
  user_agent: (request) =>
    request.headers['user-agent']
      ?.replaceAll(/[^\x20-\x7e]/g, '')
      .slice(0, 300)
      .trim() || undefined,
  session_id: (request) => request.sessionId ?? undefined,
  if_match: (request, payload) => ifMatch(request.headers['if-match'], payload),
};

/** The value of a field that the gateway fills in; undefined when the request has none. @param payload all its other fields */
export function readInjected(name: Injected, request: FastifyRequest, payload: object): unknown {
  return readers[name](request, payload);
}

/** One tag of a list of entity tags (RFC 9110, 8.8.3) with the comma before it; a weak one is marked. A list may have gaps. */
const listedTag = /,[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?=,|$)/gy;

/**
 * The version an `If-Match` header names of the object that the payload is about. `*` and absence name none. Of several tags
 * of it, the one of the highest version decides: what is current is never below what somebody has seen. Weak tags match nothing.
 *
 * @throws DomainError `etag_mismatch` where all tags are of other objects, of the same in another organization, or none that an object ever has;
 *   `validation_failed` for what is no list of tags
 */
function ifMatch(header: string | undefined, payload: VersionedObject): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const { orgId, scope } = currentTenant();
  const versions = strongTags(header)
    .map((tag) => versionOfTag(tag, orgId ?? scope, payload))
    .filter((version) => version !== undefined && version <= 2_000_000_000);
  if (versions.length === 0) throw new DomainError('etag_mismatch');
  return Math.max(...(versions as number[]));
}

/** The strong tags of a list. @throws DomainError `validation_failed` where it is not one from its beginning to its end */
function strongTags(header: string): string[] {
  const list = `,${header}`;
  const found = [...list.matchAll(listedTag)];
  if (found.map(([all]) => all).join('') !== list)
    throw refusedField('If-Match', 'If-Match must be * or entity tags in double quotes, each as an ETag gave it');
  return found.flatMap(([, weak, tag]) => (weak === undefined && tag !== undefined ? [tag] : []));
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
