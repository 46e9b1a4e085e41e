import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './guards.list.mjs';
import { SOAK_GUARDS } from './soak.guards.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const text = readFileSync(join(root, 'docs', 'tenancy.md'), 'utf8');
const references = [...text.matchAll(/`([^`]+\.spec\.(?:ts|js|mjs))` › "([^"]+)"/g)].map(([, file, name]) => ({
  file,
  name,
}));

describe('docs/tenancy.md', () => {
  it('gives every promise a proof', () => {
    const rows = text
      .split('\n')
      .filter(
        (line) => line.startsWith('|') && !/^\|\s*(-{3}|(promise|table)\b)/.test(line) && line.split('|').length === 5,
      );
    const promises = rows.filter((line) => !line.startsWith('| `'));
    expect(promises.length).toBeGreaterThan(30);
    expect(promises.filter((line) => !/`[^`]+\.spec\.(ts|js|mjs)` › "/.test(line))).toEqual([]);
  });

  it.each(references)('$file still says "$name"', ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'")).toContain(name);
  });
});

describe('the list of guards', () => {
  it.each(GUARDS)('$id is still where it says, once, and its spec exists', ({ file, find, spec }) => {
    expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
    expect(existsSync(join(root, spec))).toBe(true);
  });

  it.each(SOAK_GUARDS)('$id, which a soak notices, is still where it says, once', ({ file, find }) => {
    expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
  });
});
