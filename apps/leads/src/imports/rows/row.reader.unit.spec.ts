import { leadsMessages, legible, validated } from '@apollo/contracts';
import fc from 'fast-check';
import type { Formats } from '../cells/format.survey.js';
import { checkedMapping } from '../import.mapping.js';
import { type RowOutcome, rowIds } from './lead.row.js';
import { ReferenceResolver } from './reference.resolver.js';
import { RowReader } from './row.reader.js';
import { TagResolver } from './tag.resolver.js';

const importId = '0199aaaa-0000-7000-8000-000000000001';
const stageId = '0199aaaa-0000-7000-8000-000000000009';
const userId = '0199aaaa-0000-7000-8000-000000000008';
const fields = [
  { key: 'note', kind: 'text', options: [], archived: false },
  { key: 'notes_2', kind: 'text', options: [], archived: false },
  { key: 'family_name', kind: 'number', options: [], archived: false },
  { key: 'points', kind: 'number', options: [], archived: false },
  { key: 'since', kind: 'date', options: [], archived: false },
  { key: 'worth', kind: 'money', options: [], archived: false },
  { key: 'tier', kind: 'select', options: ['gold', 'tin'], archived: false },
  { key: 'known', kind: 'select', options: ['N/A', 'yes'], archived: false },
  { key: 'langs', kind: 'multi_select', options: ['de', 'en'], archived: false },
];

interface Settings {
  readonly default?: string;
  readonly decimals?: number;
  readonly country?: string;
  readonly currency?: string;
  readonly zone?: string;
  readonly formats?: Formats;
  readonly currencyColumns?: readonly number[];
  /** Headings of the file, where there are more of them than the mapping names. */
  readonly heading?: readonly string[];
}

function reader(mapping: Record<string, string>, more: Settings = {}): (...cells: string[]) => RowOutcome {
  const rows = new RowReader(
    { line: 1, cells: [...(more.heading ?? Object.keys(mapping))] },
    {
      mapping: checkedMapping({ mapping, default_contact_name: more.default ?? 'x' }),
      fields,
      formats: more.formats ?? {},
      defaultContactName: more.default ?? null,
      country: more.country ?? 'DE',
      currency: more.currency ?? 'EUR',
      decimals: more.decimals ?? 2,
      currencyColumns: more.currencyColumns,
      zone: more.zone ?? 'Europe/Berlin',
      references: new ReferenceResolver(
        'p',
        [{ id: stageId, pipeline_id: 'p', name: 'Won' }],
        [
          { user_id: userId, name: 'Kim Muster', email: 'kim@example.com' },
          { user_id: stageId, name: 'Lee Gone', email: 'lee@example.com' },
        ],
        new Set([userId]),
        new TagResolver(['José', 'josé']),
      ),
    },
  );
  return (...cells) => rows.read({ line: 7, cells }, importId);
}

/** What one cell becomes in a lead that has another name; its text where it is left out. */
function cell(target: string, more: Settings = {}): (cell: string) => unknown {
  const read = reader({ N: 'contact_name', C: target }, more);
  const key = target.replace('custom_fields.', '');
  return (text) => {
    const { row, problems } = read('Anna', text);
    if (problems.length > 0) return { left: row?.kept['C']?.text };
    return (
      row?.custom_fields[key] ?? (row as unknown as Record<string, unknown>)[target === 'value' ? 'value_minor' : key]
    );
  };
}

