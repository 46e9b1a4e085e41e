import { fieldsNamed, keyOf, labelOf, labelWords } from './field.label.js';

const field = (key: string, label: string, archived = false) => ({ key, label, archived, kind: 'text', options: [] });
/** Heading → key of the field that it fills. */
const found = (names: readonly string[], fields: readonly ReturnType<typeof field>[]) =>
  Object.fromEntries([...fieldsNamed(names, fields)].map(([name, { key }]) => [name, key]));

/** Headings that differ in nothing but what is no Latin letter or digit. */
const ALIKE = ['C', 'C++', 'C#', '#', '%', 'Umsatz', 'Umsatz %', 'Umsatz €', '?', '!'];
const FOREIGN = ['Город', 'Должность', '氏名', '電話番号', 'かき', 'がき', 'दिन', 'दान', 'الاسم', 'שם'];

describe('the key of a custom field', () => {
  it('says its heading, as far as Latin letters and digits can', () => {
    expect(['Lead origin', '1. Größe (m²)', 'Źródło', 'LeadOrigin'].map(keyOf)).toEqual([
      'lead_origin',
      'column_1_grosse_m2',
      'zrodlo',
      'lead_origin',
    ]);
  });

  it('is another one for each heading, and one that a field may have', () => {
    const long = ['a', 'b'].map((end) => `${'long '.repeat(30)}${end}`);
    const headings = [...ALIKE, ...FOREIGN, ...long];
    const keys = headings.map(keyOf);
    expect(new Set(keys).size).toBe(headings.length);
    for (const key of keys) expect(key).toMatch(/^[a-z][a-z0-9_]{0,59}$/);
    expect(keys).toEqual(headings.map(keyOf));
  });
});

describe('the custom field of a column', () => {
  it('is the one that is labelled so, whatever its key and however the label is written', () => {
    const fields = [...ALIKE, ...FOREIGN].map((label, at) => field(`column_${at + 1}`, label));
    expect(found([...ALIKE, ...FOREIGN], fields)).toEqual(
      Object.fromEntries(fields.map(({ key, label }) => [label, key])),
    );
    expect(found(['branche'], [field('sector', 'Branche')])).toEqual({ branche: 'sector' });
    expect(found(['LEAD-ORIGIN'], [field('source', 'Lead origin')])).toEqual({ 'LEAD-ORIGIN': 'source' });
  });

  it.each([
    ['Umsatz €', 'umsatz', 'Umsatz %'],
    ['Umsatz', 'umsatz', 'Umsatz %'],
    ['Umsatz 2', 'umsatz_2', 'Umsatz €'],
    ['Note 2', 'note_2', 'NOTE'],
    ['Должность', 'column', 'Город'],
    ['Column', 'column', 'Город'],
    ['2024', 'column_2024', 'Column 2024'],
    ['C++', 'c', 'C'],
  ])('is not one whose key is what is left of another label: %s is not %s of %s', (heading, key, label) => {
    expect(found([heading], [field(key, label)])).toEqual({});
  });

  it('is by its key one that was given another label, and as our export names it', () => {
    expect(found(['Lead origin'], [field('lead_origin', 'Where from')])).toEqual({ 'Lead origin': 'lead_origin' });
    expect(found(['Umsatz %'], [field(keyOf('Umsatz %'), 'Growth')])).toEqual({ 'Umsatz %': keyOf('Umsatz %') });
    expect(found(['custom_fields.saldo'], [field('saldo_2', 'Saldo')])).toEqual({ 'custom_fields.saldo': 'saldo_2' });
    expect(found(['custom_fields.saldo'], [field('old', 'custom_fields.saldo'), field('other', 'Saldo')])).toEqual({
      'custom_fields.saldo': 'old',
    });
    expect([keyOf('custom_fields.saldo'), labelOf('custom_fields.saldo')]).toEqual(['saldo', 'saldo']);
    expect(found(['custom_fields.city_2'], [field('city_2', 'City'), field('x', 'custom_fields.city_2')])).toEqual({
      'custom_fields.city_2': 'city_2',
    });
  });

  it('is the exact one of several that are alike, each of them for one column', () => {
    const fields = [field('note', 'Note'), field('note_2', 'note')];
    expect(found(['note', 'Note'], fields)).toEqual({ note: 'note_2', Note: 'note' });
    expect(found(['note'], fields)).toEqual({ note: 'note_2' });
    expect(found(['NOTE', 'Note', 'note'], fields)).toEqual({ Note: 'note', note: 'note_2' });
    expect(found(['NOTE'], fields)).toEqual({ NOTE: 'note' });
  });

  it('is an archived one only where no other is called so', () => {
    expect(found(['Junk'], [field('junk', 'Junk', true), field('junk_2', 'junk')])).toEqual({ Junk: 'junk_2' });
    expect(found(['Junk'], [field('junk', 'Junk', true)])).toEqual({ Junk: 'junk' });
  });

  it('is compared without what only separates words', () => {
    expect(labelWords('  Lead_origin: (primary) ')).toBe('lead origin primary');
    expect(labelWords('Ｕｍｓａｔｚ')).toBe('umsatz');
  });
});
