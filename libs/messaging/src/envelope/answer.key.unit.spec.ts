import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { AnswerCode, AnswerKey } from './answer.key.js';

describe('the key of answers', () => {
  it('makes codes that are HMAC-SHA-256', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(bytes, fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 300 }), (key, text, body) => {
        const expected = createHmac('sha256', key).update(text).update(body).digest('hex');
        expect(new AnswerCode(key).of(text, body).toString('hex')).toBe(expected);
      }),
    );
    expect(
      new AnswerCode(Buffer.from('key')).of('a', 'ü').equals(new AnswerCode(Buffer.from('key')).of('aü', '')),
    ).toBe(true);
  });

  it('is agreed on by two processes, and by no third', () => {
    const [one, two, other] = [new AnswerKey(), new AnswerKey(), new AnswerKey()];
    const code = (key: AnswerKey, to: AnswerKey): string | undefined =>
      key.sharedWith(to.text)?.of('x', '').toString('hex');
    expect(code(one, two)).toBe(code(two, one));
    expect(code(other, two)).not.toBe(code(one, two));
    expect(one.sharedWith('no key')).toBeUndefined();
  });
});
