import { modelsOf } from './model.list.js';

const ours = { name: 'house/large', url: 'https://models.test/v1', model: 'large-2026', key: 'k' };

describe('a list of models', () => {
  it('is read as it is, with what stands for a model that cannot answer', () => {
    const small = {
      name: 'small',
      url: 'http://127.0.0.1:11434/v1',
      model: 's',
      fallback: ['house/large', 'apollo-offline-1'],
    };
    expect(modelsOf({ models: [ours, small] })).toMatchObject([ours, small]);
    expect(modelsOf({ models: [] })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list alone', [ours]],
    ['more than are read', { models: Array.from({ length: 51 }, (_, n) => ({ ...ours, name: `m${n}` })) }],
    ['one name twice', { models: [ours, ours] }],
    ['the name of the offline model', { models: [{ ...ours, name: 'apollo-offline-1' }] }],
    ['a name that no persona may have', { models: [{ ...ours, name: 'two words' }] }],
    ['an address with a login', { models: [{ ...ours, url: 'https://u:p@models.test/v1' }] }],
    ['another protocol', { models: [{ ...ours, url: 'file:///etc/passwd' }] }],
    ['no name at the endpoint', { models: [{ ...ours, model: undefined }] }],
    ['itself as its own fallback', { models: [{ ...ours, fallback: ['house/large'] }] }],
    ['a fallback that is not there', { models: [{ ...ours, fallback: ['larger'] }] }],
    ['a setting that nobody knows', { models: [{ ...ours, kee: 'k' }] }],
  ])('is none with %s', (_what, json) => {
    expect(modelsOf(json)).toBeUndefined();
  });
});
