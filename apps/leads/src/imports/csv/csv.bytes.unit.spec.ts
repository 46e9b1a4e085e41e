import fc from 'fast-check';
import { turnsDuring } from '../others.turns.spec.js';
import { utf8Slices } from './csv.bytes.js';
import { type Encoding, EncodingDetector } from './csv.encoding.js';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size = 7): Promise<string> {
  const slices: Buffer[] = [];
  for await (const slice of utf8Slices(pieces(bytes, size))) slices.push(slice);
  return Buffer.concat(slices).toString();
}

/** A text as it is when it was misread as Windows-1252. */
const twice = (text: string): string => new TextDecoder('windows-1252', { ignoreBOM: true }).decode(Buffer.from(text));

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
      await expect(read(bytes, size)).rejects.toMatchObject({
        detail: 'Line 4 is not UTF-8. Save the file as UTF-8 and send it again, or say in encoding which one it is in.',
      });
  });

  it('name the line with a byte that is no letter of Windows-1252, and what may be the matter', async () => {
    for (const byte of [0x81, 0x8d, 0x8f, 0x90, 0x9d])
      for (const encoding of ['windows-1252', 'iso-8859-1'] as const)
        await expect(
          (async () => {
            const bytes = Buffer.concat([Buffer.from('a\r\nb\r\nM'), Buffer.from([byte]), Buffer.from('ller\n')]);
            for await (const slice of utf8Slices(pieces(bytes, 2), encoding)) expect(slice.length).toBeGreaterThan(0);
          })(),
        ).rejects.toMatchObject({
          code: 'invalid_encoding',
          detail: expect.stringMatching(/^Line 3 has .*another encoding/) as string,
        });
  });

  it('are those of an old Mac where that is said', async () => {
    const slices: Buffer[] = [];
    const bytes = Buffer.from('M\x9fller, Jos\x8e\n', 'latin1');
    for await (const slice of utf8Slices(pieces(bytes, 3), 'macintosh')) slices.push(slice);
    expect(Buffer.concat(slices).toString()).toBe('Müller, José\n');
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
      ['windows-1250', Buffer.from('Zi\xeaba, \xa3ukasz\n', 'latin1'), 'Zięba, Łukasz\n'],
      ['windows-1251', Buffer.from('\xc8\xe2\xe0\xed \xcf\xe5\xf2\xf0\xee\xe2\n', 'latin1'), 'Иван Петров\n'],
      ['windows-1253', Buffer.from('\xc5\xeb\xdd\xed\xe7 \xd0\xe1\xf0\xdc\n', 'latin1'), 'Ελένη Παπά\n'],
      ['windows-1254', Buffer.from('\xdd\xfeil \xc7a\xf0lar\n', 'latin1'), 'İşil Çağlar\n'],
      ['shift_jis', Buffer.from('\x8eR\x93c\x91\xbe\x98Y\n', 'latin1'), '山田太郎\n'],
      ['utf-8-twice', Buffer.from(twice('José – Größe\n')), 'José – Größe\n'],
      ['utf-8-twice', Buffer.from(`\uFEFF${twice('\uFEFFJosé\n')}`), 'José\n'],
    ];
    for (const [encoding, bytes, expected] of files) {
      for (const size of [1, 3, 1_000]) {
        const detector = new EncodingDetector();
        for await (const piece of pieces(bytes, size)) await detector.add(piece);
        expect([encoding, detector.result().encoding]).toEqual([encoding, encoding]);
        const slices: Buffer[] = [];
        for await (const slice of utf8Slices(pieces(bytes, size), encoding)) slices.push(slice);
        expect(Buffer.concat(slices).toString()).toBe(expected);
      }
    }
  });

  it('are taken for UTF-8 where most of what is no ASCII is that', async () => {
    const found = async (bytes: Buffer): Promise<string> => {
      const detector = new EncodingDetector();
      await detector.add(bytes);
      return detector.result().encoding;
    };
    const one = Buffer.from('J\xfcrgen ', 'latin1');
    expect(await found(Buffer.concat([Buffer.from('Zoë Änne '), one]))).toBe('utf-8');
    expect(await found(Buffer.concat([Buffer.from('Zoë '), one]))).toBe('utf-8');
    expect(await found(Buffer.from('J\xfcrgen, Zo\xeb', 'latin1'))).toBe('iso-8859-1');
    expect(await found(Buffer.from('A\u0000B\u0000', 'latin1'))).toBe('utf-16le');
  });

  it('are counted alike where some pieces of them are UTF-8', async () => {
    const four = Buffer.from('Zoë Änne Ω 𝄞 ');
    const found = async (broken: number): Promise<string> => {
      const detector = new EncodingDetector();
      for (const at of four.keys()) await detector.add(four.subarray(at, at + 1));
      await detector.add(Buffer.from('J\xfcrgen '.repeat(broken), 'latin1'));
      return detector.result().encoding;
    };
    expect([await found(4), await found(5)]).toEqual(['utf-8', 'iso-8859-1']);
  });

  it('are walked one by one only where they are no UTF-8, and others have their turns meanwhile', async () => {
    const good = Buffer.from('Я'.repeat(256 * 1024));
    const broken = Buffer.concat([good, Buffer.from('J\xfcrgen', 'latin1')]);
    expect(await turnsDuring(() => new EncodingDetector().add(good))).toBeLessThan(20);
    expect(await turnsDuring(() => new EncodingDetector().add(broken))).toBeGreaterThanOrEqual(32);
    // The few words of one are searched for piece by piece as well, and not in all of a file that is nothing else.
    const words = Buffer.alloc(512 * 1024, 'ab\xe9\xe9', 'latin1');
    const detector = new EncodingDetector();
    expect(await turnsDuring(() => detector.add(words))).toBeGreaterThanOrEqual(32);
    for (let n = 1; n < 8; n++) await detector.add(words);
    expect(await turnsDuring(() => detector.add(words))).toBeLessThan(32);
    expect(detector.result().encoding).toBe('iso-8859-1');
  });
});
