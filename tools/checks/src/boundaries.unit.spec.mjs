import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { boundaryViolations } from './boundary-rules.mjs';
import { importsOf, readImports } from './source-imports.mjs';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'apollo-boundaries-')));
afterAll(() => rmSync(folder, { recursive: true }));

/** A small workspace that keeps every rule: two apps, their libraries, a test kit and a tool. */
const sound = {
  'libs/contracts': { tags: ['type:contracts'], files: { 'src/index.ts': '' } },
  'libs/tenancy': {
    tags: ['type:tenancy'],
    exports: { '.': '', './postgres': '' },
    files: { 'src/index.ts': "import { AsyncLocalStorage } from 'node:async_hooks';" },
  },
  'libs/messaging': {
    tags: ['type:messaging'],
    uses: ['@apollo/contracts'],
    files: { 'src/index.ts': "import '@apollo/contracts';" },
  },
  'libs/testing': {
    tags: ['type:testing'],
    uses: ['@apollo/tenancy'],
    files: { 'src/index.ts': "import '@apollo/tenancy/postgres';" },
  },
  'tools/dev': {
    tags: ['type:tool'],
    uses: ['@apollo/messaging'],
    files: { 'src/index.ts': "import '@apollo/messaging';" },
  },
  'apps/gateway': {
    tags: ['type:app', 'app:gateway'],
    uses: ['@apollo/tenancy'],
    files: { 'src/main.ts': "import '@apollo/tenancy';" },
  },
  'apps/leads': {
    tags: ['type:app', 'app:leads'],
    uses: ['@apollo/tenancy', 'csv-parse'],
    files: {
      'src/main.ts':
        "import { parse } from 'csv-parse/sync'; import './lead.js'; import { x } from '@apollo/tenancy/postgres';",
      'src/lead.ts': '',
      'src/lead.int.spec.ts': "import '@apollo/testing'; import fc from 'fast-check';",
    },
  },
};

const nameOf = (root) => `@apollo/${root.split('/')[1]}`;

/** Writes the sound workspace with some packages changed, and reads it back as the check would. */
async function violationsWith(changes = {}, edges = {}) {
  const place = mkdtempSync(join(folder, 'workspace-'));
  const projects = [];
  for (const [root, description] of Object.entries({ ...sound, ...changes })) {
    write(place, root, description);
    const own = {
      dependencies: versions(description.uses),
      devDependencies: versions(description.usesInSpecs),
      exports: description.exports ?? { '.': '' },
    };
    projects.push({
      name: nameOf(root),
      root,
      tags: description.tags,
      dependsOn: edges[root] ?? [],
      manifest: own,
      files: await readImports(place, root),
    });
  }
  return boundaryViolations({ projects, rootDevDependencies: ['jest', 'fast-check'] });
}

const versions = (names = []) => Object.fromEntries(names.map((name) => [name, '0.1.0']));

function write(place, root, description) {
  const manifest = {
    name: nameOf(root),
    version: '0.1.0',
    private: true,
    exports: description.exports ?? { '.': './src/index.ts' },
    dependencies: versions(description.uses),
    devDependencies: versions(description.usesInSpecs),
    nx: { tags: description.tags },
  };
  for (const [file, text] of Object.entries({ ...description.files, 'package.json': JSON.stringify(manifest) })) {
    mkdirSync(dirname(join(place, root, file)), { recursive: true });
    writeFileSync(join(place, root, file), text);
  }
}

/** One package of the sound workspace with an import more, declared unless said otherwise. */
function importing(root, specifier, { file = 'src/extra.ts', declared = true } = {}) {
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0];
  const before = sound[root];
  const uses = declared && !specifier.startsWith('.') ? [...new Set([...(before.uses ?? []), name])] : before.uses;
  return { [root]: { ...before, uses, files: { ...before.files, [file]: `import '${specifier}';` } } };
}

