import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

const COPIED = [
  'apps',
  'libs',
  'tools',
  'docs',
  'jest.config.mjs',
  'jest.mutants.config.mjs',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'eslint.config.js',
];

/**
 * Copies the sources with their build; packages of others are the original's, those of our own are the copy's.
 *
 * @param {string} root
 * @returns {string} the folder of the copy, for the caller to delete
 */
export function copySources(root) {
  // Jest reports real paths, and the folder for temporary files is a link on some systems.
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'apollo-guards-')));
  for (const entry of COPIED) {
    cpSync(join(root, entry), join(copy, entry), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !path.slice(root.length).includes('node_modules'),
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

/**
 * @param {string} source
 * @param {import('./guard.selection.mjs').Guard} guard
 * @returns {{ text: string } | { problem: string }} the source without the guard
 */
export function withoutGuard(source, { file, find, replace }) {
  if (source.split(find).length !== 2) return { problem: `its text is not in ${file} exactly once` };
  const text = source.replace(find, () => replace);
  return text.replace(/\s+/g, '') === source.replace(/\s+/g, '')
    ? { problem: 'the removal removes nothing' }
    : { text };
}

/**
 * Takes a guard out of a copy: out of the source, which specs run, and out of what was built of it, which the set-up of
 * the integration tier and every process of its own run. One file is compiled by itself, so types are not looked at: a
 * guard without which something is unused may be taken out.
 *
 * @param {string} copy
 * @param {import('./guard.selection.mjs').Guard} guard
 * @returns {{ restore(): void } | { problem: string }}
 */
export function takeOut(copy, guard) {
  const without = withoutGuard(readFileSync(join(copy, guard.file), 'utf8'), guard);
  return 'problem' in without ? without : exchange(copy, guard.file, without.text);
}

/**
 * Exchanges a file of a copy for another text, and what was built of it for what is built of that.
 *
 * @param {string} copy
 * @param {string} file
 * @param {string} text
 * @returns {{ restore(): void } | { problem: string }}
 */
export function exchange(copy, file, text) {
  const path = join(copy, file);
  const changes = [{ path, before: readFileSync(path, 'utf8'), after: text }];
  const built = builtFrom(file);
  if (built && existsSync(join(copy, built))) {
    const { outputText, diagnostics = [] } = ts.transpileModule(text, {
      fileName: file,
      reportDiagnostics: true,
      compilerOptions: compilerOptions(copy),
    });
    if (diagnostics.length > 0) return { problem: 'the source cannot be compiled without it' };
    changes.push({ path: join(copy, built), before: readFileSync(join(copy, built), 'utf8'), after: outputText });
  }
  for (const change of changes) writeFileSync(change.path, change.after);
  return {
    restore: () => {
      for (const change of changes) writeFileSync(change.path, change.before);
    },
  };
}

/** Where the compiler puts what it makes of a source. @param {string} file */
function builtFrom(file) {
  const [, project, rest] = /^([^/]+\/[^/]+)\/src\/(.+)\.ts$/.exec(file) ?? [];
  return project && `${project}/dist/${rest}.js`;
}

/** The compiler's settings for one module by itself, which is an ES module like all of ours. @param {string} copy */
function compilerOptions(copy) {
  const { config } = ts.readConfigFile(join(copy, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, copy);
  return {
    ...options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    sourceMap: false,
  };
}

/** @param {string} copy */
export function removeCopy(copy) {
  rmSync(copy, { recursive: true, force: true });
}
