import fc from 'fast-check';
import { utf8Slices } from './csv.bytes.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size = 7): Promise<string> {
  const slices: Buffer[] = [];
  for await (const slice of utf8Slices(pieces(bytes, size))) slices.push(slice);
  return Buffer.concat(slices).toString();
}

describe('the bytes of a file', () => {
  it('come through whatever the pieces are, each slice of whole characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 9 }), async (text, size) => {
        for await (const slice of utf8Slices(pieces(Buffer.from(text), size)))
          expect(Buffer.from(slice.toString())).toEqual(slice);
        expect(await read(Buffer.from(text), size)).toBe(
          Buffer.from(text)
            .toString()
            .replace(/^\uFEFF/, ''),
        );
      }),
    );
  });

  it('are refused exactly when a strict decoder refuses them', async () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (bytes, size) => {
        let good = true;
        try {
          strict.decode(bytes);
        } catch {
          good = false;
        }
        const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
        await (good && !utf16
          ? expect(read(bytes, size)).resolves.toBe(strict.decode(bytes))
          : expect(read(bytes, size)).rejects.toMatchObject({ code: 'invalid_encoding' }));
      }),
      { numRuns: 500 },
    );
  });

  it('lose a byte order mark and nothing else', async () => {
    expect(await read(Buffer.from('\uFEFFa\uFEFF'), 1)).toBe('a\uFEFF');
    expect(await read(Buffer.from('\uFEFF'), 1)).toBe('');
    expect(await read(Buffer.from('a'), 1)).toBe('a');
  });

  it('name the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('a\nb\nü\n'), Buffer.from([0x66, 0xfc, 0x0a])]);
    for (const size of [1, 2, 3, 100])
      await expect(read(bytes, size)).rejects.toMatchObject({ detail: expect.stringMatching(/^Line 4 /) as string });
  });

  it('in UTF-16 are told how to be saved', async () => {
    for (const mark of [
      [0xff, 0xfe],
      [0xfe, 0xff],
    ])
      await expect(read(Buffer.from([...mark, 0x61, 0x00]))).rejects.toMatchObject({
        code: 'invalid_encoding',
        detail: expect.stringMatching(/UTF-16/) as string,
      });
  });
});
