import { DomainError } from '@apollo/contracts';
import { checkedOptions, customValueProblem, MOST_CUSTOM_BYTES, withCustomFields } from './custom.field.rules.js';

const field = (key: string, kind: string, options: string[] = [], archived = false) => ({
  key,
  kind,
  options,
  archived,
});
const fields = [
  field('note', 'text'),
  field('size', 'number'),
  field('since', 'date'),
  field('tier', 'select', ['gold', 'tin']),
  field('tools', 'multi_select', ['axe', 'saw']),
  field('old', 'text', [], true),
  field('worth', 'money'),
];
const refusal = (change: Record<string, unknown>, current = {}): DomainError => {
  try {
    withCustomFields(fields, current, change);
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('was taken');
};

describe('custom fields', () => {
  it('take values of their kind', () => {
    const change = { note: 'x', size: 1.5, since: '2024-02-29', tier: 'gold', tools: ['saw', 'axe'] };
    expect(withCustomFields(fields, {}, change)).toEqual(change);
    expect(withCustomFields(fields, {}, { tools: [] })).toEqual({ tools: [] });
  });

  it.each([
    ['note', 1],
    ['note', ['x']],
    ['note', true],
    ['note', ''],
    ['note', ' \n'],
    ['note', '\u200b\u3164'],
    ['size', '1'],
    ['size', Number.NaN],
    ['size', Infinity],
    ['since', '2026-02-30'],
    ['since', '2026-1-1'],
    ['since', '2026-01-01T00:00:00Z'],
    ['since', 20260101],
    ['tier', 'silver'],
    ['tier', ['gold']],
    ['tools', 'axe'],
    ['tools', ['axe', 'axe']],
    ['tools', ['axe', 1]],
    ['old', 'x'],
  ])('refuse for %s the value %j', (key, value) => {
    expect(refusal({ [key]: value })).toMatchObject({
      code: 'validation_failed',
      fields: [{ field: `custom_fields.${key}` }],
    });
  });

  it('refuse keys nobody defined, those of every object included', () => {
    const change = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": null, "unknown": 1}') as Record<
      string,
      unknown
    >;
    expect(refusal(change).fields?.map(({ field: name }) => name)).toEqual([
      'custom_fields.__proto__',
      'custom_fields.constructor',
      'custom_fields.toString',
      'custom_fields.unknown',
    ]);
  });

  it.each([
    ['5 EUR', '5 EUR'],
    ['5.00 EUR', '5 EUR'],
    ['12.5 EUR', '12.50 EUR'],
    ['-3.00 EUR', '-3 EUR'],
    ['-0.00 EUR', '0 EUR'],
    ['-0 EUR', '0 EUR'],
    ['-0.05 EUR', '-0.05 EUR'],
    ['5.000 KWD', '5 KWD'],
    ['1.5 KWD', '1.500 KWD'],
    ['7.10 EUR', '7.10 EUR'],
    ['1000 JPY', '1000 JPY'],
  ])('keep the amount %s as %s, and change none that is there in another form', (given, kept) => {
    expect(withCustomFields(fields, {}, { worth: given })).toEqual({ worth: kept });
    expect(withCustomFields(fields, { worth: given }, { worth: kept })).toEqual({ worth: given });
  });

  it.each([
    '5',
    'EUR 5',
    '5 eur',
    '5.000 EUR',
    '5.0 JPY',
    '05 EUR',
    '+5 EUR',
    '1,5 EUR',
    '5 XXY',
    '1234567890123456 EUR',
  ])('refuse the amount %s', (given) => {
    expect(refusal({ worth: given }).fields).toEqual([
      { field: 'custom_fields.worth', problem: 'must be an amount with its currency, like 1200.50 EUR' },
    ]);
  });

  it('keep what is not named, set what is, and drop what is null, also of archived fields', () => {
    expect(withCustomFields(fields, { note: 'a', size: 1, old: 'z' }, { size: 2, note: null })).toEqual({
      size: 2,
      old: 'z',
    });
    expect(withCustomFields(fields, { old: 'z' }, { old: null })).toEqual({});
  });

  it('that hold what was taken away since are saved with the rest: as they are, and among others of a list', () => {
    const current = { tier: 'silver', tools: ['hoe', 'axe'], old: 'z' };
    const change = { ...current, note: 'new', tools: ['hoe', 'saw'] };
    expect(withCustomFields(fields, current, change)).toEqual(change);
    expect(withCustomFields(fields, { tools: ['hoe', 'rake'] }, { tools: ['rake'] })).toEqual({ tools: ['rake'] });
    for (const [key, value] of [
      ['tier', 'hoe'],
      ['tools', ['silver']],
      ['tools', ['hoe', 'rake']],
      ['old', 'y'],
    ] as const)
      expect(refusal({ [key]: value }, current).fields?.map(({ field: name }) => name)).toEqual([
        `custom_fields.${key}`,
      ]);
  });

  it('together stay small enough for a message', () => {
    const many = Array.from({ length: 40 }, (_, index) => field(`f${index}`, 'text'));
    const change = Object.fromEntries(many.map(({ key }) => [key, 'x'.repeat(MOST_CUSTOM_BYTES / 32)]));
    expect(() => withCustomFields(many, {}, change)).toThrow(DomainError);
  });

  it('of a kind nobody knows take nothing', () => {
    expect(customValueProblem(field('x', 'colour'), 'red')).toBeDefined();
  });

  it('keep options without blanks around them, by which two of them may be one', () => {
    expect(checkedOptions('select', [' gold', 'tin \n', 'u\u0308ber'])).toEqual(['gold', 'tin', '\u00fcber']);
    expect(() => checkedOptions('multi_select', ['gold', ' gold '])).toThrow(DomainError);
  });

  it('have no options that are alike but for case, unless they have them already', () => {
    const refused = expect.objectContaining({
      fields: [{ field: 'options', problem: 'must differ from each other in more than case, and Ja and ja do not' }],
    }) as Error;
    expect(() => checkedOptions('select', ['Ja', 'Nein', 'ja'])).toThrow(refused);
    expect(() => checkedOptions('multi_select', ['Ja', 'ja', 'x'], ['Ja', 'x'])).toThrow(refused);
    expect(checkedOptions('select', ['Ja', 'ja', 'x'], ['Ja', 'ja'])).toEqual(['Ja', 'ja', 'x']);
    expect(checkedOptions('select', ['schon', 'schön'])).toEqual(['schon', 'schön']);
  });

  it('have options exactly when there is something to choose', () => {
    expect(checkedOptions('select', ['a', 'b'])).toEqual(['a', 'b']);
    expect(checkedOptions('text', [])).toEqual([]);
    for (const [kind, options] of [
      ['select', []],
      ['multi_select', ['a', 'a']],
      ['number', ['1']],
    ] as const) {
      expect(() => checkedOptions(kind, options)).toThrow(DomainError);
    }
  });
});
