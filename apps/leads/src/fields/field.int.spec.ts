import { CreateLeadField, ListLeadFields } from '@apollo/contracts';
import { testOrg } from '@apollo/testing';
import { type LeadsWorld, leadsWorld, pagesOf } from '../leads.world.spec.js';

describe('custom fields', () => {
  let world: LeadsWorld;
  beforeAll(async () => {
    world = await leadsWorld();
  });
  afterAll(() => world.stop());

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
