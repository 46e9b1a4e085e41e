import { type DomainError, leadsMessages, validated } from '@apollo/contracts';
import { checkedMapping, customKeys, storedMapping } from './import.mapping.js';

const refused = (mapping: Record<string, unknown>): string[] => {
  try {
    checkedMapping({ mapping });
    return [];
  } catch (error) {
    return (error as { fields: { field: string }[] }).fields.map(({ field }) => field);
  }
};

describe('the encoding of an import', () => {
  it('is refused with all that there are, where it is none of them', () => {
    const request = { file_name: 'x.csv', data: 'YQ==', whole: true, encoding: 'iso-8859-99' };
    const refusal = (): unknown => validated(leadsMessages.PreviewImportRequest, request);
    expect(refusal).toThrow(
      expect.objectContaining({
        fields: [
          {
            field: 'encoding',
            problem: expect.stringContaining(leadsMessages.IMPORT_ENCODINGS.join(', ')) as string,
          },
        ],
      }) as DomainError,
    );
  });
});

describe('the mapping of an import', () => {
  it('is kept as it was given', () => {
    const mapping = checkedMapping({
      mapping: { ' Name ': 'contact_name', Wert: 'value', Src: 'custom_fields.source' },
    });
    expect([...mapping]).toEqual([
      ['Name', 'contact_name'],
      ['Wert', 'value'],
      ['Src', 'custom_fields.source'],
    ]);
    expect(storedMapping.read(JSON.parse(storedMapping.write(mapping)))).toEqual(mapping);
    expect(storedMapping.shown(17)).toEqual({});
    expect(customKeys(mapping)).toEqual(['source']);
  });

  it('names every heading whose target is unknown, malformed or taken', () => {
    expect(
      refused({
        A: 'contact_name',
        B: 'org_id',
        C: 'id_of',
        D: 'custom_fields.',
        E: 'custom_fields.A b',
        F: 7,
        G: 'contact_name',
        H: 'email\u0000',
      }),
    ).toEqual(['mapping.B', 'mapping.C', 'mapping.D', 'mapping.E', 'mapping.F', 'mapping.G', 'mapping.H']);
    expect(refused({ A: 'contact_name', B: 'value', C: 'value_minor' })).toEqual(['mapping.C']);
    expect(refused({ A: 'contact_name', ' A': 'email' })).toEqual(['mapping. A']);
    expect(refused({ A: 'contact_name', ['__proto__']: 'email', constructor: 'toString' })).toEqual([
      'mapping.constructor',
    ]);
  });

  it('gives every row a name, or something to be named after', () => {
    expect(refused({ A: 'city' })).toEqual(['mapping']);
    for (const target of ['contact_name', 'first_name', 'last_name', 'email', 'phone', 'company'])
      expect(refused({ A: target })).toEqual([]);
    expect(checkedMapping({ mapping: { A: 'city' }, default_contact_name: 'Unknown' }).size).toBe(1);
  });

  it('may name several columns of addresses, phones and tags', () => {
    expect(refused({ A: 'email', B: 'email', C: 'phone', D: 'phone', E: 'tags', F: 'tags' })).toEqual([]);
  });
});
