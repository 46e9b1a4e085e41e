import { DomainError } from '@apollo/contracts';

/**
 * For what changes a versioned object, under the lock that its version was read with.
 *
 * @param expected the version that the caller last saw, where they said so (`If-Match`)
 * @throws DomainError `etag_mismatch` when it is another
 */
export function assertVersion(current: number, expected: number | null | undefined): void {
  if (expected != null && expected !== current) throw new DomainError('etag_mismatch');
}
