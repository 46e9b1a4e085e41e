import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/** Runs spec files in the order in which they are most likely to notice: the first that does is the last to run. */
export default class GivenOrder extends TestSequencer {
  /** @param {{ path: string }[]} tests */
  sort(tests) {
    const { specs } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../mutants.run.json'), 'utf8'));
    const place = ({ path }) => specs.findIndex((spec) => path.endsWith(`/${spec}`));
    return tests.toSorted((one, other) => place(one) - place(other));
  }
}
