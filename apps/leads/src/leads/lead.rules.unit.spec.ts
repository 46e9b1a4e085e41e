import type { leadsMessages } from '@apollo/contracts';
import { changed, contentOf, moveActivity } from './lead.rules.js';

const lead: leadsMessages.Lead = {
  id: 'l',
  pipeline_id: 'p',
  stage_id: 's',
  ...contentOf({
    contact_name: 'Ada',
    company: 'Engines',
    tags: ['a', 'a', 'b'],
    custom_fields: { size: 3, gone: null },
  }),
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  version: 1,
};
const update = (request: Partial<leadsMessages.UpdateLeadRequest>, custom = lead.custom_fields) =>
  changed(lead, { id: 'l', ...request }, custom);

describe('lead content', () => {
  it('keeps each tag once and no empty custom field', () => {
    expect(lead.tags).toEqual(['a', 'b']);
    expect(lead.custom_fields).toEqual({ size: 3 });
  });

  it('takes tags that are alike but for case, accents and blanks around them for the first of them', () => {
    const given = ['José', 'jose', ' JOSÉ', ' a ', 'A', 'が', 'か', 'C', 'C++'];
    const kept = ['José', 'a', 'が', 'か', 'C', 'C++'];
    expect(contentOf({ contact_name: 'Ada', tags: given }).tags).toEqual(kept);
    expect(update({ tags: given }).lead.tags).toEqual(kept);
    // Those that are there may go on to be there.
    const old = { ...lead, tags: ['José', 'jose', ' a '] };
    expect(changed(old, { id: 'l', tags: ['José', 'jose', ' a '] }, lead.custom_fields)).toEqual({
      lead: old,
      fields: [],
    });
  });

  it.each([
    [{ email: 'ada@example.org', phone: '+4930123456', company: 'Engines' }, 'Engines'],
    [{ phone: '+4930123456', email: 'ada@example.org' }, 'ada@example.org'],
    [{ phone: '+4930123456' }, '+4930123456'],
    [{ email: `${'a'.repeat(200)}@example.org`, phone: '+4930123456' }, '+4930123456'],
    [{ external_id: 'x-1', phone: '+4930123456' }, '+4930123456'],
    [{ external_id: 'x-1' }, 'x-1'],
    [{ contact_name: 'Ada', email: 'ada@example.org' }, 'Ada'],
  ])('shows a lead without a name by what it has: %j', (request, shown) => {
    expect(contentOf(request).contact_name).toBe(shown);
  });

  it.each([[{}], [{ city: 'Lisboa', tags: ['x'] }]])('refuses a lead that nothing names: %j', (request) => {
    expect(() => contentOf(request)).toThrow('validation_failed');
  });

  it('names the fields that an update changes, and only those', () => {
    expect(update({ contact_name: 'Ada', company: 'Looms', tags: ['b'] }).fields).toEqual(['company', 'tags']);
    expect(update({}, { size: 4, budget: 1 }).fields).toEqual(['custom_fields.size', 'custom_fields.budget']);
    expect(update({ contact_name: 'Ada', company: 'Engines', tags: ['a', 'b'] })).toEqual({ lead, fields: [] });
  });

  it('clears a field with null but never the name', () => {
    const { lead: after, fields } = update({ company: null, tags: null, contact_name: null as never });
    expect(after).toMatchObject({ company: null, tags: [], contact_name: 'Ada' });
    expect(fields).toEqual(['company', 'tags']);
  });

  it('tells an owner change apart from the other fields', () => {
    expect(update({ owner_id: 'o' })).toMatchObject({ fields: [], owner: { from: null, to: 'o' } });
  });

  it('does not change the lead it was given', () => {
    const before = structuredClone(lead);
    update({ company: 'x', tags: ['y'], owner_id: 'o' }, { z: 1 });
    expect(lead).toEqual(before);
  });
});

describe('lead move', () => {
  it('is a change of stage inside a pipeline and a move between two', () => {
    expect(moveActivity(lead, { pipeline_id: 'p', stage_id: 't', archived: false })).toEqual({
      kind: 'stage_changed',
      detail: { from_stage_id: 's', to_stage_id: 't' },
    });
    expect(moveActivity(lead, { pipeline_id: 'q', stage_id: 't', archived: false })).toEqual({
      kind: 'pipeline_moved',
      detail: { from_pipeline_id: 'p', to_pipeline_id: 'q', from_stage_id: 's', to_stage_id: 't' },
    });
  });
});
