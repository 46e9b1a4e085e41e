import { Pace } from '../paced.js';
import { customColumns } from './custom.columns.js';
import { labelOf, type LabelledField } from './field.label.js';
import { type ProposalContext, proposed, type SampledColumn } from './mapping.proposal.js';

const context: ProposalContext = {
  fields: [],
  mayAddFields: true,
  whole: true,
  currency: 'EUR',
  country: 'DE',
  isStage: () => false,
  isOwner: () => false,
};
const field = (key: string, label: string, more: Partial<LabelledField> = {}): LabelledField => ({
  key,
  label,
  kind: 'text',
  options: [],
  archived: false,
  ...more,
});
const column = (name: string, ...cells: string[]): SampledColumn => ({ name, cells });
const columns = (count: number): SampledColumn[] =>
  Array.from({ length: count }, (_, at) => column(`Extra ${at}`, 'x'));
const many = (count: number): LabelledField[] =>
  Array.from({ length: count }, (_, at) => field(`own_${at}`, `Own ${at}`));
const become = (given: readonly SampledColumn[], more: Partial<ProposalContext> = {}, room = 200) =>
  customColumns(given, room, { ...context, ...more }, new Pace());

/** The fields of an organization after an import of these columns. */
async function after(given: readonly SampledColumn[], fields: readonly LabelledField[]): Promise<LabelledField[]> {
  const { mapping, kinds, options } = await proposed(given, { ...context, fields });
  const made = [...mapping].flatMap(([heading, target]) => {
    const key = target.slice('custom_fields.'.length);
    return Object.hasOwn(kinds, key)
      ? [field(key, labelOf(heading), { kind: kinds[key], options: [...(options[key] ?? [])] })]
      : [];
  });
  return [...fields, ...made];
}

