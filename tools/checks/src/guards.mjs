/**
 * Proves the proofs: removes one guard at a time in a copy of the sources and expects the spec that `docs/tenancy.md`
 * names for it to fail. A spec that still passes without its guard proves nothing, and fails this check.
 *
 *   npm run guards                 every guard
 *   npm run guards -- tag policy   those whose id contains one of the words
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './guards.list.mjs';
import { SOAK_GUARDS } from './soak.guards.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const wanted = process.argv.slice(2);

/** A copy of the sources with their build; packages of others are the original's, those of our own are the copy's. */
function copySources() {
  const copy = mkdtempSync(join(tmpdir(), 'apollo-guards-'));
  for (const entry of [
    'apps',
    'libs',
    'tools',
    'docs',
    'jest.config.mjs',
    'package.json',
    'tsconfig.base.json',
    'tsconfig.json',
    'eslint.config.js',
  ]) {
    cpSync(join(root, entry), join(copy, entry), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !path.includes('node_modules'),
    });
  }
  const packages = join(copy, 'node_modules');
  mkdirSync(join(packages, '@apollo'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@apollo') symlinkSync(join(root, 'node_modules', name), join(packages, name));
  for (const place of ['apps', 'libs', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  )) {
    if (existsSync(join(copy, place, 'package.json')))
      symlinkSync(
        join(copy, place),
        join(packages, JSON.parse(readFileSync(join(copy, place, 'package.json'), 'utf8')).name),
      );
    // A package whose version of something differs from the others' has it in a folder of its own.
    if (existsSync(join(root, place, 'node_modules')))
      symlinkSync(join(root, place, 'node_modules'), join(copy, place, 'node_modules'));
  }
  return copy;
}

/** Builds what has changed in the copy and runs a short soak; gives the first promise that was broken, if any. */
function runSoak(copy, guard) {
  const built = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (built.status !== 0) return { said: `it does not build: ${built.stdout.split('\n')[0]}` };
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(copy, 'apps/system-tests/dist/faults/soak.js'), ...guard.soak],
    { cwd: copy, encoding: 'utf8', timeout: 300_000 },
  );
  return {
    caught: status === 1,
    said:
      stdout
        .split('\n')
        .find((line) => line.includes('✗'))
        ?.replace(/^.*✗ /, '')
        .slice(0, 120) ?? `the soak ended with ${status}`,
  };
}

function runSpec(copy, guard) {
  const args = [
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    guard.spec,
    ...(guard.test ? ['-t', guard.test] : []),
    '--silent',
    '--json',
    `--outputFile=${join(copy, 'result.json')}`,
  ];
  spawnSync(process.execPath, args, {
    cwd: copy,
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    stdio: 'ignore',
    timeout: 240_000,
  });
  try {
    return JSON.parse(readFileSync(join(copy, 'result.json'), 'utf8'));
  } catch {
    return { numFailedTests: 0, numPassedTests: 0, numRuntimeErrorTestSuites: 0 };
  } finally {
    rmSync(join(copy, 'result.json'), { force: true });
  }
}

/** Tries one guard in the copy. @returns whether its absence was noticed, and by what */
function tryWithout(copy, guard) {
  const path = join(copy, guard.file);
  const original = readFileSync(path, 'utf8');
  if (original.split(guard.find).length !== 2)
    return { caught: false, said: `its text is not in ${guard.file} exactly once` };
  writeFileSync(
    path,
    original.replace(guard.find, () => guard.replace),
  );
  try {
    if (guard.soak) return runSoak(copy, guard);
    const result = runSpec(copy, guard);
    const caught = result.numFailedTests > 0;
    return {
      caught,
      said: caught
        ? `without it ${result.numFailedTests} of ${guard.spec} fail`
        : `nothing fails without it (${result.numPassedTests} passed, ${result.numRuntimeErrorTestSuites} did not run)`,
    };
  } finally {
    writeFileSync(path, original);
  }
}

const copy = copySources();
let passed = 0;
let failed = 0;
try {
  for (const guard of [...GUARDS, ...SOAK_GUARDS].filter(
    ({ id }) => wanted.length === 0 || wanted.some((word) => id.includes(word)),
  )) {
    const { caught, said } = tryWithout(copy, guard);
    console.log(`${caught ? '\u2713' : '\u2717'} ${guard.id}: ${said}`);
    if (caught) passed++;
    else failed++;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
