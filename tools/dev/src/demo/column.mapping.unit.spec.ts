import { guessMapping } from './column.mapping.js';

describe('the guess what a column is', () => {
  it.each([
    ['ProspectID', 'external_id'],
    ['Lead ID', 'external_id'],
    ['Contact name', 'contact_name'],
    ['E-Mail', 'email'],
    ['Organisation', 'company'],
    ['Deal value', 'value'],
    ['Mobile phone', 'phone'],
  ])('takes "%s" for %s', (heading, field) => {
    expect(guessMapping([heading]).mapping).toEqual({ [heading]: field });
  });

  it.each([
    ['LeadOrigin', 'lead_origin'],
    ['Spécialité (1er choix)', 'specialite_1er_choix'],
    ['2nd visit', 'column_2nd_visit'],
    ['住所', 'column'],
  ])('makes a custom field of "%s"', (heading, key) => {
    expect(guessMapping([heading]).mapping).toEqual({ [heading]: `custom_fields.${key}` });
  });

  it('gives each field to one column and the next one a field of its own', () => {
    expect(guessMapping(['id', 'Lead ID', 'value', 'value_minor']).mapping).toEqual({
      id: 'external_id',
      'Lead ID': 'custom_fields.lead_id',
      value: 'value',
      value_minor: 'custom_fields.value_minor',
    });
  });

  it('gives no key twice, however alike or long the headings are', () => {
    const long = 'x'.repeat(90);
    const targets = Object.values(guessMapping(['Visits', 'visits', 'VISITS!', `${long}a`, `${long}b`]).mapping);
    expect(new Set(targets).size).toBe(5);
    for (const target of targets) expect(target).toMatch(/^custom_fields\.[a-z][a-z0-9_]{0,59}$/);
  });

  it('leaves out columns without a name of their own, and what is more than an import takes', () => {
    expect(guessMapping(['id', '', 'same', 'same'])).toEqual({ mapping: { id: 'external_id' }, leftOut: 3 });
    expect(guessMapping(Array.from({ length: 103 }, (_, i) => `h${i}`)).leftOut).toBe(3);
  });
});
