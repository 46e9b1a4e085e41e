import fc from 'fast-check';
import { DomainError } from './errors.js';
import {
  Choice,
  Email,
  Flag,
  FlatMap,
  Instant,
  Int,
  Nested,
  NestedList,
  Nullable,
  Optional,
  Secret,
  Phone,
  schemaOf,
  Text,
  TextList,
  Uuid,
  WebAddress,
} from './fields.js';
import { received, validated } from './validation.js';

class Inner {
  @Text({ max: 5 }) word!: string;
  @Optional() @Flag() more?: boolean;
}

class Everything {
  @Text({ max: 10 }) text!: string;
  @Optional() @Text({ max: 20, lines: true }) lines?: string;
  @Optional() @Uuid() id?: string;
  @Optional() @Email() email?: string;
  @Optional() @Phone() phone?: string;
  @Optional() @WebAddress() site?: string;
  @Optional() @Int({ min: 1, max: 9 }) count?: number;
  @Optional() @Nullable() @Int({ min: 1, max: 9 }) cleared?: number | null;
  @Optional() @Flag() flag?: boolean;
  @Optional() @Choice(['a', 'b']) choice?: 'a' | 'b';
  @Optional() @Instant() at?: string;
  @Optional() @Nested(() => Inner) inner?: Inner;
  @Optional() @NestedList(() => Inner, { max: 2 }) list?: Inner[];
  @Optional() @TextList({ max: 2, length: 5 }) tags?: string[];
  @Optional() @FlatMap({ keys: 3, length: 10 }) map?: Record<string, unknown>;
  @Optional() @Secret({ max: 10 }) secret?: string;
}

const accepts = (payload: Record<string, unknown>): boolean => {
  try {
    validated(Everything, { text: 'x', ...payload });
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'validation_failed') return false;
    throw error;
  }
};

