import { requestIdOf, traceOf } from './request.origin.js';

describe('where a request comes from', () => {
  it('keeps a request id that is fit for logs and replaces any other', () => {
    expect(requestIdOf({ headers: { 'x-request-id': 'abc.DEF-123_x' } })).toBe('abc.DEF-123_x');
    for (const bad of [undefined, 'short', 'a b c d e f g', 'x'.repeat(65), 'line\nbreak-here', ['a', 'b'] as never]) {
      expect(requestIdOf({ headers: { 'x-request-id': bad } })).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    }
  });

  it('takes a W3C trace and nothing that only looks like one', () => {
    const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(traceOf({ headers: { traceparent: good } })).toBe(good);
    for (const bad of [
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
      good.toUpperCase(),
      `${good}-x`,
      'x',
    ]) {
      expect(traceOf({ headers: { traceparent: bad } })).toBeUndefined();
    }
  });
});
