/**
 * How `npm run mutants` runs specs, in a copy of the sources. `mutants.run.json` beside this file says which, in which
 * order, and names the folder for what they reach, if that is asked for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import each from './jest.config.mjs';

const root = import.meta.dirname;
const mutants = join(root, 'tools/checks/src/mutants');
const { reachedFolder } = JSON.parse(readFileSync(join(root, 'mutants.run.json'), 'utf8'));

export default {
  ...each,
  testSequencer: join(mutants, 'given.order.sequencer.mjs'),
  projects: each.projects.map((project) => ({
    ...project,
    testEnvironment: join(mutants, 'mutant.environment.mjs'),
    testEnvironmentOptions: { reachedFolder },
  })),
};
