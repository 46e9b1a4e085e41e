import fc from 'fast-check';
import { utf8Slices } from './csv.bytes.js';
import { type Encoding, EncodingCensus } from './csv.encoding.js';

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
        await (good
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

  it('come through in every encoding that is found out by looking, whatever the pieces are', async () => {
    const text = 'Käte;Größe – “x”\n';
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const files: [Encoding, Buffer, string][] = [
      ['utf-8', Buffer.from(text), text],
      ['utf-16le', wide, text],
      ['utf-16be', Buffer.from(wide).swap16(), text],
      ['windows-1252', Buffer.from('K\xe4te \x96 \x80\n', 'latin1'), 'Käte – €\n'],
      ['iso-8859-1', Buffer.from('K\xe4te\n', 'latin1'), 'Käte\n'],
    ];
    for (const [encoding, bytes, expected] of files) {
      for (const size of [1, 3, 1_000]) {
        const census = new EncodingCensus();
        for await (const piece of pieces(bytes, size)) census.add(piece);
        expect([encoding, census.result()]).toEqual([encoding, encoding]);
        const slices: Buffer[] = [];
        for await (const slice of utf8Slices(pieces(bytes, size), encoding)) slices.push(slice);
        expect(Buffer.concat(slices).toString()).toBe(expected);
      }
    }
  });

  it('are taken for UTF-8 where most of what is no ASCII is that', () => {
    const found = (bytes: Buffer): string => {
      const census = new EncodingCensus();
      census.add(bytes);
      return census.result();
    };
    expect(found(Buffer.concat([Buffer.from('Zoë Änne '), Buffer.from('J\xfcrgen', 'latin1')]))).toBe('utf-8');
    expect(found(Buffer.from('J\xfcrgen, Zo\xeb', 'latin1'))).toBe('iso-8859-1');
    expect(found(Buffer.from('A\u0000B\u0000', 'latin1'))).toBe('utf-16le');
  });
});
