import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SLOW } from '../slow.first.sequencer.mjs';
import scopedSpecs from './scoped.specs.mjs';
import { groupsOf, writeGroups } from './spec.groups.mjs';

const root = join(import.meta.dirname, '../../../..');

describe('spec files that run together', () => {
  const file = (path, size = 1) => ({ path, size });

  it('are of one project, those that take long alone and first', () => {
    const slow = `apps/one/src/${SLOW[0]}.spec.ts`;
    const groups = groupsOf([file('apps/one/src/a'), file('apps/two/src/b'), file(slow), file('apps/one/src/c', 9)]);
    expect(groups).toEqual([[slow], ['apps/one/src/c', 'apps/one/src/a'], ['apps/two/src/b']]);
  });

  it('are shared out so that none has all the large ones', () => {
    const files = Array.from({ length: 12 }, (_, nth) => file(`apps/one/src/${nth}`, nth));
    const groups = groupsOf(files);
    expect(groups.map((group) => group.length)).toEqual([4, 4, 4]);
    expect(groups.map((group) => group[0]).toSorted()).toEqual([
      'apps/one/src/10',
      'apps/one/src/11',
      'apps/one/src/9',
    ]);
  });

  it.each(['unit', 'int'])('are all there are of %s specs, each once, and nothing that was there before', (tier) => {
    const folder = mkdtempSync(join(tmpdir(), 'apollo-groups-'));
    writeFileSync(join(folder, 'left.spec.mjs'), '');
    writeGroups(root, tier, folder);
    const loaded = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/^\w+ '(.*)';$/gm)].map(([, path]) =>
        resolve(folder, path),
      ),
    );
    rmSync(folder, { recursive: true });
    const there = globSync(`{apps,libs,tools}/*/src/**/*.${tier}.spec.*`, { cwd: root }).map((path) =>
      join(root, path),
    );
    expect(loaded.toSorted()).toEqual(there.toSorted());
  });
});

describe('a spec file among others', () => {
  const request = { config: { rootDir: '/p' }, supportsStaticESM: true };
  const text = [
    "import { one } from './one.js';",
    "import two from './two.js';",
    'beforeAll(() => one());',
    "it('does', two);",
  ].join('\n');

  it('keeps what it does before and after its tests to itself, and its lines', async () => {
    const transformer = await scopedSpecs.createTransformer({ swcrc: false, jsc: { target: 'es2024' } });
    const { code } = await transformer.processAsync(text, '/p/apps/one/src/a.unit.spec.ts', request);
    expect(code).toMatch(
      /import two from '\.\/two\.js'; describe\("apps\/one\/src\/a\.unit\.spec\.ts", \(\) => \{\nbeforeAll/,
    );
    expect(code.trimEnd().endsWith('\n});')).toBe(true);
  });
});
