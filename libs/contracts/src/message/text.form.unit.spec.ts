import { legible } from './field.checks.js';
import { Email, FlatMap, Language, Optional, Phone, Text, TextList, TimeZone, WebAddress } from './fields.js';
import { inForm, isOvermarked, thinned } from './text.form.js';
import { DomainError } from './errors.js';
import { received, validated } from './validation.js';

class Everything {
  @Optional() @Text({ max: 10 }) text?: string;
  @Optional() @Text({ max: 20, lines: true }) lines?: string;
  @Optional() @Email() email?: string;
  @Optional() @WebAddress() site?: string;
  @Optional() @Phone() phone?: string;
  @Optional() @TimeZone() zone?: string;
  @Optional() @Language() language?: string;
  @Optional() @TextList({ max: 2, length: 100 }) tags?: string[];
  @Optional() @FlatMap({ keys: 3, length: 1_000 }) map?: Record<string, unknown>;
}

/** Marks that have to change places with each other, which takes time with the square of how many there are. */
const marks = (count: number): string => '\u0301\u0327'.repeat(count / 2);
/** Marks of half width, which are letters until they are taken apart. */
const halves = (count: number): string => '\u0301\uff9e'.repeat(count / 2);
const KINDS = { marks, halves };
const MEGABYTE = 1_000_000;

function refusal(payload: object, read: typeof validated = validated): unknown {
  try {
    return read(Everything, payload);
  } catch (error) {
    if (error instanceof DomainError) return error.fields;
    throw error;
  }
}

/** Longest row of marks, and longest text, that was put in a form meanwhile. */
function formedDuring(work: () => void): { row: number; length: number } {
  const seen = { row: 0, length: 0 };
  const { normalize } = String.prototype;
  // In its place, for it would take minutes, should it be asked.
  String.prototype.normalize = function (this: string): string {
    seen.length = Math.max(seen.length, this.length);
    for (const [row] of this.matchAll(/[\p{M}\uff9e\uff9f]+/gu)) seen.row = Math.max(seen.row, row.length);
    return String(this);
  };
  try {
    work();
  } finally {
    String.prototype.normalize = normalize;
  }
  return seen;
}

describe('a text with more marks in a row than any writing has', () => {
  it.each(Object.entries(KINDS))('is told from others by one mark, wherever it stands: %s', (_, row) => {
    for (const before of ['', 'a', 'ab', 'é'.repeat(40), '\u{1f600}'.repeat(20)])
      for (const behind of ['', 'b', 'c'.repeat(40)]) {
        expect(isOvermarked(`${before}${row(30)}${behind}`)).toBe(false);
        expect(isOvermarked(`${before}${row(30)}\u0327${behind}`)).toBe(true);
      }
    expect(isOvermarked('\u{1d165}'.repeat(31))).toBe(true);
    expect(isOvermarked(`${row(30)}a`.repeat(100))).toBe(false);
  });

  it('is left as it is by every form, and in its form without those that are too many', () => {
    const text = `a${marks(32)}b`;
    for (const form of ['NFC', 'NFKC', 'NFKD'] as const) expect(inForm(text, form)).toBe(text);
    expect(inForm('e\u0301', 'NFC')).toBe('é');
    expect(thinned(text)).toBe(`a${marks(30)}b`);
    expect(legible(` ${text} `)).toBe(`a${marks(30)}b`.normalize('NFC'));
  });

  it.each<[string, (text: string) => object, string]>([
    ['text', (text) => ({ text }), 'text'],
    ['text of lines', (text) => ({ lines: text }), 'lines'],
    ['address of mail', (text) => ({ email: `${text}@b.co` }), 'email'],
    ['address of a page', (text) => ({ site: `https://b.co/${text}` }), 'site'],
    ['text of a map', (text) => ({ map: { note: text } }), 'map.note'],
    ['text of a list in a map', (text) => ({ map: { note: [text] } }), 'map.note'],
  ])('is refused in so many words: %s', (_, payload, name) => {
    const told = [{ field: name.split('.')[0], problem: `${name} has too many combining marks in a row` }];
    expect(refusal(payload(`a${marks(32)}`))).toEqual(told);
  });

  it('is refused as a value of a list, and as a key of a map', () => {
    const text = `a${marks(32)}`;
    expect(refusal({ tags: [text] })).toEqual([
      { field: 'tags', problem: 'a value in tags has too many combining marks in a row' },
    ]);
    expect(refusal({ map: { [text]: 1 } })).toEqual([
      { field: 'map', problem: 'map has a key that has too many combining marks in a row' },
    ]);
  });
});

describe('a text of a megabyte', () => {
  const FIELDS: Readonly<Record<string, (text: string) => object>> = {
    text: (text) => ({ text }),
    lines: (lines) => ({ lines }),
    email: (text) => ({ email: `${text}@b.co` }),
    site: (text) => ({ site: `https://b.co/${text}` }),
    phone: (phone) => ({ phone }),
    zone: (zone) => ({ zone }),
    language: (language) => ({ language }),
    tags: (text) => ({ tags: [text] }),
    map: (text) => ({ map: { note: text } }),
    'a list in a map': (text) => ({ map: { note: [text] } }),
    'a key': (text) => ({ map: { [text]: 1 } }),
  };
  const WORST = [`a${marks(MEGABYTE / 2)}`, `${marks(MEGABYTE / 2)}a`, `a${marks(30)}`.repeat(MEGABYTE / 62)];

  it.each(Object.keys(FIELDS))('is refused before it is put in a form, whatever is in it: %s', (field) => {
    const seen = formedDuring(() => {
      for (const text of WORST)
        for (const read of [validated, received])
          expect(refusal(FIELDS[field]?.(text) ?? {}, read)).toEqual([
            { field: expect.any(String) as string, problem: expect.any(String) as string },
          ]);
    });
    expect(seen.row).toBeLessThanOrEqual(30);
    expect(seen.length).toBeLessThanOrEqual(6 * 1_000);
  });

  it('is put in a form, where that is asked for, by as many marks in a row as a writing may have', () => {
    const seen = formedDuring(() => {
      for (const row of Object.values(KINDS)) {
        legible(`a${row(MEGABYTE / 2)}`);
        for (const form of ['NFC', 'NFKC', 'NFKD'] as const) inForm(`a${row(MEGABYTE / 2)}`, form);
      }
    });
    expect(seen.row).toBeLessThanOrEqual(30);
  });
});

describe('a text of blanks and a word', () => {
  it('is the word, however many there are', () => {
    expect(validated(Everything, { text: `${' '.repeat(MEGABYTE)}e\u0301` }).text).toBe('é');
  });

  it('may be written in as many pieces as its letters have', () => {
    // Three accents on each of ten letters, and a letter of Gurung Khema that is made of three.
    expect(validated(Everything, { text: '\u1f82'.normalize('NFD').repeat(10) }).text).toBe('\u1f82'.repeat(10));
    expect(validated(Everything, { text: '\u{16126}'.normalize('NFD').repeat(10) }).text).toBe('\u{16126}'.repeat(10));
  });
});
