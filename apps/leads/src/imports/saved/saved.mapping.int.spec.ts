import {
  DeleteImportMapping,
  ListImportMappings,
  ListLeadFields,
  PreviewImport,
  SaveImportMapping,
  StartImport,
} from '@apollo/contracts';
import { type TestOrg, testOrg } from '@apollo/testing';
import { type ImportWorld, importWorld } from '../import.world.spec.js';

const FILE = 'Wer;Seit;Umsatz\nInês Prado;03.04.2025;1.200,50\n';
const FAIR = {
  mapping: { Wer: 'contact_name', Seit: 'custom_fields.since', Umsatz: 'value' },
  kinds: { since: 'date' },
  formats: { Seit: 'day-month-year', Umsatz: '1.234,56' },
  delimiter: ';',
};

describe('a mapping that is saved', () => {
  let world: ImportWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await importWorld();
  });
  beforeEach(() => {
    org = testOrg();
  });
  afterAll(() => world.stop());

  const save = (name: string, settings: object = FAIR) => world.ask(org, SaveImportMapping, { name, ...settings });
  const saved = async (of = org) => (await world.ask(of, ListImportMappings, {})).items;
  const preview = (settings: object) =>
    world.ask(org, PreviewImport, {
      file_name: 'x.csv',
      data: Buffer.from(FILE).toString('base64'),
      whole: true,
      ...settings,
    });

  it('is all that the next file of its kind needs, in preview and import', async () => {
    expect(await save('Fair')).toEqual({ ...FAIR, id: expect.any(String), name: 'Fair', saved_at: expect.any(String) });
    expect(await preview({ saved_mapping: 'fair' })).toMatchObject({
      mapping: FAIR.mapping,
      rows: [{ lead: { contact_name: 'Inês Prado', value_minor: 120050 }, custom_fields: { since: '2025-04-03' } }],
    });
    const done = await world.import(org, FILE, { saved_mapping: 'FAIR', value_decimals: 2 });
    expect(done).toMatchObject({ created: 1, cells_left_out: 0, mapping: FAIR.mapping, formats: FAIR.formats });
    expect(await world.leads(org)).toMatchObject([
      { contact_name: 'Inês Prado', custom_fields: { since: '2025-04-03' } },
    ]);
    expect((await world.ask(org, ListLeadFields, {})).items).toMatchObject([{ key: 'since', kind: 'date' }]);
  });

  it('takes null for what is left out, in what is saved and in naming it', async () => {
    expect(await save('Fair', { ...FAIR, encoding: null, options: null })).toEqual({
      ...FAIR,
      id: expect.any(String),
      name: 'Fair',
      saved_at: expect.any(String),
    });
    expect(await preview({ ...FAIR, saved_mapping: null })).toMatchObject({ mapping: FAIR.mapping });
  });

  it('keeps columns, fields and itself by names that every object has', async () => {
    const file = 'constructor,toString,__proto__,valueOf\nIda Roth,31/12/2025,7,gold\n';
    const named = (entries: [string, unknown][]): Record<string, unknown> => Object.fromEntries(entries);
    const settings = {
      mapping: named([
        ['constructor', 'contact_name'],
        ['toString', 'custom_fields.constructor'],
        ['__proto__', 'custom_fields.points'],
        ['valueOf', 'custom_fields.tier'],
      ]),
      kinds: named([
        ['constructor', 'date'],
        ['points', 'number'],
        ['tier', 'select'],
      ]),
      options: { tier: ['gold'] },
      formats: named([['toString', 'day-month-year']]),
    };
    for (const name of ['constructor', '__proto__'])
      expect(await save(name, settings)).toMatchObject({ ...settings, name });
    expect((await saved()).map(({ name }) => name)).toEqual(['constructor', '__proto__']);
    expect(
      await world.code(org, PreviewImport, { file_name: 'x', data: 'eA==', whole: true, saved_mapping: 'toString' }),
    ).toBe('validation_failed');
    expect(await world.import(org, file, { saved_mapping: '__proto__' })).toMatchObject({
      created: 1,
      cells_left_out: 0,
    });
    const [lead] = await world.leads(org);
    expect(Object.entries(lead?.custom_fields ?? {}).sort()).toEqual([
      ['constructor', '2025-12-31'],
      ['points', 7],
      ['tier', 'gold'],
    ]);
  });

  it('gives way to what the request says', async () => {
    await save('Fair');
    expect(await preview({ saved_mapping: 'Fair', mapping: { Wer: 'company' } })).toMatchObject({
      mapping: { Wer: 'company' },
      delimiter: ';',
    });
  });

  it('is replaced under its name, however it is written, and deleted', async () => {
    const first = await save('Fair');
    const second = await save('FAIR', { mapping: { Wer: 'company' } });
    expect(second).toMatchObject({ id: first.id, name: 'FAIR', mapping: { Wer: 'company' } });
    expect(second.formats).toBeUndefined();
    expect(await saved()).toEqual([second]);
    await world.ask(org, DeleteImportMapping, { id: first.id });
    expect(await saved()).toEqual([]);
    expect(await world.code(org, DeleteImportMapping, { id: first.id })).toBe('not_found');
  });

  it('is nobody else’s: another organization neither sees, uses, replaces nor deletes it', async () => {
    const { id } = await save('Fair');
    const stranger = testOrg();
    expect(await saved(stranger)).toEqual([]);
    expect(await world.code(stranger, StartImport, { file_name: 'x.csv', saved_mapping: 'Fair' })).toBe(
      'validation_failed',
    );
    expect(await world.code(stranger, DeleteImportMapping, { id })).toBe('not_found');
    await world.ask(stranger, SaveImportMapping, { name: 'Fair', mapping: { x: 'company' } });
    expect(await saved()).toMatchObject([{ id, mapping: FAIR.mapping }]);
  });

  it.each([
    ['a target that there is not', { mapping: { Wer: 'planet' } }, 'validation_failed'],
    ['a kind that there is not', { kinds: { since: 'planet' } }, 'validation_failed'],
    ['a format that there is not', { formats: { Seit: 'someday' } }, 'validation_failed'],
    ['a pipeline that there is not', { pipeline_id: '01890000-0000-7000-8000-000000000000' }, 'not_found'],
  ])('is refused with %s, and nothing is saved', async (_what, settings, code) => {
    expect(await world.code(org, SaveImportMapping, { name: 'Fair', ...settings })).toBe(code);
    expect(await saved()).toEqual([]);
  });

  it('is for those who may import', async () => {
    expect(await world.code(org, SaveImportMapping, { name: 'Fair', ...FAIR }, 'viewer')).toBe('forbidden');
    expect(await world.code(org, ListImportMappings, {}, 'viewer')).toBe('forbidden');
  });

  it('is refused as too large where one message does not carry it', async () => {
    const options = Object.fromEntries(
      Array.from({ length: 200 }, (_, nth) => [`k${nth}`, Array.from({ length: 60 }, () => 'x'.repeat(100))]),
    );
    expect(await world.code(org, SaveImportMapping, { name: 'Fair', options })).toBe('payload_too_large');
  });

  it('says no more than a page of them can be read with', async () => {
    const options = Object.fromEntries(
      Array.from({ length: 200 }, (_, nth) => [`k${nth}`, Array.from({ length: 10 }, () => 'x'.repeat(60))]),
    );
    expect(await world.code(org, SaveImportMapping, { name: 'Fair', options })).toBe('payload_too_large');
    await world.ask(org, SaveImportMapping, { name: 'Fair', options: { k: options['k1'] } });
  });

  it('is one of fifty at most, of which each can still be replaced', async () => {
    for (let nth = 0; nth < 50; nth++) await save(`Fair ${nth}`, { delimiter: ';' });
    expect(await world.code(org, SaveImportMapping, { name: 'one more' })).toBe('state_conflict');
    expect(await save('fair 7', { delimiter: ',' })).toMatchObject({ delimiter: ',' });
  });
});
