import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Sources that answer with a page: what a contract's list is called there. */
function listing() {
  return ['apps', 'libs/service-kit'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(^|\/)src\/.*\.ts$/.test(file) && !/\.spec\.ts$|node_modules|^gateway\//.test(file))
      .map((file) => ({ file: join(folder, file), text: readFileSync(join(ROOT, folder, file), 'utf8') }))
      .filter(({ text }) => /cursors\.(?:seal|page)\(/.test(text)),
  );
}

describe('lists in pages', () => {
  const found = listing();

  it('are found', () => {
    expect(found.length).toBeGreaterThan(10);
  });

  it.each(found)('are cut to what one message carries: $file', ({ text }) => {
    expect(text).toMatch(/\bcursors\.page\(|\bfitting\(/);
    expect(text).not.toMatch(/slice\(0, limit\)/);
  });
});
