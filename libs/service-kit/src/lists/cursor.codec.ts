import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { derivedKey } from '../process/derived.key.js';

/**
 * Seals list positions: a cursor works for the organization, the person and the query it was made for and for nothing
 * else. It holds the position in clear (it is the caller's own data) and a MAC over position and circumstances.
 */
export class CursorCodec {
  private readonly key: KeyObject;

  /** @param secretHex a secret of the service, 64 hex digits; the cursor key is derived from it */
  constructor(secretHex: string) {
    this.key = derivedKey(secretHex, 'cursor');
  }

  /**
   * @param list name of the list;
   * @param query the request without its cursor and limit;
   * @param position where the next page starts
   */
  seal(list: string, query: object, position: Record<string, unknown>): string {
    const body = Buffer.from(JSON.stringify(position));
    return `${body.toString('base64url')}.${this.mac(list, query, body).toString('base64url')}`;
  }

  /** @throws DomainError `invalid_cursor` for a cursor of another org, person or query, or a made-up one */
  open<Position>(list: string, query: object, cursor: string): Position {
    const [body = '', mac = ''] = cursor.split('.');
    const position = Buffer.from(body, 'base64url');
    const expected = this.mac(list, query, position);
    const given = Buffer.from(mac, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new DomainError('invalid_cursor');
    }
    return JSON.parse(position.toString()) as Position;
  }

  private mac(list: string, query: object, position: Buffer): Buffer {
    const { orgId, actor } = currentTenant();
    const entries = Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const circumstances = createHash('sha256')
      .update(JSON.stringify([list, orgId, actor, entries]))
      .digest();
    return createHmac('sha256', this.key).update(circumstances).update(position).digest();
  }
}
