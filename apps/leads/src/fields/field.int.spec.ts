import { CreateLeadField, ListLeadFields, UpdateLeadField } from '@apollo/contracts';
import { testOrg } from '@apollo/testing';
import { MOST_FIELDS } from './field.repository.js';
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

  it('are as many as there may be, and told apart, also where several are made at once', async () => {
    const org = testOrg();
    const make = (key: string, label: string) =>
      world.ask(org, CreateLeadField, { key, label, kind: 'text' }).then(
        () => 'made',
        ({ code }: { code: string }) => code,
      );
    await make('first', 'First');
    const alike = ['Size', 'size', 'SIZE', 'Sïze'].map((label, n) => make(`size_${n}`, label));
    expect((await Promise.all(alike)).filter((outcome) => outcome === 'made')).toHaveLength(1);
    await world.test.admin(
      `insert into leads.lead_fields (org_id, id, key, label, kind, options, archived)
       select $1, gen_random_uuid(), 'k' || n, 'Label ' || n, 'text', '{}', false from generate_series(1, $2::int) n`,
      [org.id, MOST_FIELDS - 3],
    );
    const last = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => make(key, `Last ${key}`)));
    expect(last.toSorted()).toEqual(['made', ...Array(4).fill('state_conflict')]);
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