describe('boundaries', () => {
  it('accepts a workspace that keeps them', async () => {
    expect(await violationsWith()).toEqual([]);
  });

  it.each([
    ['an app that imports another app', 'apps/leads', '@apollo/gateway', 'an app may not import @apollo/gateway'],
    ['an app that imports a tool', 'apps/leads', '@apollo/dev', 'an app may not import @apollo/dev'],
    [
      'an app that imports the test kit into its sources',
      'apps/leads',
      '@apollo/testing',
      'an app may not import @apollo/testing',
    ],
    [
      'contracts that import a library',
      'libs/contracts',
      '@apollo/tenancy',
      'a contracts may not import @apollo/tenancy',
    ],
    [
      'tenancy that imports a library',
      'libs/tenancy',
      '@apollo/contracts',
      'a tenancy may not import @apollo/contracts',
    ],
    [
      'messaging that imports the test kit',
      'libs/messaging',
      '@apollo/testing',
      'a messaging may not import @apollo/testing',
    ],
    ['a library that imports an app', 'libs/messaging', '@apollo/leads', 'a messaging may not import @apollo/leads'],
    ['the test kit that imports an app', 'libs/testing', '@apollo/leads', 'a testing may not import @apollo/leads'],
    ['a tool that imports an app', 'tools/dev', '@apollo/leads', 'a tool may not import @apollo/leads'],
    [
      'a gateway that reaches for a database',
      'apps/gateway',
      '@apollo/tenancy/postgres',
      'the gateway has no database',
    ],
    [
      'a reach into a package past its exports',
      'apps/leads',
      '@apollo/tenancy/src/secret.js',
      'is not exported by @apollo/tenancy',
    ],
  ])('finds %s', async (_, root, specifier, expected) => {
    expect(await violationsWith(importing(root, specifier))).toEqual(
      expect.arrayContaining([expect.stringContaining(expected)]),
    );
  });

  it.each([
    ['a relative import', "import '../../gateway/src/main.js';"],
    ['a re-export', "export * from '../../gateway/src/main.js';"],
    ['a dynamic import', "await import('../../gateway/src/main.js');"],
    ['a require', "const main = require('../../gateway/src/main.js');"],
    ['a type import', "import type { Main } from '../../gateway/src/main.js';"],
    ['a path through node_modules', "import '../node_modules/pg/lib/index.js';"],
  ])('finds %s that leaves the package', async (_, text) => {
    const leads = sound['apps/leads'];
    const found = await violationsWith({ 'apps/leads': { ...leads, files: { ...leads.files, 'src/extra.ts': text } } });
    expect(found).toEqual([expect.stringContaining('leaves the package')]);
  });

  it('finds an absolute import', async () => {
    expect(await violationsWith(importing('apps/leads', '/etc/secret.js', { declared: false }))).toEqual([
      expect.stringContaining('is an absolute path'),
    ]);
  });

  it('finds an import that the package does not declare', async () => {
    expect(await violationsWith(importing('apps/leads', 'pg', { declared: false }))).toEqual([
      "apps/leads/src/extra.ts: 'pg' is not declared in apps/leads/package.json",
    ]);
    expect(await violationsWith(importing('apps/leads', '@apollo/contracts', { declared: false }))).toHaveLength(1);
  });

  it('lets specs, and only specs, use the test kit undeclared', async () => {
    const kit = (file) => violationsWith(importing('apps/leads', '@apollo/testing', { file, declared: false }));
    expect(await kit('src/extra.unit.spec.ts')).toEqual([]);
    expect(await kit('src/extra.ts')).toHaveLength(2);
  });

  it('lets only specs use what is declared for development', async () => {
    const leads = { ...sound['apps/leads'], usesInSpecs: ['pg'] };
    const withFile = (file) => ({ 'apps/leads': { ...leads, files: { ...leads.files, [file]: "import 'pg';" } } });
    expect(await violationsWith(withFile('src/attack.int.spec.ts'))).toEqual([]);
    expect(await violationsWith(withFile('src/attack.ts'))).toEqual([expect.stringContaining("'pg' is not declared")]);
  });

  it('finds a declared package of our own that nobody imports', async () => {
    const leads = sound['apps/leads'];
    expect(await violationsWith({ 'apps/leads': { ...leads, uses: [...leads.uses, '@apollo/messaging'] } })).toEqual([
      'apps/leads/package.json: declares @apollo/messaging, which no source imports',
    ]);
    expect(await violationsWith({ 'apps/leads': { ...leads, usesInSpecs: ['@apollo/dev'] } })).toHaveLength(1);
  });

  it.each([
    ['no tag', []],
    ['only a tag without a type', ['app:leads']],
    ['two types', ['type:app', 'type:tool']],
    ['a type nobody knows', ['type:helper']],
    ['another app’s name', ['type:app', 'app:gateway']],
  ])('finds a package with %s', async (_, tags) => {
    expect(await violationsWith({ 'apps/leads': { ...sound['apps/leads'], tags } })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^apps\/leads\/package\.json/)]),
    );
  });

  it('finds an edge that only Nx sees', async () => {
    expect(await violationsWith({}, { 'apps/leads': ['@apollo/gateway'] })).toEqual([
      'apps/leads: depends on @apollo/gateway, which an app may not',
    ]);
  });

  it('reads every form of import', () => {
    expect(
      importsOf(
        "import a from 'a'; import type { B } from 'b'; export * from 'c'; await import('d'); require('e'); import f = require('f'); type G = import('g').G; import 'h';",
      ),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  it('judges a whole workspace through Nx, and ends with an error', async () => {
    const place = mkdtempSync(join(folder, 'nx-'));
    for (const [root, description] of Object.entries({ ...sound, ...importing('apps/leads', '@apollo/gateway') }))
      write(place, root, description);
    writeFileSync(
      join(place, 'package.json'),
      JSON.stringify({
        name: 'fixture',
        private: true,
        workspaces: ['apps/*', 'libs/*', 'tools/*'],
        devDependencies: { 'fast-check': '1' },
      }),
    );
    writeFileSync(
      join(place, 'package-lock.json'),
      JSON.stringify({ name: 'fixture', lockfileVersion: 3, packages: {} }),
    );
    writeFileSync(join(place, 'nx.json'), JSON.stringify({ analytics: false, neverConnectToCloud: true }));
    // Nx looks for itself in the workspace it judges.
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(place, 'node_modules'));
    const ended = await new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(import.meta.dirname, 'boundaries.mjs')],
        { cwd: place, timeout: 60_000 },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('an app may not import @apollo/gateway') });
    expect(ended.stdout).toMatch(/^7 projects/);
  }, 90_000);
});
