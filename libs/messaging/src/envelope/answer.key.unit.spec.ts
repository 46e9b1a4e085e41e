import fc from 'fast-check';
import { AnswerKey, type SealedBody } from './answer.key.js';

describe('the key of answers', () => {
  const [one, two, other] = [new AnswerKey(), new AnswerKey(), new AnswerKey()];
  const seal = (body: string | Uint8Array, about = 'x'): SealedBody =>
    one.sharedWith(two.text)?.seal(about, body) as SealedBody;
  const opened = (sealed: SealedBody, about = 'x', by = two, of = one): string | undefined =>
    by.sharedWith(of.text)?.open(about, sealed)?.toString();

  it('is agreed on by two processes, and by no third', () => {
    const sealed = seal('hidden');
    expect(opened(sealed)).toBe('hidden');
    expect(opened(sealed, 'x', other)).toBeUndefined();
    expect(opened(sealed, 'x', two, other)).toBeUndefined();
    expect(one.sharedWith('no key')).toBeUndefined();
  });

  it('hides what is said, whatever it is, and opens it as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 8 }), fc.string({ unit: 'binary' }), (body, about) => {
        for (const each of [body, Buffer.from(body)]) {
          const sealed = seal(each, about);
          expect(sealed.body.includes(Buffer.from(body))).toBe(false);
          expect(opened(sealed, about)).toBe(Buffer.from(body).toString());
        }
      }),
    );
  });

  it('opens nothing that was changed: a bit of it, what is said beside it, or its length', () => {
    const sealed = seal('the answer');
    const parts = [sealed.mark, sealed.body];
    const flips = parts.flatMap((part, which) => [...part].map((_, at) => [which, at] as const));
    for (const [which, at] of flips) {
      const [mark = Buffer.of(), body = Buffer.of()] = parts.map((part) => Buffer.from(part));
      const changed = [mark, body][which] as Buffer;
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(opened({ mark, body })).toBeUndefined();
    }
    expect(opened(sealed, 'y')).toBeUndefined();
    expect(opened({ ...sealed, body: sealed.body.subarray(1) })).toBeUndefined();
    expect(opened({ ...sealed, mark: sealed.mark.subarray(0, 20) })).toBeUndefined();
    expect(opened({ ...sealed, mark: Buffer.of() })).toBeUndefined();
  });

  it('opens nothing that is sent back to who said it', () => {
    expect(opened(seal('said by one'), 'x', one, two)).toBeUndefined();
  });

  it('seals nothing twice in the same way, also where it is agreed on anew', () => {
    const marks = new Set<string>();
    const strangers = Array.from({ length: 1_001 }, () => new AnswerKey());
    marks.add(seal('').mark.toString('hex', 0, 12));
    // One more than is remembered: what was agreed on with the second is forgotten.
    strangers.forEach((stranger) => one.sharedWith(stranger.text));
    marks.add(seal('').mark.toString('hex', 0, 12)).add(seal('').mark.toString('hex', 0, 12));
    expect(marks.size).toBe(3);
  });
});
