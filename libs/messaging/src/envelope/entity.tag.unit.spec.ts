import { newId } from '@apollo/tenancy';
import { entityTag, versionOfTag } from './entity.tag.js';

describe('an entity tag', () => {
  const [place, id, version] = [newId(), newId(), 7];
  const tag = entityTag(place, { id, version });

  it('gives the version back, of its own object in its own organization', () => {
    expect(tag).toMatch(/^"7-[\w-]{11}"$/);
    expect(versionOfTag(tag, place, { id })).toBe(7);
    expect(versionOfTag(tag, place, { id, version: 9 })).toBe(7);
  });

  it('is no tag of another object, organization or version (H37)', () => {
    expect(versionOfTag(tag, place, { id: newId() })).toBeUndefined();
    expect(versionOfTag(tag, newId(), { id })).toBeUndefined();
    expect(versionOfTag(tag.replace('7-', '8-'), place, { id })).toBeUndefined();
    expect(versionOfTag(tag, place, { user_id: newId() })).toBeUndefined();
    expect(versionOfTag(tag, place, {})).toBeUndefined();
  });

  it('is of a member by the person, of a cap by what it is for, of an organization by its place', () => {
    const [user_id, agent_id] = [newId(), newId()];
    expect(versionOfTag(entityTag(place, { user_id, version }), place, { user_id })).toBe(7);
    expect(versionOfTag(entityTag(place, { id: place, version }), place, {})).toBe(7);
    const cap = entityTag(place, { id, layer: 'agent_day', agent_id, person_id: null, version });
    expect(versionOfTag(cap, place, { layer: 'agent_day', agent_id })).toBe(7);
    expect(versionOfTag(cap, place, { layer: 'agent_day' })).toBeUndefined();
  });

  it.each([
    '',
    '*',
    '7',
    '"7"',
    `W/${tag}`,
    `${tag}, ${tag}`,
    tag.replace('"7', '"07'),
    tag.slice(0, -1),
    '"x-aaaaaaaaaaa"',
    '"NaN-aaaaaaaaaaa"',
  ])('is not %s', (text) => expect(versionOfTag(text, place, { id })).toBeUndefined());
});