describe('fields', () => {
  it.each([
    { text: 'ten chars!' },
    { lines: 'one\ntwo\tthree' },
    { id: '01890a5d-ac96-774b-bcce-b302099a8057' },
    { email: 'a@b.co' },
    { phone: '+4930123456' },
    { site: 'https://example.com' },
    { count: 9 },
    { flag: false },
    { choice: 'b' },
    { at: '2026-01-01T00:00:00Z' },
    { inner: { word: 'w' } },
    { list: [{ word: 'w' }] },
    { tags: ['a', 'b'] },
    { map: { a: 1, b: 'x', c: ['y'] } },
    { map: { constructor: 'x', toString: 'y', hasOwnProperty: ['z'] } },
    { map: JSON.parse('{"__proto__":"x"}') as Record<string, unknown> },
    { text: 'Zoë 🚀 李' },
    { text: 'שלום' },
    { text: '👩\u200d💻' },
    { lines: '\n x \n' },
    { count: null },
  ])('accept %j', (payload) => {
    expect(accepts(payload)).toBe(true);
  });

  it.each([
    ['text', 'Jose\u0301', 'José'],
    ['lines', 'Jose\u0301\n', 'José\n'],
    ['tags', ['e\u0301', 'é'], ['é', 'é']],
    ['map', { 'e\u0301': 'e\u0301', b: ['e\u0301'] }, { é: 'é', b: ['é'] }],
  ])('keep a %s in one form', (name, given, kept) => {
    expect(validated(Everything, { text: 'x', [name]: given })).toMatchObject({ [name]: kept });
  });

  it.each([
    ['text', ' \u00a0Ada ', 'Ada'],
    ['email', ' ada@example.com\u00a0', 'ada@example.com'],
    ['phone', '\t+4930123456 ', '+4930123456'],
    ['phone', '+49 (0)30 123456', '+4930123456'],
    ['phone', '0049 30/123-456', '+4930123456'],
    ['phone', '+1 (512) 555\u20110142', '+15125550142'],
    ['site', ' https://example.com\n', 'https://example.com'],
    ['tags', [' g '], [' g ']],
    ['lines', '  one\n', '  one\n'],
  ])('keep a %s without blanks around it where it is one text of one line', (name, given, kept) => {
    expect(validated(Everything, { text: 'x', [name]: given })).toMatchObject({ [name]: kept });
  });

  it('leave out what is null where null says nothing of its own, at any depth, and keep it where it clears', () => {
    const payload = {
      text: 'x',
      count: null,
      cleared: null,
      inner: { word: 'w', more: null },
      list: [{ word: 'w', more: null }],
    };
    const inner = Object.assign(new Inner(), { word: 'w' });
    for (const read of [validated, received])
      expect(read(Everything, payload)).toStrictEqual(
        Object.assign(new Everything(), { text: 'x', cleared: null, inner, list: [inner] }),
      );
    expect(validated(Inner, { word: 'w', more: null })).toStrictEqual(inner);
  });

  it.each([
    ['a sign that says how the one before is drawn', 'a\ufe0f', 2],
    ['a sign outside the basic plane', '\u{1f600}', 1],
    ['a letter', 'a', 1],
  ])('count %s as a database does', (_what, sign, characters) => {
    const most = (max: number): string => sign.repeat(max / characters);
    for (const field of ['text', 'secret', 'tags']) {
      const max = { text: 10, secret: 10, tags: 4 }[field] as number;
      const payload = (text: string) => ({ text: 'x', [field]: field === 'tags' ? [text] : text });
      expect([field, accepts(payload(most(max)))]).toEqual([field, true]);
      expect([field, accepts(payload(`${most(max)}${'b'.repeat(2)}`))]).toEqual([field, false]);
    }
  });

  it('leave a secret as it is', () => {
    for (const secret of ['Jose\u0301', ' ', '\u202e'])
      expect(validated(Everything, { text: 'x', secret }).secret).toBe(secret);
  });

  // U+200B, a word joiner, a filler, Braille's blank, an ideographic space, a variation selector.
  const invisible = [' ', '\t', '\u00a0', '\u200b', '\u2060', '\u3164', '\u2800', '\u3000', '\ufe0f', '\u00ad\u034f'];
  it.each(invisible)('refuse a text of which nothing is seen: %j', (text) => {
    for (const payload of [
      { text },
      { lines: text },
      { tags: [text] },
      { email: `a${text}b@x.test` },
      { site: `https://a${text}b.test` },
    ])
      expect([payload, accepts(payload)]).toEqual([payload, false]);
  });

  it.each(['\u202e', '\u202a', '\u2066', '\u200f', '\u061c'])('refuse what turns the direction of text: %j', (turn) => {
    const text = `ab${turn}cd`;
    for (const payload of [
      { text },
      { lines: text },
      { tags: [text] },
      { map: { a: text } },
      { email: `${text}@x.test` },
    ])
      expect([payload, accepts(payload)]).toEqual([payload, false]);
  });

  const refused: Record<string, unknown>[] = [
    { text: '' },
    { text: 'eleven chars' },
    { text: 1 },
    { text: null },
    { text: ['x'] },
    { text: 'a\u0000b' },
    { text: 'a\nb' },
    { text: 'a\u001b[31m' },
    { text: '\ud800' },
    { lines: 'a\u0007' },
    { id: '01890A5D-AC96-774B-BCCE-B302099A8057' },
    { id: 'x' },
    { email: 'no' },
    { email: '\ud800' },
    { email: 'a@\ud800.co' },
    { site: 'https://\ud800.co' },
    { email: `${'a'.repeat(250)}@b.co` },
    { phone: '030123' },
    { phone: '+1' },
    { phone: '030 123456' },
    { phone: '+49 30 123456 ext 7' },
    { site: 'javascript:alert(1)' },
    { site: 'file:///etc/passwd' },
    { count: 0 },
    { count: 10 },
    { count: 1.5 },
    { count: '3' },
    { count: NaN },
    { flag: 'true' },
    { flag: 1 },
    { choice: 'c' },
    { at: 'yesterday' },
    { at: 5 },
    { inner: {} },
    { inner: { word: 'toolong' } },
    { inner: { word: 'w', more: 1 } },
    { inner: [] },
    { inner: 'x' },
    { list: [{ word: 'w' }, { word: 'w' }, { word: 'w' }] },
    { list: {} },
    { list: [1] },
    { tags: ['toolong'] },
    { tags: [1] },
    { tags: 'a' },
    { map: { a: { b: 1 } } },
    { map: [] },
    { map: { a: 1, b: 1, c: 1, d: 1 } },
    { map: { a: Infinity } },
    { map: { a: 'x'.repeat(11) } },
    { unknown: 1 },
    { constructor: 1 },
    { text: 'x', org_id: 'y' },
  ];
  it.each(refused)('refuse %j', (payload) => {
    expect(accepts(payload)).toBe(false);
  });

  it('never throw anything but their own refusal, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(schemaOf(Everything)['properties'] as object), '__proto__', 'toString'),
          fc.anything(),
        ),
        (payload) => {
          expect(typeof accepts(payload)).toBe('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('say of a value of another type that one thing, and of an empty one that it is empty', () => {
    const told = (payload: object): unknown => {
      try {
        return validated(Everything, { text: 'x', ...payload });
      } catch (error) {
        return (error as DomainError).fields?.map(({ problem }) => problem);
      }
    };
    expect(told({ text: 7 })).toEqual(['text must be a string']);
    expect(told({ text: undefined })).toEqual(['text is missing']);
    expect(told({ lines: ['a'] })).toEqual(['lines must be a string']);
    expect(told({ count: '5' })).toEqual(['count must be an integer number']);
    expect(told({ list: 'a' })).toEqual(['list must be an array']);
    expect(told({ tags: 'a' })).toEqual(['tags must be an array']);
    expect(told({ at: 7 })).toEqual(['at must be a valid ISO 8601 date string']);
    expect(told({ inner: 7 })).toEqual(['inner must be an object']);
    for (const text of ['', '  ']) expect(told({ text })).toEqual(['text must not be empty or invisible']);
  });

  it.each([
    [{ map: { t: 'x'.repeat(11) } }, 'map.t must be at most 10 characters'],
    [{ map: { t: ['x', 'x'.repeat(11)] } }, 'map.t must be at most 10 characters'],
    [{ map: { t: 'a\u0001b' } }, 'map.t holds control characters'],
    [{ map: { t: 'a\ud800' } }, 'map.t holds half of a character: a surrogate without the other one'],
    [{ map: { t: 'a\u202eb' } }, 'map.t holds characters that turn the direction of text'],
    [{ map: { t: { b: 1 } } }, 'map.t must be a text, a number, true, false, null or a list of those'],
    [{ map: { t: Infinity } }, 'map.t must be a finite number'],
    [{ map: { t: Array.from({ length: 101 }, () => 1) } }, 'map.t must be at most 100 values'],
    [{ map: { a: 1, b: 1, c: 1, d: 1 } }, 'map must be at most 3 keys'],
    [{ map: [] }, 'map must be an object'],
    [{ map: { ['x'.repeat(201)]: 1 } }, expect.stringMatching(/^map has a key that is longer/)],
    [{ map: { $value: { b: 1 } } }, expect.stringMatching(/^map: a value must be a text/)],
    [{ text: '\ud800' }, 'text holds half of a character: a surrogate without the other one'],
    [{ text: 'a\u0000' }, 'text holds control characters'],
    [{ lines: 'a\udfff' }, 'lines holds half of a character: a surrogate without the other one'],
  ])('say what is wrong with a value, and under which key: %j', (payload, problem) => {
    const told = (): unknown => {
      try {
        return validated(Everything, { text: 'x', ...payload });
      } catch (error) {
        return (error as DomainError).fields?.map((each) => each.problem);
      }
    };
    expect(told()).toEqual([problem]);
  });

  it('say in their schema how long texts of a map may be', () => {
    const { map } = schemaOf(Everything)['properties'] as Record<string, { description: string }>;
    expect(map?.description).toBe('At most 3 keys; texts of at most 10 characters, lists of at most 100 values.');
  });

  it('name every refused field with its path', () => {
    try {
      validated(Everything, { text: '', inner: { word: 1 } });
    } catch (error) {
      expect((error as DomainError).fields?.map((field) => field.field)).toEqual(
        expect.arrayContaining(['text', 'inner.word']),
      );
    }
    expect.assertions(1);
  });
});

describe('a field that is missing', () => {
  class Kinds {
    @Text({ max: 5 }) text!: string;
    @Email() email!: string;
    @Uuid() id!: string;
    @Int({ min: 1, max: 9 }) count!: number;
    @Choice(['a', 'b']) one!: 'a' | 'b';
    @Flag() flag!: boolean;
    @Instant() at!: string;
    @Nested(() => Inner) inner!: Inner;
    @NestedList(() => Inner, { max: 2 }) inners!: Inner[];
  }

  it('is told in one way, whatever it has to be', () => {
    const names = ['text', 'email', 'id', 'count', 'one', 'flag', 'at', 'inner', 'inners'];
    const missing = names.map((field) => ({ field, problem: `${field} is missing` }));
    expect(() => validated(Kinds, {})).toThrow(expect.objectContaining({ fields: expect.arrayContaining(missing) }));
    expect(() => validated(Kinds, { text: 7, email: 7 })).toThrow(
      expect.objectContaining({
        fields: expect.arrayContaining([
          { field: 'text', problem: 'text must be a string' },
          { field: 'email', problem: 'email must be a string' },
        ]),
      }),
    );
  });
});
