import { legible } from '@apollo/contracts';
import fc from 'fast-check';
import { PASSAGE_CHARACTERS, PASSAGE_OCTETS } from './document.limits.js';
import { cutText } from './passage.cut.js';

const bodies = async (text: string): Promise<string[]> =>
  (await cutText([{ page: 1, text }], true)).passages.map(({ body }) => body);

describe('the passages of a text', () => {
  it('end between paragraphs, lines, sentences or words, and lose none', async () => {
    const sentence = 'Some words that say something. ';
    const paragraph = sentence.repeat(30).trim();
    expect(await bodies(`${paragraph}\n\n${paragraph}`)).toEqual([paragraph, paragraph]);
    const long = sentence.repeat(200).trim();
    expect((await bodies(long)).join(' ')).toBe(long);
    expect((await bodies(long)).every((body) => body.endsWith('.'))).toBe(true);
    expect((await bodies('x'.repeat(4_000))).map(({ length }) => length)).toEqual([1_500, 1_500, 1_000]);
    expect((await bodies('字'.repeat(1_500))).join('')).toBe('字'.repeat(1_500));
    expect((await bodies('😀'.repeat(1_600))).join('')).toBe('😀'.repeat(1_600));
  });

  it('have the page of the file, or where it has none, of what its text is cut into', async () => {
    const text = [
      { page: 1, text: 'first' },
      { page: 4, text: 'second' },
    ];
    expect(await cutText(text, true)).toEqual({
      pages: 4,
      passages: [
        { page: 1, nth: 1, body: 'first' },
        { page: 4, nth: 1, body: 'second' },
      ],
    });
    const sheets = await cutText([{ page: 1, text: 'a line of it\n'.repeat(1_000) }], false);
    expect(sheets.pages).toBe(5);
    expect(sheets.passages.map(({ page, nth }) => `${page}.${nth}`).slice(0, 5)).toEqual([
      '1.1',
      '1.2',
      '2.1',
      '2.2',
      '3.1',
    ]);
    expect(await cutText([], false)).toEqual({ pages: 0, passages: [] });
  });

  it('are no longer than they may be, also where their one form is longer than what was written', async () => {
    const [passage, ...others] = await bodies('\u0958'.repeat(1_400));
    expect([passage, ...others].map((body) => body?.length ?? 0).every((length) => length <= PASSAGE_CHARACTERS)).toBe(
      true,
    );
    expect([passage, ...others].join('')).toBe('\u0915\u093c'.repeat(1_400));
  });

  it('are texts that may be kept and said, whatever a file holds', async () => {
    const strange = fc.constantFrom(
      '\0',
      '\u202e',
      '\ud800',
      '\u200b',
      '\ue000',
      '\n\n\n\n',
      '\r',
      '\t',
      '😀',
      'e\u0301',
      '\f',
    );
    const text = fc
      .array(fc.oneof(strange, fc.string({ unit: 'binary', maxLength: 3_000 })))
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (said, hasPages) => {
        const { passages, pages } = await cutText([{ page: 1, text: said }], hasPages);
        for (const { body, page } of passages) {
          expect(body.length).toBeLessThanOrEqual(PASSAGE_CHARACTERS);
          expect(legible(body)).toBe(body);
          expect(body).toMatch(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u);
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(PASSAGE_OCTETS);
          expect(page).toBeLessThanOrEqual(pages);
        }
      }),
    );
  });
});
