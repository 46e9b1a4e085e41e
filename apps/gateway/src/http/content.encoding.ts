import { DomainError } from '@apollo/contracts';

/**
 * Refuses a body that says it is compressed: it would be read as something that it is not.
 *
 * @param encoding the `Content-Encoding` header
 * @param type what the route takes, for the words
 * @throws DomainError `unsupported_media_type`
 */
export function assertPlain(encoding: string | undefined, type: string): void {
  if (encoding !== undefined && !/^\s*(?:identity\s*)?$/i.test(encoding))
    throw new DomainError(
      'unsupported_media_type',
      `Send ${type} as it is, not compressed: without Content-Encoding, or with "identity".`,
    );
}
