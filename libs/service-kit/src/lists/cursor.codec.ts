import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { DomainError, type Page } from '@apollo/contracts';
import { pageOf } from '@apollo/messaging';
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
  seal(list: string, query: object, position: object): string {
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

  /**
   * A page of a list, and the cursor of the next one where there is more: one row more than is asked for tells.
   *
   * @param list its name
   * @param request what is asked for, with its cursor and, unless it is 50 rows, its limit
   * @param read reads at most so many rows after a position, or from the beginning
   * @param positionOf where the page after a row starts
   * @param bytesOf what a row takes of an answer, unless it is its JSON
   * @throws DomainError `invalid_cursor`
   */
  async page<Row extends object, Position extends object>(
    list: string,
    { cursor, limit = 50, ...query }: Page,
    read: (after: Position | undefined, limit: number) => Promise<readonly Row[]>,
    positionOf: (last: Row) => Position,
    bytesOf?: (row: Row) => number,
  ): Promise<{ items: Row[]; next_cursor: string | null }> {
    const after = cursor ? this.open<Position>(list, query, cursor) : undefined;
    const { items, last } = pageOf(await read(after, limit + 1), limit, bytesOf);
    return { items, next_cursor: last ? this.seal(list, query, positionOf(last)) : null };
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
