import { existsSync } from 'node:fs';

/**
 * One project per tier, chosen by the suffix of the spec file:
 *   .unit.spec  no server, no network
 *   .int.spec   real Postgres, real NATS, one process
 *   .e2e.spec   the running system, every service its own process
 *
 * `npx jest libs/tenancy --selectProjects unit` narrows a run (the path comes first); NODE_OPTIONS must hold
 * --experimental-vm-modules, because everything here is an ES module (`npm test` sets it).
 */
const rootDir = import.meta.dirname;

/** The integration tier's servers are started by compiled code: `npx tsc -b` comes before `npx jest`. */
const globalSetup = `${rootDir}/libs/testing/dist/jest-global-setup.js`;
const e2eSetup = `${rootDir}/apps/system-tests/dist/e2e-global-setup.js`;
const globalTeardown = `${rootDir}/libs/testing/dist/jest-global-teardown.js`;

const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
      keepClassNames: true,
    },
    sourceMaps: true,
    swcrc: false,
  },
];

const common = {
  rootDir,
  roots: ['apps', 'libs', 'tools'].map((folder) => `${rootDir}/${folder}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  transform: { '\\.ts$': swc },
  moduleNameMapper: {
    // Specs run against sources, so a spec never passes on a stale build.
    '^@apollo/tenancy/(nest|postgres)$': '<rootDir>/libs/tenancy/src/$1/index.ts',
    '^@apollo/service-kit/process$': '<rootDir>/libs/service-kit/src/process/index.ts',
    '^@apollo/(contracts|messaging|servers|service-kit|tenancy|testing|work)$': '<rootDir>/libs/$1/src/index.ts',
    '^@apollo/(dev|operate)$': '<rootDir>/tools/$1/src/index.ts',
    '^fast-check$': '<rootDir>/tools/checks/src/seeded.fast-check.mjs',
    '^fast-check/itself$': '<rootDir>/node_modules/fast-check/lib/fast-check.js',
    // nodenext sources import './x.js' where the file is x.ts; packages really have x.js, so that is tried first.
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
  },
  modulePathIgnorePatterns: ['<rootDir>/(apps|libs|tools)/[^/]+/dist/'],
};

/** @param {string} tier the middle suffix @param {object} extra */
const project = (tier, extra) => ({
  ...common,
  displayName: tier,
  testMatch: ['ts', 'js', 'mjs'].map((extension) => `<rootDir>/{apps,libs,tools}/*/src/**/*.${tier}.spec.${extension}`),
  ...extra,
});

export default {
  // Jest heeds this one only; a project's own testTimeout is ignored.
  testTimeout: 120_000,
  testSequencer: `${rootDir}/tools/checks/src/slow.first.sequencer.mjs`,
  projects: [
    project('unit', {}),
    project('int', existsSync(globalSetup) ? { globalSetup, globalTeardown } : {}),
    project(
      'e2e',
      existsSync(e2eSetup)
        ? { globalSetup: e2eSetup, globalTeardown: `${rootDir}/apps/system-tests/dist/e2e-global-teardown.js` }
        : {},
    ),
  ],
};
