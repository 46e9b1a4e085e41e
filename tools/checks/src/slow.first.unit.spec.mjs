import { globSync } from 'node:fs';
import { join } from 'node:path';
import SlowFirst, { SLOW } from './slow.first.sequencer.mjs';

const root = join(import.meta.dirname, '../../..');

describe('spec files that take long', () => {
  it.each(SLOW)('are there by their name: %s', (name) => {
    expect(globSync(`{apps,libs}/*/src/**/${name.split('/').pop()}.spec.ts`, { cwd: root })).toContainEqual(
      expect.stringContaining(`/${name}.spec.ts`),
    );
  });

  it('begin before the others, the longest first', () => {
    const test = (path) => ({ path: `/p/src/${path}.spec.ts`, context: { config: {}, hasteFS: { getSize: () => 1 } } });
    const order = new SlowFirst({}).sort(['a.int', SLOW[1], 'b.int', SLOW[0]].map(test)).map(({ path }) => path);
    expect(order.slice(0, 2)).toEqual([test(SLOW[0]).path, test(SLOW[1]).path]);
    expect(order).toHaveLength(4);
  });

  it('begin in the order in which they were put into groups', () => {
    const group = (name) => ({ path: `/p/${name}.spec.mjs`, context: { config: {}, hasteFS: { getSize: () => 1 } } });
    const names = ['012.apps.orgs', '002.libs.work', '000.apps.leads'];
    const order = new SlowFirst({}).sort(names.map(group)).map(({ path }) => path);
    expect(order).toEqual(names.map((name) => group(name).path).reverse());
  });
});