describe('a row', () => {
  it('has nothing where people write that there is nothing, but for names, texts and options that are called so', () => {
    const words = ['k.A.', 'k. A.', 'n/a', 'n.a.', '-', 's/d', 'tbd', 'keine Angabe'];
    for (const target of [
      'phone',
      'email',
      'value',
      'city',
      'created_at',
      'custom_fields.points',
      'custom_fields.since',
    ])
      for (const word of words) {
        const { row, problems } = reader({ N: 'contact_name', C: target })('Anna', word);
        expect([target, word, problems, row?.kept]).toEqual([target, word, [], {}]);
      }
    expect(words.map(cell('custom_fields.tier'))).toEqual(words.map(() => undefined));
    expect(cell('custom_fields.note')('k.A.')).toBe('k.A.');
    expect(['N.D.', 'S.D.', 'N.C.'].map(cell('state'))).toEqual(['N.D.', 'S.D.', 'N.C.']);
    expect(['n.d.', 's.d.'].map(cell('phone'))).toEqual([undefined, undefined]);
    expect(reader({ F: 'first_name', L: 'last_name' })('K.A.', 'Smith').row?.contact_name).toBe('K.A. Smith');
    expect(cell('custom_fields.known')('N/A')).toBe('N/A');
  });

  it('becomes a lead, empty cells left out and blanks around cells dropped', () => {
    const read = reader({ N: 'contact_name', T: 'tags', P: 'phone', V: 'value', C: 'custom_fields.note' });
    const plain = { id: importId, line: 7, named: true, kept: {}, custom_fields: {} };
    expect(read(' Anna ', 'a; b|a,,', "'+49 (30) 123-456", '12.5', '')).toEqual({
      row: { ...plain, contact_name: 'Anna', tags: ['a', 'b'], phone: '+4930123456', value_minor: 1250 },
      problems: [],
    });
    expect(read('Anna')).toEqual({ row: { ...plain, contact_name: 'Anna' }, problems: [] });
  });

  it('needs a name: its own, joined from parts, after what it has, or the default one', () => {
    const name = (mapping: Record<string, string>, cells: string[], fallback?: string) => {
      const { row, problems } = reader(mapping, { default: fallback })(...cells);
      return row ? [row.contact_name, row.named] : problems;
    };
    expect(name({ N: 'contact_name' }, [''])).toEqual([
      {
        line: 7,
        column: 'N',
        problem: expect.stringMatching(/^has neither a name nor a company/) as string,
        refused: true,
      },
    ]);
    expect(name({ N: 'contact_name' }, [''], 'Unknown')).toEqual(['Unknown', false]);
    expect(name({ F: 'first_name', M: 'middle_name', L: 'last_name' }, ['Ana', '', 'Ávila'])).toEqual([
      'Ana Ávila',
      true,
    ]);
    expect(name({ N: 'contact_name', C: 'company', M: 'email' }, ['', 'ACME', 'a@b.test'], 'x')).toEqual([
      'ACME',
      false,
    ]);
    expect(name({ N: 'contact_name', P: 'phone' }, ['', '030 123456'])).toEqual(['+4930123456', false]);
    const others: Record<string, string>[] = [
      {},
      { N: 'contact_name' },
      { N: 'contact_name', C: 'company', P: 'phone' },
    ];
    for (const columns of others) {
      const cells = Object.keys(columns).map(() => '');
      expect(name({ ...columns, I: 'external_id' }, [...cells, '7'])).toEqual(['7', false]);
      expect(name({ ...columns, I: 'external_id' }, [...cells, '7'], 'Unknown')).toEqual(['Unknown', false]);
    }
    expect(name({ I: 'external_id', P: 'phone' }, ['7', '030 123456'])).toEqual(['+4930123456', false]);
  });

  it('is called by both parts of its name rather than by what is joined of another one, which is kept', () => {
    const read = reader({ N: 'contact_name', F: 'first_name', L: 'last_name' });
    const called = (...cells: string[]): unknown[] => {
      const { row } = read(...cells);
      return [row?.contact_name, row?.kept['N']?.text];
    };
    expect(called('Roe Ltd', 'Ann', 'Roe')).toEqual(['Ann Roe', 'Roe Ltd']);
    expect(called('Acme Ltd', 'Ann', 'Roe')).toEqual(['Ann Roe', 'Acme Ltd']);
    expect(called('Roe, Ann M.', 'ann', 'Roe')).toEqual(['Roe, Ann M.', undefined]);
    expect(called('Roe', 'Ann', '')).toEqual(['Ann Roe', undefined]);
    expect(called('Acme Ltd', '', '')).toEqual(['Acme Ltd', undefined]);
  });

  it('has two last names, and in East Asia the last one first', () => {
    const spanish = reader({ N: 'first_name', P: 'last_name', M: 'last_name' });
    expect(spanish('Ana', 'García', 'López').row?.contact_name).toBe('Ana García López');
    expect(spanish('Ana', '', 'López').row?.contact_name).toBe('Ana López');
    const parts = reader({ F: 'first_name', L: 'last_name' });
    expect(parts('太郎', '山田').row?.contact_name).toBe('山田 太郎');
    expect(parts('민수', '김').row?.contact_name).toBe('김 민수');
    expect(parts('Taro', '山田').row?.contact_name).toBe('Taro 山田');
  });

  it('is called as a comma says behind a last name, where the heading has it first', () => {
    const named = (heading: string, cell: string) => reader({ [heading]: 'contact_name' })(cell).row?.contact_name;
    expect(named('Nachname, Vorname', 'Müller, Anna Maria')).toBe('Anna Maria Müller');
    expect(named('Nachname, Vorname', 'Müller')).toBe('Müller');
    expect(named('Nachname, Vorname', 'Müller, Anna, Dr.')).toBe('Müller, Anna, Dr.');
    expect(named('Name', 'Müller, Anna')).toBe('Müller, Anna');
    expect(named('Cognome e nome', 'Rossi, Mario')).toBe('Mario Rossi');
    expect(named('Apellido y Nombre', 'Pérez, Juan')).toBe('Juan Pérez');
    expect(named('Surname / First name', 'Doe, Jane')).toBe('Jane Doe');
    expect(named('Prénom Nom', 'Zoé, Martin')).toBe('Zoé, Martin');
  });

  it.each([
    ['Jane Doe (jane@acme.test)', 'Jane Doe', 'jane@acme.test', undefined],
    ['Jane Doe <mailto:jane@acme.test>', 'Jane Doe', 'jane@acme.test', undefined],
    ['"Doe, Jane" <jane@acme.test>', 'Doe, Jane', 'jane@acme.test', undefined],
    ['Bob Ray (bob@b.test);Eve Ray (eve@b.test)', 'Bob Ray', 'bob@b.test', 'Eve Ray (eve@b.test)'],
    ['Bob Ray <bob@b.test>, Eve Ray <eve@b.test>', 'Bob Ray', 'bob@b.test', 'Eve Ray <eve@b.test>'],
    ['jane@acme.test', 'jane@acme.test', 'jane@acme.test', undefined],
    ['<jane@acme.test>', 'jane@acme.test', 'jane@acme.test', undefined],
    ['Jane (Sales)', 'Jane (Sales)', undefined, undefined],
    ['Jane (jane@)', 'Jane (jane@)', undefined, undefined],
  ])('has the address that stands beside a name: %s', (written, name, email, others) => {
    const { row, problems } = reader({ N: 'contact_name' })(written);
    expect([row?.contact_name, row?.email, row?.kept['N']?.text, problems]).toEqual([name, email, others, []]);
    expect(row?.named).toBe(name !== email);
  });

  it('has the address of its own column rather than one beside the name, which is kept', () => {
    const read = reader({ N: 'contact_name', M: 'email' });
    const cells = (...given: string[]) => {
      const { row } = read(...given);
      return [row?.contact_name, row?.email, row?.kept['N']?.text];
    };
    expect(cells('Jane (j@a.test)', 'J@A.test')).toEqual(['Jane', 'J@A.test', undefined]);
    expect(cells('Jane (j@a.test)', 'x@a.test')).toEqual(['Jane', 'x@a.test', 'j@a.test']);
    expect(cells('Jane (j@a.test); Bo (b@a.test)', 'x@a.test')).toEqual([
      'Jane',
      'x@a.test',
      'j@a.test; Bo (b@a.test)',
    ]);
    expect(cells('Ann', 'Jane Doe (j@a.test)')).toEqual(['Ann', 'j@a.test', undefined]);
  });

  it('keeps a name of our export as it is, whatever it looks like', () => {
    const ours = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'];
    const mapping = Object.fromEntries(ours.slice(1, 3).map((name) => [name, name]));
    const rows = reader({ ...mapping }, { heading: ours });
    expect(rows('', '', 'Jane (j@a.test)').row).toMatchObject({ contact_name: 'Jane (j@a.test)', named: true });
  });

  it('is of the moment in the zone that the heading says, where that is by hours', () => {
    const created = (heading: string) =>
      reader({ N: 'contact_name', [heading]: 'created_at' })('Anna', '2026-01-05 12:00').row?.created_at;
    expect(created('Created At')).toBe('2026-01-05T11:00:00.000Z');
    expect(created('Created At (UTC)')).toBe('2026-01-05T12:00:00.000Z');
    expect(created('Created At (GMT-3)')).toBe('2026-01-05T15:00:00.000Z');
    expect(created('Created At (UTC+05:30)')).toBe('2026-01-05T06:30:00.000Z');
    expect(created('Created At (UTC+99)')).toBe('2026-01-05T11:00:00.000Z');
    expect(created('Erstelldatum (MEZ)')).toBe('2026-01-05T11:00:00.000Z');
  });

  it.each(['Country Code', 'DDI', 'Código de país', 'Ländervorwahl', 'Vorwahl'])(
    'has the phone of the country whose code stands beside it: %s',
    (heading) => {
      const read = reader({ N: 'contact_name', [heading]: 'custom_fields.note', P: 'phone' });
      const phone = (code: string, cell: string): unknown => {
        const { row, problems } = read('Ana', code, cell);
        return row?.phone ?? problems.map(({ column }) => column);
      };
      expect(phone('55', '11987654321')).toBe('+5511987654321');
      expect(phone('+55', '(11) 98765-4321')).toBe('+5511987654321');
      expect(phone('0055', '5511987654321')).toBe('+5511987654321');
      expect(phone('39', '06 6982')).toBe('+39066982');
      expect(phone('49', '1712345678')).toBe('+491712345678');
      expect(phone('49', '0171 2345678')).toBe('+491712345678');
      expect(phone('55', '+49 171 2345678')).toBe('+491712345678');
      expect(phone('', '0171 2345678')).toBe('+491712345678');
      expect(phone('BR', '0171 2345678')).toBe('+491712345678');
      // Not one of the organization's country, whose number it would be.
      expect(phone('55', '030 1234567')).toEqual(['P']);
      // Without its area code it would be another number.
      expect(phone('55', '98765-4323')).toEqual(['P']);
    },
  );

  it.each([
    ['BR', 'DDD', '11', '98765-4301', '+5511987654301'],
    ['BR', 'DDD', '55', '99123-4567', '+5555991234567'],
    ['BR', 'DDD', '21', '(11) 98765-4301', '+5511987654301'],
    ['DE', 'Vorwahl', '0221', '98760', '+4922198760'],
    ['US', 'Area code', '(415)', '555-0221', '+14155550221'],
    ['MX', 'LADA', '55', '1234 5678', '+525512345678'],
    ['ES', 'Prefijo', '91', '2345678', '+34912345678'],
    ['ES', 'Prefijo', '34', '612345678', '+34612345678'],
    ['AR', 'Código de área', '011', '15 4321-5678', '+5491143215678'],
    ['IT', 'Prefisso', '2', '1234567', '+39021234567'],
    ['RU', 'Код города', '495', '1234567', '+74951234567'],
    ['CN', '区号', '010', '12345678', '+861012345678'],
    ['KR', '지역번호', '02', '312-4567', '+8223124567'],
  ])(
    'has in %s the phone of the area whose code stands beside it: %s %s, %s',
    (country, heading, area, text, phone) => {
      const read = reader({ N: 'contact_name', [heading]: 'custom_fields.note', P: 'phone' }, { country });
      expect(read('Ana', area, text)).toMatchObject({ row: { phone, kept: {} }, problems: [] });
    },
  );

  it('has no phone by the code of an area that there is not, is elsewhere, or is no code', () => {
    const read = reader({ N: 'contact_name', DDD: 'custom_fields.note', C: 'country', P: 'phone' }, { country: 'BR' });
    const phone = (...cells: string[]): unknown => read('Ana', ...cells).row?.phone;
    expect(phone('', '', '98765-4301')).toBeUndefined();
    expect(phone('20', '', '98765-4301')).toBeUndefined();
    expect(phone('SP', '', '98765-4301')).toBeUndefined();
    expect(phone('11', 'Portugal', '98765-4301')).toBeUndefined();
    const two = reader({ N: 'contact_name', DDI: 'custom_fields.note', DDD: 'custom_fields.notes_2', P: 'phone' });
    expect(two('Ana', '55', '11', '98765-4301').row?.phone).toBe('+5511987654301');
    const each = { 'DDD Celular': 'custom_fields.note', P: 'phone', 'DDD Fixo': 'custom_fields.notes_2', Q: 'phone' };
    expect(reader({ N: 'contact_name', ...each }, { country: 'BR' })('Ana', '11', '98765-4301', '', '')).toMatchObject({
      row: { phone: '+5511987654301' },
    });
  });

  it('has one phone where two columns write it with and without the code of its country', () => {
    const read = reader({ N: 'contact_name', F: 'phone', P: 'phone' });
    expect(read('Ana', '+55 11 98765-4321', '11987654321')).toMatchObject({
      row: { phone: '+5511987654321', kept: {} },
      problems: [],
    });
  });

  it('has the first of two companies, and keeps the other', () => {
    const read = reader({ N: 'contact_name', A: 'company', B: 'company' });
    expect(read('Ana', '', 'Bolt')).toMatchObject({ row: { company: 'Bolt', kept: {} }, problems: [] });
    expect(read('Ana', 'Acme', 'ACME')).toMatchObject({ row: { company: 'Acme', kept: {} }, problems: [] });
    expect(read('Ana', 'Acme', 'Bolt')).toMatchObject({
      row: { company: 'Acme', kept: { B: { text: 'Bolt', isTold: false } } },
      problems: [],
    });
  });

  it('is refused by what it lacks, and by no cell of a custom field that is called after a name', () => {
    const { problems } = reader({ 'Last name': 'custom_fields.family_name', M: 'email' })('Doe', '');
    expect(problems).toEqual([
      { line: 7, column: 'Last name', problem: expect.stringContaining('number') as string, refused: false },
      { line: 7, column: null, problem: expect.stringMatching(/^has neither a name/) as string, refused: true },
    ]);
  });

  it('has notes as long as people write them, the longest kept apart where a lead has no room for all', () => {
    const read = reader({ N: 'contact_name', C: 'custom_fields.note', D: 'custom_fields.notes_2' });
    const long = 'n'.repeat(10_000);
    expect(read('Ana', long, 'short')).toMatchObject({
      row: { custom_fields: { note: long, notes_2: 'short' }, kept: {} },
      problems: [],
    });
    const wide = '\u{1f600}'.repeat(5_000);
    const { row, problems } = read('Ana', wide, wide.slice(0, 9_000));
    expect(row).toMatchObject({ custom_fields: { notes_2: wide.slice(0, 9_000) }, kept: { C: { text: wide } } });
    expect(problems).toEqual([
      { line: 7, column: 'C', problem: expect.stringMatching(/^has no room/) as string, refused: false },
    ]);
  });

  it('reads days as spreadsheets count them where a column has dates', () => {
    const read = cell('custom_fields.since');
    expect(['45356', '10000', '45356,5'].map(read)).toEqual(['2024-03-05', '1927-05-18', '2024-03-05']);
    expect(['9999', '99999', '4535'].map(read)).toEqual([{ left: '9999' }, { left: '99999' }, { left: '4535' }]);
    expect(cell('created_at')('45356.75')).toBe('2024-03-05T17:00:00.000Z');
  });

  it('takes what programs write for nothing as that, where it is no text or name of somebody', () => {
    const targets = [
      'email',
      'phone',
      'value',
      'created_at',
      'external_id',
      'custom_fields.points',
      'custom_fields.since',
    ];
    for (const target of targets)
      for (const nothing of ['NULL', 'nan', 'N/A', '#N/A', '-', 'undefined', '\\N', 'None'])
        expect([target, nothing, cell(target)(nothing)]).toEqual([target, nothing, undefined]);
    expect(['N/A', '-', 'NULL', 'null', 'Nan'].map(cell('company'))).toEqual([
      undefined,
      undefined,
      undefined,
      'null',
      'Nan',
    ]);
    expect(['-', 'Null', 'NULL'].map((name) => reader({ N: 'last_name' })(name).row?.contact_name)).toEqual([
      undefined,
      'Null',
      'NULL',
    ]);
    expect(['-', 'NULL'].map(cell('custom_fields.note'))).toEqual(['-', 'NULL']);
    expect(cell('custom_fields.tier')('-')).toBeUndefined();
  });

  it('costs the cell that cannot be read, not the person, and keeps its text', () => {
    const read = reader({ N: 'contact_name', M: 'email', P: 'phone' });
    expect(read('Anna', 'no address', '(512) 555-0142')).toMatchObject({
      row: {
        contact_name: 'Anna',
        kept: { M: { target: 'email', text: 'no address' }, P: { target: 'phone', text: '(512) 555-0142' } },
      },
      problems: [
        { line: 7, column: 'M', refused: false },
        { line: 7, column: 'P', refused: false },
      ],
    });
    expect(read('Anna', 'a@b.test', '', 'more').row).toBeNull();
    expect(read('Anna', 'a@b.test', '', '', '').row).not.toBeNull();
  });

  it('keeps the text of a column that is called as something every object has', () => {
    const { row } = reader({ N: 'contact_name', ['__proto__']: 'phone', constructor: 'email' })(
      'Anna',
      'soon',
      'later',
    );
    expect(Object.entries(row?.kept ?? {})).toEqual([
      ['__proto__', { target: 'phone', text: 'soon', isTold: true }],
      ['constructor', { target: 'email', text: 'later', isTold: true }],
    ]);
  });

  it('has phones as they are dialled from anywhere, read by the organization’s country', () => {
    const phone = cell('phone');
    for (const written of [
      '+49 (0)30 123456',
      '0049 30 123456',
      '030 123456',
      '030/12 34-56',
      "'+4930123456",
      'p:+4930123456',
      '(030) 123456',
    ])
      expect([written, phone(written)]).toEqual([written, '+4930123456']);
    for (const written of ['22 123 45 67', '(512) 555-0142', '12', 'call me', '030 123456 room 12345'])
      expect([written, phone(written)]).toEqual([written, { left: written }]);
    expect(
      reader({ N: 'contact_name', A: 'phone', B: 'phone' })('x', '030 123456; +353 (0)1 234 5678', '0171 1234567').row,
    ).toMatchObject({
      phone: '+4930123456',
      kept: { A: { text: '+35312345678' }, B: { text: '+491711234567' } },
    });
  });

  it.each([
    ['11 3456-7890 ramal 12', 'BR', '+551134567890'],
    ['(11) 3456-7890, Ramal: 12', 'BR', '+551134567890'],
    ['+54 11 4321-5678 int. 12', 'AR', '+541143215678'],
    ['+51 1 4123456 anexo 345', 'PE', '+5114123456'],
    ['55 5234 5678 ext. 12', 'MX', '+525552345678'],
    ['+34 912 345 678 extensi\u00f3n 12', 'ES', '+34912345678'],
    ['030 123456 Durchwahl 12', 'DE', '+4930123456'],
    ['+55 21 99876-1234 / 21 2555-1000', 'BR', '+5521998761234'],
    ['21 2555-1000 ou 21 99876-1234', 'BR', '+552125551000'],
    ['+49 30 123456/+49 171 1234567', 'DE', '+4930123456'],
    ['030 123456 ask for Kim', 'DE', '+4930123456'],
    ['Tel. 0351 987654', 'DE', '+49351987654'],
    ['Mobil: 0171 5551234', 'DE', '+491715551234'],
    ['0171-555 12 34 (ab 18 Uhr)', 'DE', '+491715551234'],
    ['0351 987654 (Büro), 0171 5551234 (mobil)', 'DE', '+49351987654'],
    ['0351-987654 o. 0171/5551234', 'DE', '+49351987654'],
    ['(11) 98765-4321 (WhatsApp)', 'BR', '+5511987654321'],
    ['cell 917-555-0188', 'US', '+19175550188'],
    ['917-555-0188 (c)', 'US', '+19175550188'],
    ['O: 212-555-0199 C: 917-555-0188', 'US', '+12125550199'],
  ])('has of %j the number, and keeps what else the cell says', (written, country, number) => {
    const { row, problems } = reader({ N: 'contact_name', P: 'phone' }, { country })('x', written);
    expect([row?.phone, Object.keys(row?.kept ?? {}), problems]).toEqual([number, ['P'], []]);
  });

  it.each([
    ['BR', ['98765-4323', '3333-4444']],
    ['DE', ['123456', '1234567', '30 123456', '22 123 45 67']],
    ['PL', ['123 45 67']],
    ['CN', ['6552 9988']],
    ['IL', ['123-4567']],
    // As numbers of the United States are written, and there are.
    ['AR', ['4321-5678', '(212) 555-0123', '341-456-7890']],
    ['GB', ['(740) 312-3456', '20 7946 0958']],
  ])('has no phone of %s that lacks its area code, or the digit that is dialled before it: %j', (country, cells) => {
    const phone = cell('phone', { country });
    expect(cells.map(phone)).toEqual(cells.map((left) => ({ left })));
  });

  it.each([
    ['IN', ['98201 23456', '9820123456', '098201 23456', '982-012-3456', '९८२०१ २३४५६'], '+919820123456'],
    ['RU', ['9161234568', '8 (916) 123-45-68', '916 123 45 68'], '+79161234568'],
    ['TR', ['5322134567', '0532 213 45 67'], '+905322134567'],
    ['GB', ['7400123456', '07400 123456'], '+447400123456'],
    ['JP', ['９０１２３４５６７８', '０９０－１２３４－５６７８', '+８１ ９０ １２３４ ５６７８'], '+819012345678'],
    ['SA', ['٠٥٠١٢٣٤٥٦٧', '501234567'], '+966501234567'],
    ['PL', ['22 123 45 67'], '+48221234567'],
    ['AR', ['11 4321-5678', '1143215678', '011 4321-5678'], '+541143215678'],
  ])(
    'has mobile phones of %s without the digit in front, and digits of other scripts: %j',
    (country, cells, number) => {
      expect(cells.map(cell('phone', { country }))).toEqual(cells.map(() => number));
    },
  );

  it('has the phone that a program took for a fraction', () => {
    expect(cell('phone', { country: 'US' })('2125550199.0')).toBe('+12125550199');
  });

  it('has mobile phones of Mexico as they are dialled since 2019', () => {
    expect(cell('phone')('+52 1 55 8765 4321')).toBe('+525587654321');
  });

  it.each([
    ['030 123456 / 22 123 45 67', 'is more than one phone number, and each must be a phone number'],
    ['030 123456 room 12345', 'is more than a phone number'],
    ['call me', 'must be a phone number, with the code'],
    ['3456 ramal 12', 'must be a phone number, with the code'],
  ])('says of %j what is wrong with it as a phone', (written, problem) => {
    const { row, problems } = reader({ N: 'contact_name', P: 'phone' })('x', written);
    expect(row?.kept['P']?.text).toBe(written);
    expect(problems).toEqual([expect.objectContaining({ column: 'P', problem: expect.stringContaining(problem) })]);
  });

  it('has the first address that is one, and keeps the others', () => {
    const { row, problems } = reader({ N: 'contact_name', M: 'email' })('x', 'a@b.test, mailto:c@d.test');
    const kept = { M: { target: 'email', text: 'c@d.test', isTold: false } };
    expect([row?.email, row?.kept, problems]).toEqual(['a@b.test', kept, []]);
    expect(cell('email')('Anna <a@b.test>')).toBe('a@b.test');
    expect([cell('site')('mellin.example'), cell('site')('HTTP://x.example/a')]).toEqual([
      'https://mellin.example',
      'HTTP://x.example/a',
    ]);
    expect(cell('site')('not a site')).toEqual({ left: 'not a site' });
  });

  it.each(['\u200b', '\u00ad', '\u2060', '\ufeff', '\u202e', '\u200f', '\u2064'])(
    'is read without a mark that nobody sees around an address, a link or an id, and never with one amid it: %j',
    (mark) => {
      const hidden = { left: expect.stringContaining(mark) as string };
      expect(cell('email')(`${mark}a@b.test${mark}`)).toBe('a@b.test');
      expect(cell('email')(`a${mark}b@x.test`)).toEqual(hidden);
      expect(reader({ N: 'contact_name', M: 'email' })('x', `a@b.test${mark}; ${mark}c@d.test`).row).toMatchObject({
        email: 'a@b.test',
        kept: { M: { text: 'c@d.test', isTold: false } },
      });
      expect(cell('site')(`\u00a0${mark}https://x.test${mark} `)).toBe('https://x.test');
      expect(cell('site')(`https://x${mark}y.test`)).toEqual(hidden);
      expect(cell('external_id')(`${mark}A1\u00a0`)).toBe('A1');
      expect(cell('external_id')(`A${mark}1`)).toEqual(hidden);
      // What stands between the figures of a phone is no part of its number.
      expect(cell('phone')(`${mark}030${mark}123456\u00a0`)).toBe('+4930123456');
      const { row, problems } = reader({ N: 'contact_name', M: 'email' })('x', `a${mark}b@x.test`);
      expect(row?.email).toBeUndefined();
      expect(problems).toEqual([
        {
          line: 7,
          column: 'M',
          problem: expect.stringMatching(/nothing is seen of, in the middle$/) as string,
          refused: false,
        },
      ]);
    },
  );

  it('keeps the ids of our own export as they are', () => {
    const ours = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'];
    const read = reader({ contact_name: 'contact_name', external_id: 'external_id' }, { heading: ours });
    expect(read('', 'A\u200b1', 'Ada').row?.external_id).toBe('A\u200b1');
  });

  it.each([
    ['EUR', 1_200_000, undefined],
    ['', 1_200_000, undefined],
    ['USD', undefined, '12000.00 USD'],
    ['JPY', undefined, '1200000 JPY'],
  ])('of our export has the amount beside its currency %j only where that is the own one', (currency, value, kept) => {
    const ours = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'];
    const mapping = { contact_name: 'contact_name', value_minor: 'value_minor' };
    // A field may be called so as well, and the column may have been moved.
    for (const more of [['currency'], ['custom_fields.currency', 'currency'], ['currency', 'custom_fields.currency']]) {
      const heading = [...ours, ...more];
      const cells = heading.map((name) => ({ contact_name: 'Ada', value_minor: '1200000', currency })[name] ?? 'CHF');
      const { row, problems } = reader(mapping, { heading })(...cells);
      expect([row?.value_minor, row?.kept['value_minor']?.text]).toEqual([value, kept]);
      expect(problems.map(({ problem }) => problem)).toEqual(
        kept === undefined ? [] : [`is an amount in ${currency}, not in EUR`],
      );
    }
    const { row } = reader(mapping, { heading: [...ours, 'custom_fields.currency'] })(
      '',
      '',
      'Ada',
      '',
      '',
      '5',
      'CHF',
    );
    expect(row?.value_minor).toBe(5);
  });

  it('has the tags that are there, however they are written, and none of Google’s own groups', () => {
    const read = reader({ N: 'contact_name', T: 'tags' });
    const tags = (text: string) => read('Ana', text).row?.tags;
    expect(tags('* myContacts ::: Friends ::: * starred')).toEqual(['Friends']);
    expect(tags('* My Contacts')).toEqual([]);
    // Those of the organization first, then those of the file.
    expect([tags('JOSÉ, vip'), tags('jose; VIP'), tags('josé'), tags('Vip')]).toEqual([
      ['José', 'vip'],
      ['José', 'vip'],
      ['josé'],
      ['vip'],
    ]);
    expect([tags('ค่า'), tags('คา')]).toEqual([['ค่า'], ['คา']]);
    const ours = ['id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor', 'tags'];
    const own = reader({ contact_name: 'contact_name', tags: 'tags' }, { heading: ours });
    expect(own('', '', 'Ana', '', '', '', '* myContacts;JOSE').row?.tags).toEqual(['* myContacts', 'JOSE']);
  });

  it('holds an amount only where its meaning is beyond doubt', () => {
    const value = (text: string, more: Settings = {}) => cell('value', more)(text);
    expect(
      ['1', '1,5', '0.05', '007.10', '90071992547409.91', '€5', '1.234,50', '1,234,567', "1'234.5", '1 234,50'].map(
        (text) => value(text),
      ),
    ).toEqual([100, 150, 5, 710, 9_007_199_254_740_991, 500, 123_450, 123_456_700, 123_450, 123_450]);
    for (const text of ['1.234', '1,234', '-1', '1e3', '90071992547409.92', '5.', 'USD 5', '1.2.3', '12 34'])
      expect([text, value(text)]).toEqual([text, { left: text }]);
    const points: Settings = { formats: { C: '1.234,56' } };
    const commas: Settings = { formats: { C: '1,234.56' } };
    expect([value('1.234', points), value('1.234', commas), value('1,5', commas)]).toEqual([
      123_400,
      { left: '1.234' },
      { left: '1,5' },
    ]);
    expect([value('12', { decimals: 0 }), value('12.5', { decimals: 0 }), value('1,234', { decimals: 0 })]).toEqual([
      12,
      { left: '12.5' },
      1234,
    ]);
    expect([
      value('1.234', { decimals: 3 }),
      value('1.234', { ...commas, decimals: 3 }),
      value('1.5', { decimals: 3 }),
    ]).toEqual([{ left: '1.234' }, 1234, 1500]);
  });

  it.each([
    'Currency',
    'Deal - Currency of Value',
    'Value currency',
    'Deal Currency Code',
    'Währung des Betrags',
    'Währungskürzel',
    'Moeda do valor',
    'Divisa',
    'Devise',
    'Валюта',
    'CCY',
    'Cur.',
    '통화',
    'מטבע',
  ])('has no amount in the currency that stands beside it for one of the organization: %s', (heading) => {
    const read = reader({ N: 'contact_name', V: 'value', W: 'custom_fields.worth', [heading]: 'custom_fields.note' });
    expect(read('Ana', '5', '6', 'USD')).toMatchObject({
      row: { custom_fields: { worth: '6 USD' }, kept: { V: { text: '5' } } },
      problems: [{ column: 'V', problem: 'is an amount in USD, not in EUR' }],
    });
    expect(read('Ana', '5', '6', 'eur')).toMatchObject({
      row: { value_minor: 500, custom_fields: { worth: '6 EUR' } },
    });
  });

  it.each([
    ['JPY', 0, ['¥1200000', '１２０００００円', '￥ 1,200,000', 'JPY 1200000'], 1_200_000],
    ['JPY', 0, ['3,500円'], 3_500],
    ['CNY', 2, ['¥12.50', '12.50元', 'RMB 12.50'], 1_250],
    ['TRY', 2, ['12.500,00 TL', '₺12.500,00', '12.500,00TL'], 1_250_000],
    ['SEK', 2, ['1 200 kr', '1 200,00 kr.', 'SEK 1200', '1 200:-'], 120_000],
    ['NOK', 2, ['kr 1 200,-', 'kr. 1 200,00'], 120_000],
    ['DKK', 2, ['1.200,00 kr.', 'Kr. 1.200,00'], 120_000],
    ['HUF', 2, ['12 000 Ft'], 1_200_000],
    ['INR', 2, ['Rs. 1,20,000.00', '₹1,20,000.00', 'Rs 120000'], 12_000_000],
    ['PEN', 2, ['S/ 1,200.50', 'S/. 1200.50', 'S/1,200.50'], 120_050],
    ['IDR', 2, ['Rp 1.200.000', 'Rp1.200.000,00', 'Rp. 1.200.000'], 120_000_000],
    ['ZAR', 2, ['R 1200.50', 'R1 200.50'], 120_050],
    ['VND', 0, ['1.200.000 ₫', '1.200.000đ', '1200000 VNĐ'], 1_200_000],
    ['RUB', 2, ['1 200 руб.', '1 200,00 ₽', '1200 р.'], 120_000],
    ['EUR', 2, ['1200 Euro', 'Euro 1200', '1.200,00 euros', '1200 ευρώ'], 120_000],
    ['CHF', 2, ["Fr. 1'200.00", 'SFr. 1200'], 120_000],
    ['MXN', 2, ['$1,200.00', 'MX$1,200.00'], 120_000],
    ['SAR', 2, ['١٢٠٠ ر.س', '1200 SAR'], 120_000],
  ])('has amounts of %s as they are marked there', (currency, decimals, cells, value) => {
    expect(cells.map(cell('value', { currency, decimals }))).toEqual(cells.map(() => value));
  });

  it.each([
    ...['1.200,00 € netto', '1.200,00 € (netto)', '1200 EUR brutto', 'Netto: 1.200,00 €', '1.200,00 € inkl. MwSt.'],
    ...[
      '1.200,00 € inkl. 19 % MwSt',
      '1.200,00 € zzgl. MwSt.',
      '€1,200.00 excl. VAT',
      '1200 EUR + VAT',
      '€1,200.00 VAT incl.',
    ],
    ...[
      '1 200,00 € HT',
      '1 200,00 € TTC',
      '1.200,00 € IVA incluido',
      '1.200,00 € sin IVA',
      '1200 net',
      '€ 1.200,00 excl. BTW',
    ],
  ])('has the amount that is written with what is said of taxes: %s', (text) => {
    expect([text, cell('value')(text), cell('custom_fields.worth')(text)]).toEqual([
      text,
      120_000,
      expect.stringMatching(/^1200(?:\.00)? EUR$/) as string,
    ]);
  });

  it.each(['netto', '1200 kg netto', '1200 Netze', 'net 30 days', '1200 taxes', '5 Planet'])(
    'has no amount by a word like that alone: %s',
    (text) => {
      expect(cell('value')(text)).toEqual({ left: text });
    },
  );

  it('has no amount whose mark is of several currencies and not of its own, or of another one', () => {
    const cells = ['¥5', '5 kr', 'Rs 5', 'R 5', '5 Ft', '5 TL', 'Q5', '5 руб.'];
    expect(cells.map(cell('value'))).toEqual(cells.map((left) => ({ left })));
  });

  it.each([
    ['1200 kr', /kr, .* SEK, NOK, DKK or ISK: .* 1200\.50 SEK$/],
    ['¥1,200', /¥, .* JPY or CNY:/],
    ['Rs. 1200', /Rs\., .* INR, PKR/],
    ['Fr. 1200', /Fr\., .* stand for CHF:/],
  ])('names the currencies that a mark may stand for: %s', (text, told) => {
    const read = reader({ N: 'contact_name', V: 'value', W: 'custom_fields.worth' });
    expect(read('Ana', text, text).problems.map(({ column, problem }) => [column, problem])).toEqual([
      ['V', expect.stringMatching(told)],
      ['W', expect.stringMatching(told)],
    ]);
  });

  it.each([
    ['$1,200.00 USD', 'USD', 120_000],
    ['USD$1,200.00', 'USD', 120_000],
    ['$1,200.00 CAD', 'CAD', 120_000],
    ['MXN $12,500.00', 'MXN', 1_250_000],
    ['EUR € 5,50', 'EUR', 550],
    ['12,50,000/-', 'INR', 125_000_000],
    ['Rs.1250/-', 'INR', 125_000],
    ['€5 USD', 'USD', { left: '€5 USD' }],
    ['$5.00 CAD', 'USD', { left: '$5.00 CAD' }],
  ])('has the amount of %s, whose mark and code agree, in %s', (written, currency, value) => {
    expect(cell('value', { currency })(written)).toEqual(value);
  });

  it.each(['-   €', '$-', 'R$ -', '- kr', 'EUR –'])('is empty where accounts write nothing as %s', (written) => {
    expect(cell('value')(written)).toBeUndefined();
    expect(cell('custom_fields.worth')(written)).toBeUndefined();
    expect(cell('custom_fields.note')(written)).toBe(written);
  });

  it('reads an amount below zero as accounts write it, and the marks of Arabic', () => {
    const worth = cell('custom_fields.worth');
    const points = cell('custom_fields.points');
    expect(['500,00-', '1.234,56- EUR', '500,00-€'].map(worth)).toEqual(['-500 EUR', '-1234.56 EUR', '-500 EUR']);
    expect(['$(250.00)', '($250.00)', '(250,00 €)'].map(worth)).toEqual(['-250 USD', '-250 USD', '-250 EUR']);
    expect([points('12.50-'), points('١٬٢٥٠٫٥٠'), points('١٢٫٥٠٠'), points('١٬٢٥٠')]).toEqual([
      -12.5, 1250.5, 12.5, 1250,
    ]);
    expect(cell('value')('١٬٢٥٠٫٥٠')).toBe(125_050);
    expect(reader({ N: 'contact_name', V: 'value' })('Ana', '500,00-').problems).toMatchObject([
      { problem: 'must not be negative' },
    ]);
    // Whole numbers may have a stroke for another reason.
    for (const none of ['500-', '-500,00-', '5.000-10.000', '1٬25'])
      expect([none, points(none)]).toEqual([none, { left: none }]);
  });

  it.each([
    ['TH', '25/03/2567', '2024-03-25'],
    ['TH', '29/02/2567', '2024-02-29'],
    ['TH', '๒๕/๐๓/๒๕๖๗', '2024-03-25'],
    ['TH', '25 Mar 2567', '2024-03-25'],
    ['TH', '25/03/2024', '2024-03-25'],
    ['DE', '25/03/2567 พ.ศ.', '2024-03-25'],
    ['IR', '1402/12/15', '2024-03-05'],
    ['IR', '۱۴۰۳/۰۱/۰۵', '2024-03-24'],
    ['IR', '1402/11/30', '2024-02-19'],
    ['IR', '1403/12/30', '2025-03-20'],
    ['AF', '1402-12-15', '2024-03-05'],
    ['SA', '1445/08/24', '2024-03-05'],
    ['DE', '24/08/1445هـ', '2024-03-05'],
    ['IR', '2024-03-05', '2024-03-05'],
  ])('has in %s the day of our calendar that is written %s', (country, written, day) => {
    expect(cell('custom_fields.since', { country })(written)).toBe(day);
    // Noon in Berlin before the clocks are changed.
    expect(cell('created_at', { country })(written)).toBe(`${day}T11:00:00.000Z`);
  });

  it.each([
    ['DE', '25/03/2567'],
    ['US', '1402/12/15'],
    ['TH', '1402/12/15'],
    ['IR', '2567-03-25'],
    ['TH', '25/03/67'],
    ['IR', '27/12/15'],
    ['DE', 'AH 25/3/2024'],
  ])('has in %s no date that is of another calendar, and nothing tells of which: %s', (country, written) => {
    for (const target of ['custom_fields.since', 'created_at']) {
      const { row, problems } = reader({ N: 'contact_name', C: target }, { country })('Ana', written);
      expect([row?.kept['C']?.text, problems]).toEqual([
        written,
        [expect.objectContaining({ problem: expect.stringMatching(/another calendar/) as string })],
      ]);
    }
  });

  it('has no day that another calendar has not, and those that it has beside ours', () => {
    const since = cell('custom_fields.since', { country: 'IR' });
    expect(since('1402/12/30')).toEqual({ left: '1402/12/30' });
    expect(since('1402/02/31')).toBe('2023-05-21');
  });

  it('has of several currencies that of its own amounts', () => {
    const headings = {
      N: 'contact_name',
      'Revenue Currency': 'custom_fields.note',
      V: 'value',
      C: 'custom_fields.notes_2',
    };
    expect(reader(headings)('Ana', 'USD', '5', '')).toMatchObject({ row: { value_minor: 500 } });
    const rate = { N: 'contact_name', V: 'value', 'Currency rate': 'custom_fields.note' };
    expect(reader(rate)('Ana', '5', 'USD')).toMatchObject({ row: { value_minor: 500 } });
  });

  it('has the currency that the heading of its amounts says, unless a cell says another one', () => {
    const read = (heading: string, text: string, currency = 'EUR'): unknown => {
      const { row, problems } = reader({ N: 'contact_name', [heading]: 'custom_fields.worth' }, { currency })(
        'Ana',
        text,
      );
      return row?.custom_fields['worth'] ?? problems[0]?.problem;
    };
    expect([read('Umsatz (€)', '1200', 'USD'), read('Revenue (USD)', '5.50'), read('Betrag in £', '7')]).toEqual([
      '1200 EUR',
      '5.50 USD',
      '7 GBP',
    ]);
    expect([read('Umsatz (€)', '$7'), read('Price ($)', '7', 'CAD'), read('Preis €', '8', 'CHF')]).toEqual([
      '7 USD',
      '7 CAD',
      '8 EUR',
    ]);
    for (const none of ['Members (ALL)', 'Height (ft)', 'Exchange rate (USD)', 'Value (CET)', 'USD', 'Preis (netto)'])
      expect([none, read(none, '5')]).toEqual([none, '5 EUR']);
    const beside = { N: 'contact_name', 'Umsatz (€)': 'custom_fields.worth', Currency: 'custom_fields.note' };
    expect(reader(beside)('Ana', '5', 'USD').row?.custom_fields['worth']).toBe('5 EUR');
    expect(reader({ N: 'contact_name', 'Value (€)': 'value' }, { currency: 'USD' })('Ana', '5')).toMatchObject({
      row: { kept: { 'Value (€)': { text: '5' } } },
      problems: [{ problem: 'is an amount in EUR, not in USD' }],
    });
  });

  it('has the currency of a column whose cells all name one, where no heading says so, beside its amount', () => {
    const read = (headings: Record<string, string>, ...cells: string[]): RowOutcome =>
      reader({ N: 'contact_name', ...headings }, { currencyColumns: [3] })('Ana', ...cells);
    const value = { A: 'custom_fields.points', V: 'value', W: 'custom_fields.note' };
    expect(read(value, '1', '5', 'USD')).toMatchObject({ row: { kept: { V: { text: '5' } } } });
    expect(read(value, '1', '5', 'EUR')).toMatchObject({ row: { value_minor: 500 } });
    const named = { ...value, Currency: 'custom_fields.notes_2' };
    expect(read(named, '1', '5', 'USD', 'EUR')).toMatchObject({ row: { value_minor: 500 } });
    const others = { A: 'custom_fields.points', V: 'value', 'Revenue Currency': 'custom_fields.note' };
    expect(read(others, '1', '5', 'USD')).toMatchObject({ row: { value_minor: 500 } });
  });

  it('knows where a first or a last name is all that it has of one', () => {
    const partly = (mapping: Record<string, string>, ...cells: string[]): unknown =>
      reader({ ...mapping, Mail: 'email' })(...cells, 'a@b.test').row?.isPartlyNamed;
    const both = { V: 'first_name', N: 'last_name' };
    expect([partly(both, 'Eve', ''), partly(both, '', 'Ray'), partly(both, 'Eve', 'Ray')]).toEqual([
      true,
      true,
      undefined,
    ]);
    expect([partly(both, '', ''), partly({ ...both, W: 'contact_name' }, 'Eve', '', 'Eve Ray')]).toEqual([
      undefined,
      undefined,
    ]);
    expect([partly({ Vorname: 'contact_name' }, 'Eva'), partly({ Name: 'contact_name' }, 'Eva')]).toEqual([
      true,
      undefined,
    ]);
  });

  it.each(['custom_fields.points', 'custom_fields.worth'])(
    'keeps as text what a number would lose zeros or a plus of: %s',
    (target) => {
      const problem = (to: string, text: string) =>
        reader({ N: 'contact_name', C: to })('Anna', text).problems.map((each) => each.problem);
      const told = 'begins with a zero or a plus, which a number does not keep: the field would have to be a text';
      for (const code of ['08001', '00034', '-007', '0170 5551234', '+49301234567', '٠١٢٣'])
        expect([code, problem(target, code)]).toEqual([code, [told]]);
      for (const number of ['0', '00', '000', '0.5', '007.50', '-0.25', '10', '+5'])
        expect([number, problem(target, number)]).toEqual([number, []]);
    },
  );

  it('says of an amount or a number that is none what is wrong with it', () => {
    const problem = (target: string, text: string, more: Settings = {}) =>
      reader({ N: 'contact_name', C: target }, more)('Anna', text).problems.map((each) => each.problem);
    const points: Settings = { formats: { C: '1.234,56' } };
    for (const target of ['value', 'custom_fields.points', 'custom_fields.worth']) {
      const words = [expect.stringContaining('say "1,234.56" or "1.234,56" for this column in formats') as string];
      expect(problem(target, '12.000')).toEqual(words);
      for (const short of ['12k', '1.5 Mio. €', '3 Tsd.', '2m'])
        expect([short, problem(target, short)]).toEqual([
          short,
          ['must be written out in digits, such as 12000: it is abbreviated'],
        ]);
      for (const none of ['much', 'about 5', '1.2.3'])
        expect([none, problem(target, none)]).toEqual([none, ['must be a number in digits, such as 1234.56']]);
      expect(problem(target, '1.5', points)).toEqual([
        'is written in another way than its column, whose numbers are read as 1.234,56',
      ]);
    }
    expect(
      ['-5', '(12.50)', '1.999 ', '0.005', '90071992547409.92'].map((text) => problem('value', text, points)),
    ).toEqual([
      ['must not be negative'],
      [expect.stringContaining('another way')],
      [],
      [expect.stringContaining('another way')],
      [expect.stringContaining('another way')],
    ]);
    expect(['(12.50)', '0.005', '90071992547409.92'].map((text) => problem('value', text))).toEqual([
      ['must not be negative'],
      ['must be an amount with at most 2 digits after the point'],
      ['is more than can be kept'],
    ]);
    expect(problem('custom_fields.points', '9'.repeat(17))).toEqual(['is more than a number can be here']);
    expect(problem('custom_fields.worth', '0.005')).toEqual([
      'is more than can be kept, or has too many digits for EUR',
    ]);
    expect(problem('custom_fields.since', '3/4/2024')).toEqual([
      expect.stringContaining('say "day-month-year" or "month-day-year" for this column in formats'),
    ]);
  });

  it('keeps a code as text where a number would lose its zero', () => {
    const points = cell('custom_fields.points');
    for (const code of ['08001', '00034']) expect(points(code)).toEqual({ left: code });
    expect([points('0'), points('0.5'), points('0,25')]).toEqual([0, 0.5, 0.25]);
  });

  it('takes custom fields by their kind', () => {
    const read = reader({
      N: 'contact_name',
      A: 'custom_fields.note',
      B: 'custom_fields.points',
      C: 'custom_fields.since',
      D: 'custom_fields.tier',
      E: 'custom_fields.langs',
      F: 'custom_fields.worth',
    });
    expect(
      read('x', 'two\nlines', '-1,5', '2026-01-31', 'Gold', 'en; de', 'USD 900,750,000').row?.custom_fields,
    ).toEqual({
      note: 'two\nlines',
      points: -1.5,
      since: '2026-01-31',
      tier: 'gold',
      langs: ['en', 'de'],
      worth: '900750000 USD',
    });
    const bad = read('x', 'a\u0000', 'x', '2026-02-31', 'silver', 'de;fr', 'much');
    expect([bad.row?.custom_fields, bad.problems.map(({ column }) => column)]).toEqual([
      {},
      ['A', 'B', 'C', 'D', 'E', 'F'],
    ]);
    expect(cell('custom_fields.points')('1,234')).toEqual({ left: '1,234' });
    expect(cell('custom_fields.points', { formats: { C: '1,234.56' } })('1,234')).toBe(1234);
  });

  it.each([
    ['2024/03/05 9:12:33 AM GMT+1', '08:12:33'],
    ['2024/03/05 9:12:33 PM MEZ', '20:12:33'],
    ['2024/03/05 9:12:33 AM GMT-3', '12:12:33'],
    ['Tue Mar 05 2024 09:12:33 GMT+0100 (CET)', '08:12:33'],
    ['March 5, 2024 at 9:12 am', '08:12:00'],
    ['5. März 2024 um 9:12', '08:12:00'],
    ['05.03.2024 à 09h12', '08:12:00'],
    ['05.03.2024 às 09:12', '08:12:00'],
    ['05.03.2024 - 09:12', '08:12:00'],
    ['5 de marzo de 2024, 9:12', '08:12:00'],
    ['05.03.2024 9:12 a. m.', '08:12:00'],
    ['05.03.2024 9:12 p.m.', '20:12:00'],
    ['05.03.2024 09:12 Uhr MEZ', '08:12:00'],
    ['05.03.2024 09:12 (MEZ)', '08:12:00'],
    ['2024-03-05 09:12 CET', '08:12:00'],
    ['2024-03-05 09:12 UTC+1', '08:12:00'],
    ['2024-03-05 09:12 (UTC +1)', '08:12:00'],
    ['2024-03-05 09:12 GMT', '09:12:00'],
    ['05.03.2024 09:12 Uhr GMT', '09:12:00'],
    ['2024-03-05 09:12:00 (UTC)', '09:12:00'],
    ['2024-03-05 09:12:00.123+01', '08:12:00'],
    ['2024-03-05 3:12 AM EST', '08:12:00'],
    ['1709626320', '08:12:00'],
    ['1709626320.25', '08:12:00'],
    ['1709626320123', '08:12:00'],
  ])('has the moment that programs of forms write as %s', (written, time) => {
    expect(cell('created_at')(written)).toBe(`2024-03-05T${time}.000Z`);
    expect(cell('custom_fields.since')(written)).toBe('2024-03-05');
  });

  it('has the time of the zone that a cell names, wherever the organization is, as the clocks there show it', () => {
    const created = (text: string): unknown =>
      reader({ N: 'contact_name', C: 'created_at' }, { zone: 'America/New_York' })('Ana', text).row?.created_at;
    expect(
      ['2024-03-05 09:12 MEZ', '2024-07-05 09:12 MESZ', '2024-07-05 09:12 CET', '2024-03-05 09:12 WET'].map(created),
    ).toEqual([
      '2024-03-05T08:12:00.000Z',
      '2024-07-05T07:12:00.000Z',
      '2024-07-05T07:12:00.000Z',
      '2024-03-05T09:12:00.000Z',
    ]);
    expect(created('2024-03-05 09:12')).toBe('2024-03-05T14:12:00.000Z');
  });

  it('has dates in the order that the column has', () => {
    const since = (text: string, format?: Formats[string]) =>
      cell('custom_fields.since', format ? { formats: { C: format } } : {})(text);
    expect(
      ['31.12.1980', '1/31/2026', '2026-1-5', '3 de março de 2026', 'Jan 31, 2026', '5/5/2026', '31.12.80'].map(
        (text) => since(text),
      ),
    ).toEqual(['1980-12-31', '2026-01-31', '2026-01-05', '2026-03-03', '2026-01-31', '2026-05-05', '1980-12-31']);
    expect([since('2/1/2026'), since('2/1/2026', 'month-day-year'), since('2/1/2026', 'day-month-year')]).toEqual([
      { left: '2/1/2026' },
      '2026-02-01',
      '2026-01-02',
    ]);
    const march5 = [
      [
        '5-mar-2024',
        '05-Mar-24',
        '5 mar 2024',
        '5. März 2024',
        '05.Mär.2024',
        '5.Mrz.2024',
        '5 mars 2024',
        '5 de março de 2024',
      ],
      [
        '5 de marzo de 2024',
        '5 MARZO 2024',
        '5/mar/2024',
        'Mar 5, 2024',
        'March 5th 2024',
        '5-MAR.-2024',
        '5 Ma\u0308r 2024',
      ],
      ['Tuesday, March 5, 2024', 'Di, 5. März 2024', 'Dienstag, 5. März 2024', 'martes, 5 de marzo de 2024'],
      [
        'terça-feira, 5 de março de 2024',
        'mardi 5 mars 2024',
        'Tue Mar 05 2024',
        'martedì 5 marzo 2024',
        'Di. 05.03.24',
      ],
      [
        '2024年3月5日',
        '２０２４年３月５日',
        '2024년 3월 5일',
        '2024. 3. 5.',
        '5 marca 2024',
        '5 марта 2024 г.',
        '5 Mart 2024 Salı',
      ],
      ['2024-03-05 14:30', '5.3.2024 14:30 Uhr', '5.3.24, 14:30', '2024-03-05T14:30:00Z', '5 Mar 2024 2:30 PM'],
    ].flat();
    for (const text of march5) expect([text, since(text)]).toEqual([text, '2024-03-05']);
    expect(since('3/5/2024 2:30 PM', 'month-day-year')).toBe('2024-03-05');
    for (const text of ['5 maz 2024', 'Mar 2024', '5 mar', '32-mar-2024', '12k', '5 mar 2024 25:00'])
      expect([text, since(text)]).toEqual([text, { left: text }]);
    expect(
      ['1 Jänner 2026', '1 sept. 2026', '1 Sept 2026', '1 août 2026', '1 dez 2026', '1 Okt. 2026'].map((text) =>
        since(text),
      ),
    ).toEqual(['2026-01-01', '2026-09-01', '2026-09-01', '2026-08-01', '2026-12-01', '2026-10-01']);
    expect(since('Di, 17. Sept. 2024')).toBe('2024-09-17');
    expect(since('Thing, 17. Sept. 2024')).toEqual({ left: 'Thing, 17. Sept. 2024' });
    expect(since('0.0.00')).toBeUndefined();
    const created = cell('created_at');
    expect(['2025-05-01 14:03', '2026-01-31T13:45:12+01:00', '1/31/2026 9:15 PM', '31.12.2025'].map(created)).toEqual([
      '2025-05-01T12:03:00.000Z',
      '2026-01-31T12:45:12.000Z',
      '2026-01-31T20:15:00.000Z',
      '2025-12-31T11:00:00.000Z',
    ]);
    const none = [
      '2026-01-31T10:00:00+99:99',
      '2026-01-31T10:00:00+24:00',
      '9999-12-31 23:59:59',
      '9999-12-31T23:59:59-14:00',
      '0001-01-01T00:00:00+14:00',
    ];
    expect(none.map(created)).toEqual(none.map((left) => ({ left })));
    expect(created('9999-12-31T23:59:59Z')).toBe('9999-12-31T23:59:59.000Z');
  });

  it('may name the stage and the owner', () => {
    const { row } = reader({ N: 'contact_name', S: 'stage', O: 'owner' })('x', 'won', 'kim MUSTER');
    expect(row).toMatchObject({ stage_id: stageId, pipeline_id: 'p', owner_id: userId });
    expect([cell('stage')('Lost'), cell('owner')('Jo')]).toEqual([{ left: 'Lost' }, { left: 'Jo' }]);
    expect(cell('owner_id')('0199AAAA-0000-7000-8000-000000000008')).toBe(userId);
    for (const nobody of [stageId, 'Lee Gone', 'lee@example.com'])
      expect([cell('owner')(nobody), cell('owner_id')(nobody)]).toEqual([{ left: nobody }, { left: nobody }]);
  });

  it('has the cells that CreateLead would take, and no others', () => {
    const targets = ['company', 'city', 'external_id', 'email'] as const;
    const text = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 220 }),
      fc.constantFrom('x'.repeat(100), 'x'.repeat(101), '\u{1F600}'.repeat(100)),
      fc.emailAddress(),
    );
    const clean = text.map((each) => legible(each)).filter((each) => each !== '' && !/^'|[,;|\s<>]/.test(each));
    fc.assert(
      fc.property(fc.constantFrom(...targets), clean, (target, given) => {
        let taken = true;
        try {
          validated(leadsMessages.CreateLeadRequest, { contact_name: 'x', [target]: given });
        } catch {
          taken = false;
        }
        expect([given, cell(target)(given)]).toEqual([given, taken ? given : { left: given }]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has an id that is a UUIDv7, depends on import and row alone, and sorts as the file does', () => {
    const at = new Date('2026-01-31T12:00:00Z');
    const [a, b] = [rowIds(importId, at), rowIds('0199aaaa-0000-7000-8000-000000000002', at)];
    const rows = [0, 1, 4_095, 4_096, 999_999, 16_777_215];
    expect(rows.map(a)).toEqual([...rows.map(rowIds(importId, at))].sort());
    for (const row of rows) {
      expect(a(row)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(a(row)).not.toBe(b(row));
      expect(Number.parseInt(a(row).replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime());
    }
  });

  it('are without the apostrophe by which a spreadsheet keeps digits as they are, and with any other', () => {
    const read = cell('external_id');
    expect(["'7012345678904", "'0123-4", "'+49 30", "'90s Shop", "'n Sync"].map(read)).toEqual([
      '7012345678904',
      '0123-4',
      '+49 30',
      "'90s Shop",
      "'n Sync",
    ]);
  });
});
