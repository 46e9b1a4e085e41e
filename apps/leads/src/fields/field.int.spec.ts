import { CreateLeadField, ListLeadFields, UpdateLeadField } from '@apollo/contracts';
import { testOrg } from '@apollo/testing';
import { type LeadsWorld, leadsWorld, pagesOf } from '../leads.world.spec.js';

describe('custom fields', () => {
  let world: LeadsWorld;
  beforeAll(async () => {
    world = await leadsWorld();
  });
  afterAll(() => world.stop());

  it('have labels that imports can tell apart, for people who add them; those that are there stay', async () => {
    const org = testOrg();
    const field = (key: string, label: string) => ({ key, label, kind: 'text' });
    const code = (contract: typeof CreateLeadField | typeof UpdateLeadField, request: object) =>
      world.ask(org, contract as never, request).then(
        () => 'taken',
        ({ code: told }: { code: string }) => told,
      );
    const { id } = (await world.ask(org, CreateLeadField, field('size', 'Sïze'))) as { id: string };
    expect(await code(CreateLeadField, field('size_2', 'size'))).toBe('name_taken');
    expect(await code(CreateLeadField, field('size_3', 'Size %'))).toBe('taken');
    const other = (await world.ask(org, CreateLeadField, field('other', 'Other'))) as { id: string };
    expect(await code(UpdateLeadField, { id: other.id, label: 'SIZE' })).toBe('name_taken');
    expect(await code(UpdateLeadField, { id, label: 'size' })).toBe('taken');
    // An archived one is in nobody's way, until it is wanted again.
    expect(await code(UpdateLeadField, { id, archived: true })).toBe('taken');
    expect(await code(UpdateLeadField, { id: other.id, label: 'SIZE' })).toBe('taken');
    expect(await code(UpdateLeadField, { id, archived: false })).toBe('name_taken');
  });

  it('are listed in pages that one message carries, each of them once, however long their options are', async () => {
    const org = testOrg();
    const options = Array.from({ length: 100 }, (_, index) => '\u8a9e'.repeat(97) + String(index).padStart(3, '0'));
    const keys = Array.from({ length: 40 }, (_, index) => `field_${index}`);
    for (const key of keys) await world.ask(org, CreateLeadField, { key, label: key, kind: 'select', options });
    const pages = await pagesOf(world, org, ListLeadFields);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat().map(({ key }) => key)).toEqual(keys);
    expect(pages.flat().every((field) => field.options.length === options.length)).toBe(true);
  });
});