describe('columns that are no fields of a lead', () => {
  const email = column('Email', 'a@b.test');

  it.each([
    [['C', 'C++', 'C#', '#', '%']],
    [['Umsatz %', 'Umsatz €', 'Umsatz']],
    [['備考', '所属', 'Цвет']],
    [['Note', 'note', 'NOTE', 'Note (2)', 'Note 2']],
    [[`${'long '.repeat(30)}a`, `${'long '.repeat(30)}b`]],
  ])('have a field each, the same one at every import: %j', async (names) => {
    const lists = [names, names.toReversed(), ...names.map((name) => [name])];
    const list = (of: readonly string[]) => [email, ...of.map((name) => column(name, 'x'))];
    const fields = await after(list(names), []);
    expect(fields.map(({ label }) => label)).toEqual(names.map(labelOf));
    expect(new Set(fields.map(({ key }) => key)).size).toBe(names.length);
    for (const each of lists) {
      expect(await after(list(each), fields)).toEqual(fields);
      const { mapping } = await proposed(list(each), { ...context, fields });
      for (const name of each)
        expect(fields.find(({ key }) => mapping.get(name) === `custom_fields.${key}`)?.label).toBe(labelOf(name));
    }
  });

  it('leave an address column what its cells say, also where another heading without Latin letters has a field', async () => {
    const list = [column('備考', '山田'), column('連絡先', 'y@y.test'), column('所属', '03-1234-5678')];
    const { mapping } = await proposed(list, { ...context, fields: await after(list, []) });
    expect(mapping.get('連絡先')).toBe('email');
  });

  it.each([
    ['date', ['2026-01-31', 'TBD']],
    ['number', ['50', 'ca. 20']],
    ['money', ['2000']],
    ['select', ['none of them']],
  ])('fill the field of kind %s that is labelled so, whatever their cells are', async (kind, cells) => {
    const fields = [field('by_hand', 'Renewal', { kind, options: kind === 'select' ? ['a'] : [] })];
    const { targets, kinds } = await become([column('renewal', ...cells)], { fields });
    expect([[...targets], kinds]).toEqual([[['renewal', 'custom_fields.by_hand']], {}]);
  });

  it('are left out where their field is archived, and told', async () => {
    const { targets, kinds, unplaced } = await become([column('Junk 1', 'x')], {
      fields: [field('junk1', 'Junk 1', { archived: true })],
    });
    expect([targets.size, kinds]).toEqual([0, {}]);
    expect(unplaced.get('Junk 1')).toBe('Its custom field is archived. It is left out.');
  });

  it('are kept as text and told beyond what a file makes, and what an organization has', async () => {
    const tooMany = await become(columns(103));
    expect(Object.keys(tooMany.kinds)).toHaveLength(100);
    expect([...tooMany.unplaced.keys()]).toEqual(['Extra 100', 'Extra 101', 'Extra 102']);
    expect(tooMany.targets.get('Extra 102')).toBe('import_remarks');
    expect(tooMany.unplaced.get('Extra 102')).toMatch(
      /^There is no custom field left .+ What its cells say is kept in import_remarks\.$/,
    );
    // Room is left for the field in which they are kept.
    expect(Object.keys((await become(columns(5), { fields: many(197) })).kinds)).toHaveLength(2);
    const kept = [...many(197), field('import_remarks', 'Kept from imports')];
    expect(Object.keys((await become(columns(5), { fields: kept })).kinds)).toHaveLength(2);
  });

  it('are left out and told where nothing can be kept, or a mapping has no more room', async () => {
    const archived = field('import_remarks', 'Kept from imports', { archived: true });
    for (const fields of [many(200), [...many(199), archived]]) {
      const { targets, unplaced } = await become(columns(1), { fields });
      expect(targets.size).toBe(0);
      expect(unplaced.get('Extra 0')).toMatch(/ It is left out\.$/);
    }
    const { targets, unplaced } = await become(columns(205), {}, 190);
    expect([targets.size, unplaced.size]).toEqual([190, 105]);
    expect([...unplaced.values()].filter((told) => told.endsWith(' It is left out.'))).toHaveLength(15);
  });

  it('fill all fields that are there, however many, as our export has them', async () => {
    const own = many(200).map(({ key }) => column(`custom_fields.${key}`, 'x'));
    expect(await become(own, { fields: many(200) }, 180)).toMatchObject({ kinds: {}, unplaced: new Map() });
  });

  it('are kept as text and told where the role may not add fields', async () => {
    const { targets, kinds, unplaced } = await become([column('Extra', 'x'), column('Known', 'x')], {
      mayAddFields: false,
      fields: [field('known', 'Known')],
    });
    expect(kinds).toEqual({});
    expect(Object.fromEntries(targets)).toEqual({ Extra: 'import_remarks', Known: 'custom_fields.known' });
    expect([...unplaced]).toEqual([
      [
        'Extra',
        'It is no custom field yet, and only an Owner or Admin may add one. What its cells say is kept in import_remarks.',
      ],
    ]);
  });

  const days = Array.from({ length: 49 }, (_, at) => `${String((at % 28) + 1).padStart(2, '0')}.03.${1980 + at}`);
  const counts = Array.from({ length: 49 }, (_, at) => String(at * 7 + 1));

  it.each([
    ['Eintritt', [...days, '31.02.2026'], 'date', /^Its cells are dates\. One of its 50 cells is none, "31\.02\.2026"/],
    ['Eintritt', ['05-04-2026 10:11:12', '06-04-2026', '07-04-2026', '31-02-2026'], 'date', /is none, "31-02-2026"/],
    ['Menge', [...counts, 'viele'], 'number', /numbers\. One of its 50 cells is none, "viele"/],
    ['Menge', [...counts, 'k.A.'], 'number', undefined],
    ['Menge', ['1', '2', 'tbd', 's/d', '-', 'n/a', 'k. A.'], 'number', undefined],
    ['Preis', ['5,50 €', '6 €', '7 €', 'auf Anfrage'], 'money', /amounts\. One of its 4 cells is none, "auf Anfrage"/],
    ['Umsatz (€)', ['5', '6', '7', '12k'], 'money', /is none, "12k"/],
    ['Menge', ['1', '2', '3', 'x', 'y'], 'text', /text for cells such as "x": 3 of its 5 cells are numbers/],
    ['Menge', ['1', 'x'], 'text', undefined],
    ['Notiz', ['ja', 'nein', '3', 'vielleicht'], 'text', undefined],
    // Codes, and figures that are joined to letters, are lost as a number: one of them speaks for the column.
    ['Haus', ['12', '14', '9', '12b'], 'text', /text for "12b", which no number keeps/],
    ['Ort-Kz.', [...counts.map((each) => `1${each}00`), '01067'], 'text', /text for "01067"/],
    ['Ref.', [...counts, 'A-551'], 'text', /text for "A-551"/],
    // What has points and is no number: addresses of machines, versions, parts of dates and times.
    ['Signup', ['85.214.132.117'], 'text', undefined],
    ['Signup', ['185.214.132.117', '192.168.100.200', '8.8.8.8'], 'text', undefined],
    ['CONFIRM_IP', ['192.168.100.200'], 'text', undefined],
    ['Kunden weltweit', ['1.100.200.150', '12.000', '999'], 'number', undefined],
    ['Umsatz', ['1.100.200.150'], 'number', undefined],
    ['App-Version', ['2.10', '2.9'], 'text', undefined],
    ['Abschnitt', ['12.10.300', '12.20.400'], 'text', undefined],
    ['Geburtstag', ['15.03', '24.12'], 'text', undefined],
    ['Monat', ['11.2024', '12.2024'], 'text', undefined],
    ['Monat', ['11', '12'], 'number', undefined],
    ['Uhrzeit', ['9.30', '14.00'], 'text', undefined],
    ['Stunden', ['9.30', '14.00'], 'number', undefined],
    ['Conversion', ['2.10', '2.9'], 'number', undefined],
    // Words beside a figure, which are of an amount only where the heading is, or with a currency.
    ['Terms', ['Net 30', 'Net 60'], 'text', undefined],
    ['Zahlungsziel', ['30 netto', 'netto 30', '30 Tage'], 'text', undefined],
    ['Rechnung offen', ['30 € netto'], 'money', undefined],
    ['Preis', ['30 netto', '12,50 brutto'], 'money', undefined],
    ['Subtotal', ['30 net', '20'], 'money', undefined],
    [
      'Stimmung',
      [...Array.from({ length: 20 }, () => '5'), ...Array.from({ length: 20 }, () => 'gut')],
      'select',
      undefined,
    ],
    // What is there as often as an option is no mistake.
    [
      'Start',
      [...Array.from({ length: 40 }, (_, at) => `202${at % 4}`), ...'aaaa'].map((each) => each.replace('a', 'offen')),
      'select',
      undefined,
    ],
    [
      'Aktiv',
      [...Array.from({ length: 25 }, () => 'ja'), ...Array.from({ length: 14 }, () => 'nein'), 'ja; bis Mai'],
      'select',
      /options of a choice\. One of its 40 cells/,
    ],
  ])('are of the kind that nearly all of their cells are, codes apart: %s', async (name, cells, kind, note) => {
    const { kinds, mixed } = await become([column(name, ...cells)]);
    expect(Object.values(kinds)).toEqual([kind]);
    if (note) expect(mixed.get(name)).toMatch(note);
    else expect(mixed.has(name)).toBe(false);
  });

  it.each([
    ['GTQ', ['Q1', 'Q4']],
    ['ZAR', ['R 12', 'R 7']],
  ])('are no amounts by a letter before a small number, though it is a mark of %s', async (currency, cells) => {
    expect((await become([column('When', ...cells)], { currency })).kinds).toEqual({ when: 'text' });
    expect((await become([column('Fee', ...cells)], { currency })).kinds).toEqual({ fee: 'money' });
  });

  it('have options that differ in more than case, as a field has to', async () => {
    const cells = ['Ja', 'ja', 'Nein', 'NEIN', 'nein'].flatMap((cell) => Array.from({ length: 5 }, () => cell));
    const { kinds, options } = await become([column('Aktiv', ...cells)]);
    expect([kinds, options]).toEqual([{ aktiv: 'select' }, { aktiv: ['Ja', 'Nein'] }]);
  });

  it('are amounts where nearly all cells beside them name currencies', async () => {
    const list = [column('Price', '5', '6', '7', '8'), column('Currency', 'EUR', 'EUR', 'USD', '?')];
    expect((await become(list)).kinds).toMatchObject({ price: 'money' });
  });
});
