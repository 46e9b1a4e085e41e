import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {object} SourceFile
 * @property {string} path relative to the workspace
 * @property {boolean} isSpec
 * @property {readonly string[]} imports what stands between the quotes, type-only imports included
 */

/**
 * Reads the imports of every source file of one project: `import`, `export … from`, `import()`, `require()`.
 *
 * @param {string} workspaceRoot
 * @param {string} projectRoot relative
 * @returns {Promise<SourceFile[]>} in the order of their paths
 */
export async function readImports(workspaceRoot, projectRoot) {
  const entries = await readdir(join(workspaceRoot, projectRoot), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const paths = entries
    .filter(
      (entry) => entry.isFile() && /\.(ts|mts|cts|tsx|js|mjs|cjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts'),
    )
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(workspaceRoot.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !/\/(dist|node_modules|coverage)\//.test(path))
    .sort();
  return Promise.all(
    paths.map(async (path) => ({
      path,
      isSpec: /\.spec\.\w+$/.test(path),
      imports: importsOf(await readFile(join(workspaceRoot, path), 'utf8')),
    })),
  );
}

/** @param {string} text @returns {string[]} */
export function importsOf(text) {
  return ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
}
