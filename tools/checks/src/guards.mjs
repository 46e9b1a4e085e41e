/**
 * Proves the proofs: removes one guard at a time in a copy of the sources and expects the spec that `docs/tenancy.md`
 * names for it to fail. A spec that still passes without its guard proves nothing, and fails this check.
 *
 *   npm run guards                 every guard
 *   npm run guards -- tag policy   those whose id contains one of the words
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './guards.list.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const wanted = process.argv.slice(2);

/** A copy of the tracked sources; packages and the build of the test kit are the original's. */
function copySources() {
  const copy = mkdtempSync(join(tmpdir(), 'apollo-guards-'));
  for (const entry of ['apps', 'libs', 'tools', 'docs', 'jest.config.mjs', 'package.json', 'tsconfig.base.json', 'eslint.config.js']) {
    cpSync(join(root, entry), join(copy, entry), { recursive: true, filter: (path) => !path.includes('node_modules') });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // A package whose version of something differs from the others' has it in a folder of its own.
  for (const place of ['apps', 'libs', 'tools'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'node_modules')))) {
    if (existsSync(join(root, place))) symlinkSync(join(root, place), join(copy, place));
  }
  return copy;
}

function runSpec(copy, guard) {
  const args = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), guard.spec, ...(guard.test ? ['-t', guard.test] : []), '--silent', '--json', `--outputFile=${join(copy, 'result.json')}`];
  spawnSync(process.execPath, args, { cwd: copy, env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' }, stdio: 'ignore', timeout: 240_000 });
  try {
    return JSON.parse(readFileSync(join(copy, 'result.json'), 'utf8'));
  } catch {
    return { numFailedTests: 0, numPassedTests: 0, numRuntimeErrorTestSuites: 0 };
  } finally {
    rmSync(join(copy, 'result.json'), { force: true });
  }
}

const copy = copySources();
let passed = 0;
let failed = 0;
try {
  for (const guard of GUARDS.filter(({ id }) => wanted.length === 0 || wanted.some((word) => id.includes(word)))) {
    const path = join(copy, guard.file);
    const original = readFileSync(path, 'utf8');
    if (original.split(guard.find).length !== 2) {
      console.log(`\u2717 ${guard.id}: its text is not in ${guard.file} exactly once`);
      failed++;
      continue;
    }
    writeFileSync(path, original.replace(guard.find, () => guard.replace));
    const result = runSpec(copy, guard);
    writeFileSync(path, original);
    const caught = result.numFailedTests > 0;
    console.log(`${caught ? '\u2713' : '\u2717'} ${guard.id}: ${caught ? `without it ${result.numFailedTests} of ${guard.spec} fail` : `nothing fails without it (${result.numPassedTests} passed, ${result.numRuntimeErrorTestSuites} did not run)`}`);
    if (caught) passed++;
    else failed++;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
