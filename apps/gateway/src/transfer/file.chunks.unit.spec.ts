import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { CHUNK_BYTES, sendInChunks } from './file.chunks.js';

describe('a file in chunks', () => {
  it('is the same file, however it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 700_000 }), { maxLength: 8 }), async (sizes) => {
        const parts = sizes.map((size, index) => Buffer.alloc(size, index + 1));
        const sent: Buffer[] = [];
        const { chunks, sha256 } = await sendInChunks(
          Readable.from(parts.filter(({ length }) => length > 0)),
          2,
          async (seq, data) => void (sent[seq] = data),
        );
        const whole = Buffer.concat(parts);
        expect(Buffer.concat(sent).equals(whole)).toBe(true);
        expect([chunks, sha256]).toEqual([
          Math.ceil(whole.length / CHUNK_BYTES),
          createHash('sha256').update(whole).digest('hex'),
        ]);
        expect(sent.slice(0, -1).every(({ length }) => length === CHUNK_BYTES)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('stops at the first chunk that is refused and reads no further', async () => {
    let read = 0;
    const source = Readable.from(
      (function* () {
        for (; read < 100; read++) yield Buffer.alloc(CHUNK_BYTES);
      })(),
    );
    await expect(
      sendInChunks(source, 2, async (seq) => {
        if (seq === 1) throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(read).toBeLessThan(25);
    expect(source.destroyed).toBe(true);
  });
});
