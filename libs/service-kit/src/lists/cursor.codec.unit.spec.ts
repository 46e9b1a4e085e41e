import { testOrg } from '@apollo/testing';
import { CursorCodec } from './cursor.codec.js';

describe('a cursor', () => {
  const codec = new CursorCodec('ab'.repeat(32));
  const org = testOrg();
  const query = { state: 'open', owner: undefined, tag: null, q: 'x' };
  const sealed = org.as(() => codec.seal('leads', query, { seq: '7' }));
  const open = (cursor: string, list = 'leads', of: object = query): unknown => codec.open(list, of, cursor);

  it('holds its position for the same person, list and query, in whatever order that is written', () => {
    expect(org.as(() => open(sealed))).toEqual({ seq: '7' });
    expect(org.as(() => open(sealed, 'leads', { q: 'x', state: 'open' }))).toEqual({ seq: '7' });
    expect(sealed.split('.').map((part) => Buffer.from(part, 'base64url').length)).toEqual([11, 32]);
  });

  it.each<[string, () => unknown]>([
    ['of another organization', () => testOrg().as(() => open(sealed), { actor: org.owner })],
    ['of another person', () => org.as(() => open(sealed), { actor: org.viewer })],
    ['of another list', () => org.as(() => open(sealed, 'notes'))],
    ['of another query', () => org.as(() => open(sealed, 'leads', { ...query, state: 'won' }))],
    ['of a wider query', () => org.as(() => open(sealed, 'leads', { state: 'open' }))],
    ['of another service', () => org.as(() => new CursorCodec('cd'.repeat(32)).open('leads', query, sealed))],
    ['with another position', () => org.as(() => open(`${btoa('{"seq":"8"}')}.${sealed.split('.')[1]}`))],
    ['without its seal', () => org.as(() => open(sealed.split('.')[0] ?? ''))],
    ['of nothing', () => org.as(() => open(''))],
  ])('is refused where it is %s', (_what, opening) => {
    expect(opening).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
  });
});
